import assert from "node:assert/strict";
import { test } from "node:test";
import { TASKS } from "../../../assets/train/tasks/index.js";
import { unusable } from "../../../assets/train/usable.js";

/** @param {object} more @returns {any} */
const network = (more = {}) => ({ cell: "gru", layers: 1, keep: "z", readout: "softmax", ...more });

test("what reads words or letters can go on, what reads numbers cannot", () => {
  for (const { readout, words } of TASKS.values())
    assert.equal(unusable(network({ readout }), false), words ? "" : "numbers");
});

test("what else the other pages cannot show is told apart", () => {
  assert.equal(unusable(network(), true), "own");
  assert.equal(unusable(network({ layers: 2 }), false), "layers");
  for (const cell of ["mingru", "minlstm", "slstm"]) assert.equal(unusable(network({ cell }), false), "cell");
  assert.equal(unusable(network({ keep: "1-z" }), false), "keep");
  assert.equal(unusable(network({ cell: "lstm", keep: "1-z" }), false), "");
});
