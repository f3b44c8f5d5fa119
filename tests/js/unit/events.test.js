import assert from "node:assert/strict";
import { test } from "node:test";
import { parser } from "../../../assets/stepper/pure/events.js";

/** @param {string[]} chunks */
function heard(...chunks) {
  /** @type {object[]} */
  const found = [];
  chunks.forEach(parser((block) => found.push(block)));
  return found;
}

const EVENT = "id: 7\nevent: state\ndata: {\ndata: }\n\n";

test("an event ends with an empty line", () => {
  assert.deepEqual(heard(EVENT), [{ id: "7", event: "state", data: "{\n}" }]);
  assert.deepEqual(heard(EVENT.slice(0, -1)), []);
});

test("lines end in CR, LF or both, and chunks anywhere", () => {
  const whole = heard(EVENT + EVENT);
  for (const end of ["\n", "\r", "\r\n"]) {
    const text = (EVENT + EVENT).replaceAll("\n", end);
    for (let cut = 0; cut <= text.length; cut += 1) {
      assert.deepEqual(heard(text.slice(0, cut), text.slice(cut)), whole, `${JSON.stringify(end)} at ${cut}`);
    }
    assert.deepEqual(heard(...text), whole);
  }
});

test("other ends of lines are characters of a text", () => {
  assert.deepEqual(heard("data: a\u2028b\u2029c\x85d\n\n"), [{ data: "a\u2028b\u2029c\x85d" }]);
});

test("comments and unknown fields are passed over", () => {
  assert.deepEqual(heard(": ping\n\nother: 1\nretry: 500\n\n"), [{ retry: "500" }]);
});

test("one space after the colon is no part of the value", () => {
  assert.deepEqual(heard("data:  a\n\ndata\n\n"), [{ data: " a" }, { data: "" }]);
});
