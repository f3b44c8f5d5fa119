// Every number of every variant, as the table shows it: what is written is multiplied and added up here, and gives the
// value that the core computed, to the last digit shown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { curve, symbol } from "../../../assets/stepper/pure/activations.js";
import { concealed, worked } from "../../../assets/stepper/pure/arithmetic.js";
import { reading } from "../../../assets/stepper/pure/arrays.js";
import { open } from "../../../assets/stepper/pure/cell.js";
import { arrays } from "../../../assets/stepper/pure/plan.js";
import { variants } from "./core.js";

const HALF = 0.5e-3 + 1e-9; // of the last digit
const NAMES = new Set(Array.from(JSON.stringify(variants).matchAll(/"apply","([^"]+)"/g), ([, name]) => name));
NAMES.delete("softmax");
/** @type {Record<string, (a: number) => number>} */
const BY_SYMBOL = Object.fromEntries(Array.from(NAMES, (name) => [symbol(name), curve(name)]));

/** @param {string} text */
const number = (text) => Number(text.replace(/^\((.*)\)$/, "$1").replaceAll("−", "-"));

/** @param {string} text a product as it is written: 0.82 · (−0.56), (1 − 0.26) · 0.5, 0.47 · tanh(0.12) */
function evaluated(text) {
  return text.split(" · ").reduce((product, factor) => {
    const rest = /^\(?1 − ([\d.]+|\([−\d.]+\))\)?$/.exec(factor);
    const applied = /^([^(]+)\(([−\d.]+)\)$/.exec(factor);
    if (rest) return product * (1 - number(rest[1]));
    return product * (applied ? BY_SYMBOL[applied[1]](number(applied[2])) : number(factor));
  }, 1);
}

/** @param {(import("../../../assets/stepper/pure/rows.js").Row | undefined)[]} rows */
const sum = (rows) => rows.reduce((total, row) => total + Number(row?.value?.toFixed(row.digits) ?? 0), 0);

/** @param {import("../../../assets/stepper/pure/rows.js").Row[]} rows */
function addsUp(rows) {
  for (const { part, text, value } of rows) {
    if (!text || value === null || !["share", "group", "product"].includes(part)) continue;
    assert.ok(Math.abs(evaluated(text) - Number(value.toFixed(3))) <= HALF, `${text} = ${value}`);
  }
  const groups = rows.filter(({ part }) => part === "group" || part === "rounding");
  const pre = rows.find(({ part }) => part === "pre");
  if (pre) assert.ok(Math.abs(sum(groups) - sum([pre])) < 1e-8);
  else {
    const products = rows.filter(({ part }) => part === "product" || part === "rounding");
    assert.ok(Math.abs(sum(products) - sum([rows.at(-1)])) < 1e-8);
  }
  rows.forEach(({ part }, k) => {
    if (part !== "group" || rows[k + 1]?.part !== "share") return;
    const end = rows.findIndex((row, j) => j > k && !row.member);
    assert.ok(Math.abs(sum(rows.slice(k + 1, end)) - sum([rows[k]])) < 1e-8);
  });
}

for (const { name, body } of variants) {
  test(name, () => {
    const read = reading(body);
    const [layer] = read.layers;
    const cell = open(layer);
    for (const array of Object.keys(cell.lines)) {
      for (const [step, unit] of [
        [0, 0],
        [2, 1],
        [5, 3],
      ]) {
        const found = cell.explain(array, step, unit);
        assert.notEqual(found.kind, "written");
        if (found.kind === "written") continue;
        const given = found.kind === "sum" ? found.a : found.products.reduce((total, p) => total + p.value, 0);
        const value = found.kind === "blend" ? given : found.all ? found.value : curve(found.curve)(given);
        assert.ok(Math.abs(value - found.value) <= 2e-6 * Math.max(1, Math.abs(given)), `${array} ${step} ${unit}`);
        const at = {
          ...{ step, unit, tokens: read.tokens, letter: array, words: [], half: false, secret: () => false },
          open: new Set(step === 2 ? ["x", "h"] : []),
        };
        const shown = worked(found, at);
        addsUp(shown.rows);
        if (found.kind === "sum") {
          const own = shown.rows.filter((row) => row.part === "share" && row.label.startsWith("h"));
          const named = own.map((row) => row.from?.replace("from token ", "")).filter(Boolean);
          assert.ok(named.every((token) => Number(token) === step + (layer.inside?.turned ? 1 : -1)), `${named}`);
        }
        assert.equal(shown.rows.at(-1)?.value, found.value);
        const hidden = concealed(shown);
        assert.equal(hidden.rows.at(-1)?.value, null);
        assert.match(hidden.line, /= \?$/);
        assert.equal(hidden.plot, null);
      }
    }
  });
}

test("a factor that is to be filled in is not told", () => {
  const { body } = variants.find((/** @type {{name: string}} */ { name }) => name.startsWith("LSTM"));
  const read = reading(body);
  const cell = open(read.layers[0]);
  const at = { step: 3, unit: 1, tokens: read.tokens, letter: "c", words: [], half: false, open: new Set() };
  /** @param {import("../../../assets/stepper/types").Factor} factor */
  const secret = ({ array, goto }) => array === "i" && goto?.step === 3;
  const shown = worked(cell.explain("c", 3, 1), { ...at, secret });
  assert.match(shown.line, /\? · /);
  assert.ok(arrays(cell.lines.c.plan).includes("i"));
  assert.deepEqual(shown.rows.filter(({ part, value }) => part === "product" && value === null).length, 1);
});
