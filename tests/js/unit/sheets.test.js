// Random sheets of By hand worked out, written and checked in the browser's way: line by line as the core does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checked } from "../../../assets/stepper/pure/checked.js";
import { unrolled } from "../../../assets/stepper/pure/plan.js";
import { shown, written } from "../../../assets/stepper/pure/written.js";
import { sheets } from "./core.js";

/** @param {any} sheet */
function solved(sheet) {
  /** @param {number[] | null} numbers */
  const row = (numbers) => numbers && Float64Array.from(numbers);
  const { units, size } = sheet;
  const names = ["weight_ih", "weight_hh", "bias_ih", "bias_hh", "peephole"];
  const weights = Object.fromEntries(names.map((name) => [name, row(sheet[name])]));
  const given = /** @type {any} */ ({ units, size, ...weights });
  return unrolled(sheet.lines, given, Float64Array.from(sheet.x), sheet.starts);
}

test("every line has the core's numbers, text and result", () => {
  assert.ok(sheets.length >= 50);
  for (const sheet of sheets) {
    const { rows, source } = solved(sheet);
    const { digits, two, units } = sheet;
    const plans = Object.fromEntries(sheet.lines.map((/** @type {any} */ line) => [line.name, line.plan]));
    for (const { name, step, unit, value, numbers, result } of sheet.worked) {
      const ours = rows[name][step * units + unit];
      assert.ok(Math.abs(ours - value) <= 1e-12 * Math.max(1, Math.abs(value)), `${name}: ${ours}, ${value}`);
      assert.equal(written(plans[name], { source, step, unit, digits, two }), numbers);
      assert.equal(shown(ours, digits), result);
    }
  }
});

test("every answer is the core's", () => {
  for (const sheet of sheets) {
    for (const { value, answers } of sheet.worked) {
      for (const [said, verdict, digits] of answers) {
        const found = checked(said, value);
        assert.deepEqual([said, found.verdict, found.digits], [said, verdict, verdict === "unread" ? 0 : digits]);
      }
    }
  }
});
