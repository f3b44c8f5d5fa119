// What the page says of the tasks, as JSON: assets/train/tasks.json is this, for the server.
import { OWN, TASKS } from "../../../assets/train/tasks/index.js";

const told = [...TASKS.values()].map((task) => ({
  ...{ name: task.name, title: task.title, about: task.about, words: task.words, inputs: task.inputs },
  ...{ outputs: task.outputs, readout: task.readout, labels: task.labels, figure: task.figure, probe: task.probe },
  ...{ length: task.length, shortest: task.shortest, longest: task.longest, called: task.called },
}));
const blank = { inputs: 0, outputs: 0, labels: [], probe: "" }; // they follow from the data
const own = OWN.map((task) => ({ ...task, ...blank, words: task.readout === "softmax" ? [] : null }));
console.log(JSON.stringify({ tasks: told, own }, null, 1));
