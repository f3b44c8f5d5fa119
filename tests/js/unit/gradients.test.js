// The way back of By hand's sheets: each number on the drawing is one that was sent, each sum one of an array, each
// line at its place.
import assert from "node:assert/strict";
import { test } from "node:test";
import { path, reading } from "../../../assets/stepper/pure/arrays.js";
import { open } from "../../../assets/stepper/pure/cell.js";
import { after, drawing, spoken } from "../../../assets/stepper/pure/gradients.js";
import { formulas, linesAt } from "../../../assets/stepper/pure/solved.js";
import { wiring } from "../../../assets/stepper/pure/wiring.js";
import { passes } from "./core.js";

for (const { name, loss, body } of passes) {
  const { layers, length } = reading(body);
  const [layer] = layers;
  const cell = open(layer);
  if (loss === "none") {
    test(`${name}: there is no way back`, () => assert.deepEqual([layer.back, cell.back], [null, []]));
    continue;
  }
  const flows = layer.back?.flows ?? {};
  const order = cell.back.map((stage) => stage.name);

  test(`${name}: the drawing's numbers, strips and sums`, () => {
    const { marks, sums, moved } = drawing(layer.cell, cell);
    const strips = wiring(layer.cell, cell, () => "").strips.map(([, id]) => id);
    for (const id of [...marks.map(([mark]) => mark), ...strips]) {
      assert.equal(flows[id]?.told.length, flows[id]?.values.length, id);
      assert.equal(flows[id].values.length % length, 0, id);
      assert.ok(["", ...order].includes(after(id, cell)), id);
      assert.doesNotMatch(spoken(id, cell), /undefined|^from *$/, id);
      assert.notEqual(spoken(id, cell), "", id);
    }
    for (const [array] of sums) assert.ok(array.replace("_before", "") in cell.byName, array);
    for (const id of Object.keys(moved)) assert.ok(strips.includes(id), id);
    const feet = marks.map(([, x, y]) => `${x} ${y}`);
    assert.deepEqual(feet, [...new Set(feet)]); // no two in one place
  });

  test(`${name}: h gets from the loss and from the step after`, () => {
    const { own, h_after: late } = flows;
    const sum = own.values.map((v, k) => v + late.values[k]);
    sum.forEach((v, k) => assert.ok(Math.abs(v - cell.byName.d_h.values[k]) <= 1e-6 * Math.max(1, Math.abs(v))));
  });

  test(`${name}: lines and formulas`, () => {
    assert.equal(order.at(-1), "d_x");
    for (const panel of layer.panels.filter((each) => each.back)) {
      for (let t = 0; t < length; t += 1) {
        for (let k = 0; k < panel.units; k += 1) {
          const lines = linesAt(panel, t, k);
          const initial = t === 0 && ["d_h", "d_c"].includes(panel.name);
          assert.equal(lines.length, initial ? 2 : 1, `${panel.name} ${t} ${k}`);
          assert.equal(lines[0].result, panel.told?.[t * panel.units + k]);
        }
      }
    }
    const gave = formulas(cell, true, length - 1).map(({ panel }) => panel.name);
    assert.deepEqual([...new Set(gave)], order);
  });
}

test("a line on the way back hides its risers on the left, where it is covered", () => {
  const at = (/** @type {number} */ k) => [0, 1][k];
  assert.equal(path(2, at, 0, 1), "M3 100H103L103 0H200");
  assert.equal(path(2, at, 0, 1, true), "M0 100H97L97 0H197");
});
