// Every number of the cells after the LSTM, as the table shows it: worked out from the weights by the interpreter of
// plans it is the naive loop’s; what is written, worked out here, gives the value that is shown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { curve, symbol } from "../../../assets/stepper/pure/activations.js";
import { worked } from "../../../assets/stepper/pure/arithmetic.js";
import { reading } from "../../../assets/stepper/pure/arrays.js";
import { open } from "../../../assets/stepper/pure/cell.js";
import { wiring } from "../../../assets/stepper/pure/wiring.js";
import { close, doubles, successors } from "./core.js";

const HALF = 0.5e-3 + 1e-9; // of the last digit
const FUNCTIONS = ["sigmoid", "tanh", "exp", "softplus", "log_sigmoid", "positive"]
  .map((name) => ({ name, written: symbol(name) }))
  .sort((a, b) => b.written.length - a.written.length);
const CALLED = Object.fromEntries(FUNCTIONS.map(({ name }) => [name, curve(name)]));

/**
 * What is written, as JavaScript would say it.
 * @param {string} text "exp(log σ(0.21) + (−∞) − 0.3)", "0.5 / (0.5 + 0.3)"
 */
function evaluated(text) {
  let code = text.replaceAll("−", "-").replaceAll("·", "*").replaceAll(";", ",").replaceAll("∞", "Infinity");
  for (const { name, written } of FUNCTIONS) code = code.replaceAll(`${written}(`, `curves.${name}(`);
  code = code.replaceAll(/\bmax\(/g, "Math.max(");
  return Number(new Function("curves", `return ${code}`)(CALLED));
}

/**
 * The number that the equation gives, from the terms alone.
 * @param {import("../../../assets/stepper/types").Explained} found
 * @param {number} unit
 */
function computed(found, unit) {
  if (found.kind === "written") return found.worth(8);
  if (found.kind === "blend") return found.products.reduce((sum, { value }) => sum + value, 0);
  if (!found.all) return found.curve ? curve(found.curve)(found.a) : found.a;
  return Math.exp(found.all[unit]) / found.all.reduce((sum, a) => sum + Math.exp(a), 0);
}

for (const { name, kind, body, arrays } of successors) {
  const read = reading(body);
  const cell = open(read.layers[0]);
  const each = Object.keys(cell.lines);

  test(`${name}: the arrays are the naive loop’s`, () => {
    for (const array of each.filter((own) => own in arrays)) {
      const { values, units, gaps } = cell.byName[array];
      const wanted = doubles(arrays[array]);
      assert.equal(units, wanted.length / read.length);
      const known = Array.from(values).flatMap((value, k) => (gaps && Number.isNaN(value) ? [] : [k]));
      close(known.map((k) => values[k]), known.map((k) => wanted[k]), 1e-5, array);
    }
    assert.ok(each.filter((own) => own in arrays).length >= 2);
  });

  test(`${name}: the terms give the value, and what is written does`, () => {
    for (const array of each) {
      const { values, units, gaps, letter } = cell.byName[array];
      for (let step = 0; step < read.length; step += 1) {
        for (let unit = 0; unit < units; unit += 1) {
          const value = values[step * units + unit];
          if (gaps && unit > step) {
            assert.ok(Number.isNaN(value));
            continue;
          }
          const found = cell.explain(array, step, unit);
          const apart = Math.abs(computed(found, unit) - value);
          assert.ok(apart <= 4e-6 * Math.max(1, Math.abs(value)), `${array} ${step} ${unit}`);
          assert.equal(found.value, value);
          const at = {
            ...{ step, unit, tokens: read.tokens, letter, words: [], half: false, secret: () => false },
            open: new Set(step === 2 ? ["x", "h", "score"] : []),
          };
          const { rows, line } = worked(found, at);
          const last = rows[rows.length - 1];
          assert.equal(last.value, value);
          const lack = rows.filter(({ part }) => part === "float").reduce((sum, row) => sum + (row.value ?? 0), 0);
          const shown = last.text.startsWith("e^") ? last.text.split(" = ")[1] : last.text;
          const short = Number(value.toFixed(3));
          if (shown) assert.ok(Math.abs(evaluated(shown) + lack - short) <= HALF, `${array}: ${line}`);
          else if (found.kind !== "written") {
            const sums = rows.filter(({ part }) => ["group", "product", "rounding"].includes(part));
            const sum = sums.reduce((all, row) => all + Number((row.value ?? 0).toFixed(3)), 0);
            assert.ok(Math.abs(sum - short) < 1e-8, `${array}: ${line}`);
          }
          for (const { part, text, value: share } of rows) {
            if (!text || !["share", "group", "product"].includes(part)) continue;
            assert.ok(Math.abs(evaluated(text) - Number(share?.toFixed(3))) <= HALF, `${text} = ${share}`);
          }
          assert.match(line, /[\d∞]$/);
        }
      }
    }
  });

  test(`${name}: every click leads to a number that is there`, () => {
    for (const array of each) {
      const found = cell.explain(array, 3, 1);
      const factors = found.kind === "blend" ? found.products.flatMap((p) => p.factors) : [];
      const parts = found.kind === "written" ? found.parts : factors;
      const members = found.kind === "sum" ? found.groups.flatMap((group) => group.members) : [];
      for (const { goto } of [...parts, ...members]) {
        if (!goto) continue;
        const panel = read.panels.find(({ id }) => id === goto.array);
        assert.ok(panel && Number.isFinite(panel.at(goto.step, goto.unit)), `${array} → ${goto.array}`);
      }
    }
  });

  test(`${name}: the diagram’s vectors are there, of its size, and each array has a place in it`, () => {
    const { strips, nodes, wires } = wiring(kind, cell, symbol);
    for (const [stage, id] of strips) {
      const vector = cell.vector(id, 2);
      assert.ok(vector.length > 0 && vector.some((value) => !Number.isNaN(value)), id);
      assert.ok(stage === "start" || stage in cell.lines, stage);
      if (id.endsWith("*")) assert.equal(vector.filter((value) => !Number.isNaN(value)).length, 3 * cell.units);
    }
    for (const array of each) {
      assert.ok(strips.some(([, id]) => id === array), `${array} has no strip`);
      assert.ok([...nodes, ...wires].some(([stage]) => stage === array), `${array} has no node`);
    }
  });
}
