import assert from "node:assert/strict";
import { test } from "node:test";
import { loop } from "../../../assets/train/loop.js";
import { Session } from "../../../assets/train/session.js";
import { body } from "../../../assets/train/view/body.js";
import { floats } from "../../../assets/stepper/pure/arrays.js";

const LINE = "the cat sat on the mat, the dog lay by the log.\n";
const TABLE = Array.from({ length: 60 }, (_, n) => `${n % 7},${n % 3},${(n * n) % 11}`).join("\n");

/** @param {object} more @returns {import("../../../assets/train/types").Setup} */
function setup(more) {
  const shape = { inputs: 0, outputs: 0, readout: /** @type {const} */ ("softmax") };
  const fixed = /** @type {const} */ ({ cell: "lstm", units: 3, layers: 1, reset: "after", keep: "z" });
  const network = {
    ...{ name: "first", title: "LSTM, 3 units" },
    architecture: { ...fixed, ...shape },
    initial: { weights: /** @type {const} */ ("torch"), forget_bias: 1, update_bias: null },
    descent: { optimiser: /** @type {const} */ ("adam"), rate: 0.03, clip: 1, decay: 0, truncate: 0 },
  };
  return { task: "text", data: {}, length: 30, batch: 4, seed: 1, probe: "", networks: [network], ...more };
}

test("a network gets the shapes of the reader's own data, which the set-up does not know", () => {
  const session = new Session(setup({ data: { text: LINE.repeat(20) } }));
  session.run(() => false, 30);
  const { words, labels, usual, tokens, networks, baselines } = session.snapshot();
  assert.deepEqual(words, labels);
  assert.equal(tokens.length, [...usual].length);
  assert.equal(networks[0].weights?.["cell.weight_ih_l0"].length, 12 * (words ?? []).length);
  assert.equal(networks[0].probe?.outputs.length, tokens.length * labels.length);
  assert.ok(networks[0].scores.at(-1)?.[1] > baselines[0].score);
});

test("a length that the data do not allow is the longest that they do", () => {
  const session = new Session(setup({ data: { text: LINE.repeat(9) } }));
  assert.ok(session.length < 30);
  assert.equal(session.snapshot().length, session.length);
  assert.equal(new Session(setup({ data: { text: LINE.repeat(40) } })).length, 30);
});

test("the stepper is given the names and sizes of what is read and said", () => {
  const session = new Session(setup({ task: "table", data: { table: TABLE }, length: 5 }));
  const panel = (/** @type {string} */ name) => ({ name, names: [], units: 0, values: "" });
  const inside = { fixed: {}, size: 0, inputs: [], input: { names: null }, x: "", h0: "" };
  const layer = { panels: ["i", "f", "g", "o", "c", "h", "p"].map(panel), positive: null, inside };
  const template = /** @type {any} */ ({ id: "one", tokens: [], known: [], layers: [layer] });
  const found = /** @type {any} */ (body(template, session.snapshot()));
  const made = found.layers[0];
  assert.equal(made.inside.size, 2);
  assert.equal(floats(made.inside.x).length, 2 * found.tokens.length);
  assert.deepEqual(made.panels.at(-1).names, ["column 3"]);
  assert.equal(made.panels.at(-1).units, 1);
  assert.equal(floats(made.panels[0].values).length, 3 * found.tokens.length);
});

test("data that cannot be used are refused with a sentence, and the training before is gone", (t) => {
  const { MessageChannel } = globalThis;
  t.after(() => (globalThis.MessageChannel = MessageChannel));
  globalThis.MessageChannel = /** @type {any} */ (
    class extends MessageChannel {
      constructor() {
        super();
        t.after(() => this.port1.close()); // an open one keeps node waiting
      }
    }
  );
  /** @type {import("../../../assets/train/types").Said[]} */
  const said = [];
  const tell = loop((one) => said.push(one));
  tell({ act: "open", value: setup({ data: { text: LINE.repeat(20) } }) });
  assert.equal(said.at(-1)?.kind, "snapshot");
  tell({ act: "open", value: setup({ data: { text: "short" } }) });
  assert.deepEqual(said.at(-1), { kind: "error", text: "The text has 5 characters. At least 400 are needed." });
  const count = said.length;
  tell({ act: "draw" });
  tell({ act: "step", value: 1 });
  assert.equal(said.length, count);
  tell({ act: "pause" });
});
