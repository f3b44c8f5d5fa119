import assert from "node:assert/strict";
import { test } from "node:test";
import { about, csv, own, tally } from "../../../assets/stepper/room/outcomes.js";

/** @param {string} name @param {string} cell */
const network = (name, cell, readout = "logistic") => ({
  ...{ name, title: `${cell.toUpperCase()}, 4 units`, architecture: { cell, readout } },
});
const TWO = /** @type {any} */ ({
  ...{ id: 1, title: "Parity", length: 4, updates: 1000, goal: 0.99 },
  networks: [network("first", "rnn"), network("second", "lstm")],
});
const ERROR = { ...TWO, goal: 0.067, networks: [network("first", "rnn", "linear")] };
/** @param {number[]} seeds @param {number} seats */
const told = (seats, ...seeds) => /** @type {any} */ ({ seats, networks: seeds.map((count) => ({ seeds: count })) });

test("seeds are counted in words", () => {
  assert.equal(tally(TWO, told(34, 31, 29)), "31 seeds of the RNN, 29 of the LSTM. 34 students have a seed.");
  assert.equal(tally(TWO, told(1, 1, 0)), "1 seed of the RNN, 0 of the LSTM. 1 student has a seed.");
  assert.equal(tally(TWO, null), "0 seeds of the RNN, 0 of the LSTM. 0 students have a seed.");
  const same = { ...TWO, networks: [network("first", "rnn"), { ...network("second", "rnn"), title: "RNN, 9 units" }] };
  assert.equal(tally(same, told(2, 2, 1)), "2 seeds of RNN, 4 units, 1 of RNN, 9 units. 2 students have a seed.");
});

test("what everybody's browser does is said, the goal too", () => {
  const said = about(TWO, false);
  assert.match(said, /^Your browser trains 2 networks \(RNN, 4 units; LSTM, 4 units\) with a seed of its own, 1,0/);
  assert.match(said, / 1,000 updates each\. /);
  assert.match(said, /The goal is 99\u202f% right on held-out sequences\./);
  assert.match(about(ERROR, true), /^Each student’s browser trains a network \(RNN, 4 units\) with its own seed, 1,0/);
  assert.match(about(ERROR, true), /a squared error of at most 0\.067/);
});

test("a student's own figures are a sentence", () => {
  assert.equal(
    own(TWO, "second", { score: 0.995, needed: 1250, stopped: null }),
    "LSTM, 4 units: 99.5\u202f% right; goal reached after 1,250 updates.",
  );
  assert.equal(
    own(ERROR, "first", { score: 0.63456, needed: null, stopped: null }),
    "RNN, 4 units: squared error 0.63; the goal was not reached.",
  );
  assert.equal(own(TWO, "first", { score: null, needed: null, stopped: 37 }), "RNN, 4 units: diverged at update 37.");
});

test("a row a seed and network, and none for what is not there yet", () => {
  const seeds = [
    { seed: 7, networks: { first: [0.5, null, null], second: [1, 400, null] } },
    { seed: 9, networks: { first: [null, null, 37] } },
  ];
  const rows = csv(TWO, /** @type {any} */ ({ seeds })).split("\r\n");
  assert.deepEqual(rows.slice(1), ["7,first,rnn,0.5,,", "7,second,lstm,1,400,", "9,first,rnn,,,37", ""]);
});
