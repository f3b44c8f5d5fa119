// Small models reading random texts: the core's arrays in float64, as far as float32, in which they are packed, can
// tell.
import assert from "node:assert/strict";
import { test } from "node:test";
import { floats } from "../../../assets/stepper/pure/arrays.js";
import { MOST, read, reads, split } from "../../../assets/stepper/pure/compute.js";
import { close, doubles, models } from "./core.js";

for (const { name, body, readings } of models) {
  test(name, () => {
    const known = reads(body);
    assert.ok(known);
    for (const { text, tokens, arrays, shown, outputs, positive, hero } of readings) {
      const found = split(known, text);
      assert.deepEqual([found.strange, found.cut], [[], false]);
      const made = read(body, found.tokens);
      const [layer] = made.layers;
      assert.deepEqual(made.tokens, tokens);
      for (const panel of layer.panels) {
        const wanted = panel.name === "p" ? outputs : arrays[panel.name];
        close(floats(panel.values), doubles(wanted), 1e-7, `${text}: ${panel.name}`);
        // In float32, whose own rounding is the larger part: of 200 texts the furthest number was 1.1e-6 away.
        const app = shown?.[panel.name];
        if (app) close(floats(panel.values), doubles(app), 2e-6, `${text}: ${panel.name} in the app`);
      }
      close(floats(layer.inside?.x ?? ""), doubles(arrays.x), 0, `${text}: x`);
      assert.equal(layer.positive === null, positive === null);
      if (layer.positive !== null) close(floats(layer.positive), doubles(positive), 1e-7, `${text}: positive`);
      assert.deepEqual(made.hero, hero);
    }
  });
}

test("words that a model does not know are told, and long texts cut", () => {
  const known = { reads: "words", words: ["the", "film"], weight: "", bias: "" };
  const odd = split(known, "The FILM, the cat");
  assert.deepEqual(odd, { tokens: ["the", "film", ",", "the", "cat"], cut: false, strange: [",", "cat"] });
  const long = split(known, "film ".repeat(MOST + 1));
  assert.equal(long.tokens.length, MOST);
  assert.equal(long.cut, true);
  assert.deepEqual(split({ ...known, reads: "symbols" }, "((a ").tokens, ["(", "(", "a"]);
});
