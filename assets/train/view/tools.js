// What can be taken away from a training: its weights, the run, and the network itself, to the other pages.
import { button, element, save } from "../../stepper/view/element.js";
import { base64 } from "../../stepper/pure/arrays.js";
import { run, safetensors } from "../files.js";
import { unusable } from "../usable.js";

/**
 * @param {HTMLElement} place
 * @param {import("../types").Given} given
 * @param {() => import("../types").Snapshot | null} now
 * @param {((name: string, value: unknown) => void) | null} tell tells the server; null: there is none
 */
export function tools(place, { setup, words, own: unsent }, now, tell) {
  /** @type {(name: string, label: string, act: () => void) => HTMLButtonElement} */
  const tool = (name, label, act) => button({ class: "gt-plain", "data-testid": `trainer-${name}` }, label, act);
  const { networks, task } = setup;
  const weights = networks.map(({ title, architecture: { cell } }, k) => {
    const label = words["weights file"];
    return tool(`weights-${k + 1}`, networks.length > 1 ? `${label}: ${title}` : label, () => {
      const shown = now();
      const own = shown?.networks[k].weights;
      if (!own) return;
      const inputs = shown.words && { inputs: JSON.stringify(shown.words) };
      const bytes = safetensors(tensors(own), { cell, made_by: "Gatescope", ...inputs });
      save(`gatescope-${task}-${cell}.safetensors`, new Blob([bytes]));
    });
  });
  const json = tool("run", words["run file"], () => {
    const shown = now();
    if (shown) save("gatescope-run.json", new Blob([run(setup, shown)], { type: "application/json" }));
  });
  const uses = networks.map((network, k) => {
    const why = unusable(network.architecture, Boolean(unsent));
    const id = k ? `use-${k + 1}` : "use";
    if (why) return element("span", { class: "gt-said", "data-testid": `trainer-${id}-why` }, words[`use ${why}`]);
    const made = tool(id, networks.length > 1 ? `${words.use}: ${network.title}` : words.use, () => {
      const shown = now();
      if (shown) tell?.("use", told(setup, shown, k));
    });
    made.title = words["use title"];
    return made;
  });
  place.replaceChildren(...[...(tell ? uses : []), ...weights, json].flatMap((made) => [made, " "]));
}

/**
 * What the server is told of a network that is to go on: core/models/own.py.
 * @param {import("../types").Setup} setup
 * @param {import("../types").Snapshot} shown
 * @param {number} k which of the networks
 */
function told({ task, batch, seed, networks }, { updates, length, networks: courses }, k) {
  const { cell, units, reset } = networks[k].architecture;
  const accuracy = courses[k].scores.at(-1)?.[1] ?? 0;
  const weights = base64(safetensors(tensors(courses[k].weights ?? {})));
  return { task, cell, units, reset, seed, updates, batch, length, accuracy, weights };
}

/** @param {Record<string, import("../types").Floats>} own */
const tensors = (own) =>
  Object.fromEntries(Object.entries(own).map(([name, value]) => [name, { shape: shape(name, own), value }]));

/**
 * A matrix has as many rows as its bias has numbers, or where it has none, as an sLSTM's U, as that of W.
 * @param {string} name
 * @param {Record<string, import("../types").Floats>} own
 */
function shape(name, own) {
  const size = own[name].length;
  const beside = name.replace("weight", "bias");
  const bias = (own[beside] ?? own[beside.replace("_hh_", "_ih_")]).length;
  return name.includes("bias") ? [size] : [bias, size / bias];
}
