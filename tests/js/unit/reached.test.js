import assert from "node:assert/strict";
import { test } from "node:test";
import { figured, learned, reached, spread } from "../../../assets/train/reached.js";

/** @param {[number, number, number][][]} scores @param {number} updates */
const snapshot = (updates, ...scores) =>
  /** @type {any} */ ({ updates, figure: "accuracy", networks: scores.map((each) => ({ scores: each })) });
const TEXT = "{count} seeds: {lowest} to {highest}";

test("what counts is measured by the last update that counts", () => {
  const run = snapshot(900, [[0, 0.5, 1], [775, 0.6, 1], [800, 0.7, 1], [825, 0.9, 1]]);
  assert.deepEqual(reached(run, 800), { scores: [0.7], figure: "70\u202f%", updates: 800, done: true });
  assert.deepEqual(reached(run, Infinity), { scores: [0.9], figure: "90\u202f%", updates: 825, done: false });
  assert.equal(reached(snapshot(30, [[0, 0.5, 1]], [[0, 0.25, 1], [25, 1, 1]]), 800).figure, "50\u202f% / 100\u202f%");
});

test("nearly all is not all", () => {
  assert.equal(figured(0.997, "accuracy"), "99.7\u202f%");
  assert.equal(figured(1, "accuracy"), "100\u202f%");
  assert.equal(figured(0.01234, "error"), "0.012");
});

test("a spread is that of finished runs, of two at least", () => {
  const [low, high] = [0.55, 1].map((score) => reached(snapshot(800, [[800, score, 1]]), 800));
  const on = reached(snapshot(100, [[100, 0.1, 1]]), 800);
  assert.equal(spread([low, on], "accuracy", TEXT), "");
  assert.equal(spread([low, on, high], "accuracy", TEXT), "2 seeds: 55\u202f% to 100\u202f%");
});

test("a task is learned by a network that does not err in three tests running", () => {
  const good = [[0, 0.5, 1], [25, 1, 1], [50, 0.998, 1], [75, 1, 1]];
  assert.deepEqual(learned(snapshot(75, good)), [true]);
  assert.deepEqual(learned(snapshot(75, good, [...good.slice(0, 3), [75, 0.99, 1]])), [true, false]);
  assert.deepEqual(learned(snapshot(50, good.slice(1))), [false]); // the first test is before any update
  assert.deepEqual(learned({ ...snapshot(75, good), figure: "error" }), [false]);
});
