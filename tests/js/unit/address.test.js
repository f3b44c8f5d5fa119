import assert from "node:assert/strict";
import { test } from "node:test";
import { blanks, level, start, withParameters } from "../../../assets/stepper/pure/address.js";

const panels = [
  { id: "f", name: "f", units: 8 },
  { id: "x", name: "x", units: 10 },
];
/** @type {any} */
const reading = { length: 5, layers: [{ units: 8 }], panels };

test("an address opens its place", () => {
  const place = start("?step=4&unit=7&dim=9&array=f", reading, { step: 1, array: "x" });
  assert.deepEqual(place, { step: 4, unit: 7, dim: 9, array: "f", bad: [] });
});

test("what it does not say is as given", () => {
  assert.deepEqual(start("", reading, { step: 1, array: "x" }), { step: 1, array: "x", bad: [] });
  assert.deepEqual(start("?level=all", reading, null), { bad: [] });
});

for (const [asked, told] of [
  ["?step=5", "step=5"],
  ["?step=-1", "step=-1"],
  ["?step=", "step="],
  ["?unit=1e2", "unit=1e2"],
  ["?out=0", "out=0"],
  ["?array=nowhere", "array=nowhere"],
  [`?unit=${"9".repeat(5000)}`, `unit=${"9".repeat(20)}`],
]) {
  test(`what is asked in vain is told: ${asked.slice(0, 20)}`, () => {
    assert.deepEqual(start(asked, reading, { step: 2 }), { step: 2, bad: [told] });
  });
}

test("levels and blanks", () => {
  assert.equal(level("?level=inside"), "inside");
  assert.equal(level(""), null);
  assert.deepEqual(blanks("?blank=f,%20c,,"), ["f", "c"]);
  assert.deepEqual(blanks(""), []);
});

test("parameters are set, and taken away", () => {
  const url = withParameters("http://x/?text=a&step=3&room=ABC", { step: 0, text: null, dim: undefined, unit: 2 });
  assert.equal(url.search, "?step=0&room=ABC&unit=2");
});
