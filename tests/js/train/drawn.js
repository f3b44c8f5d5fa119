// What the trainer's tasks draw, measure and promise, as JSON for tests/tasks.py. OWN: the path of what is asked for.
import { readFileSync } from "node:fs";
import { Random } from "../../../assets/train/random.js";
import { TASKS, taskOf } from "../../../assets/train/tasks/index.js";

const { own, exact, sample, baselines, seeds } = JSON.parse(readFileSync(process.env.OWN ?? "", "utf-8"));

/** @param {Int32Array | Float64Array | null} array as base64 */
const packed = (array) =>
  array && { type: array instanceof Int32Array ? "<i4" : "<f8", data: Buffer.from(array.buffer).toString("base64") };

/** @param {import("../../../assets/train/types").Batch} batch */
const told = ({ T, B, ids, x, lengths, labels, targets }) => ({
  ...{ T, B },
  ...{ ids: packed(ids), x: packed(x), lengths: packed(lengths), labels: packed(labels), targets: packed(targets) },
});

/** Numbers with a seed, and a list of all that were given. */
class Recorder {
  constructor(seed) {
    this.random = new Random(seed);
    this.given = [];
    for (const name of ["uniform", "between", "integer", "normal"])
      this[name] = (...range) => {
        const found = this.random[name](...range);
        this.given.push(found);
        return found;
      };
  }
}

/** The task of a name, the reader's own included. */
function task(name) {
  const found = taskOf(name, own);
  if ("error" in found) throw new Error(found.error);
  return found;
}

function recorded(name, length, B) {
  const recorder = new Recorder(7);
  const batch = task(name).held(recorder, B, length);
  return { ...told(batch), given: packed(Float64Array.from(recorder.given)) };
}

/** Random outputs, some of them tied or at one half, and what `measure` makes of them. */
function measured(name) {
  const { held, length, outputs: K, measure } = task(name);
  const random = new Random(3);
  const batch = held(random, 200, Math.min(length, 6));
  const outputs = Float64Array.from({ length: batch.T * batch.B * K }, () => random.integer(0, 5) / 4);
  return { ...told(batch), outputs: packed(outputs), measured: measure(outputs, batch) };
}

function numbers(seed) {
  const [bits, unit, normal] = [new Random(seed), new Random(seed), new Random(seed)];
  return {
    seed,
    bits: Array.from({ length: 1000 }, () => bits.next()),
    unit: Array.from({ length: 1000 }, () => unit.uniform()),
    normal: packed(Float64Array.from({ length: 40_000 }, () => normal.normal())),
  };
}

const names = [...TASKS.keys(), "text", "table"];
console.log(
  JSON.stringify({
    numbers: seeds.map(numbers),
    exact: exact.map(([name, length]) => [name, length, recorded(name, length, 1000)]),
    sample: Object.fromEntries(
      sample.map(([name, length, B]) => [name, told(task(name).held(new Random(11), B, length))]),
    ),
    lengths: Object.fromEntries(
      ["words", "brackets"].map((name) => {
        const random = new Random(5);
        return [name, Array.from({ length: 4000 }, () => task(name).draw(random, 1, 30).T)];
      }),
    ),
    baselines: baselines.map(([name, length]) => [name, length, task(name).baselines(length)]),
    measured: Object.fromEntries(names.map((name) => [name, measured(name)])),
    labels: Object.fromEntries(names.map((name) => [name, task(name).labels])),
  }),
);
