import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../assets/train/random.js";
import { OWN, TASKS, taskOf } from "../../../assets/train/tasks/index.js";

const TEXT = "the cat sat on the mat, the dog lay by the log.\n".repeat(20);
const TABLE = Array.from({ length: 60 }, (_, n) => `${n % 7},${(n * n) % 11}`).join("\n");

/** @param {string} name */
function task(name, own = { text: TEXT, table: TABLE }) {
  const found = taskOf(name, own);
  if ("error" in found) assert.fail(found.error);
  return found;
}
const NAMES = [...TASKS.keys(), ...OWN.map(({ name }) => name)];
const JUNK = ["", "   ", "\r\n", "😀😀😀", "\0", "1e999", "NaN", "<b>x</b>", "not a word".repeat(1e5), "0 ".repeat(501)];

/** @param {string} name @param {string} text the answers to a typed text */
function answered(name, text) {
  const { read, asked } = task(name);
  const batch = read(text);
  return batch && asked(batch, 0);
}

test("tasks by name, and a sentence for any other", () => {
  assert.deepEqual([...TASKS], [...TASKS.values()].map((one) => [one.name, one]));
  for (const name of NAMES) assert.equal(task(name).name, name);
  for (const { name, title } of OWN) assert.equal(task(name).title, title);
  for (const name of ["", "toString", "__proto__", "nothing"])
    assert.deepEqual(taskOf(name), { error: `There is no task “${name}”.` });
});

/** @typedef {import("../../../assets/train/types").Batch} Batch */

/** Whether a batch has the arrays that a task promises. @param {Batch} batch */
function shaped({ T, B, ids, x, lengths, labels, targets }, { words, inputs, readout }) {
  assert.ok(B === 5 && T === Math.max(...lengths) && Math.min(...lengths) > 0);
  assert.deepEqual([Boolean(ids), Boolean(x)], [Boolean(words), !words]);
  assert.deepEqual([Boolean(labels), Boolean(targets)], [readout === "softmax", readout !== "softmax"]);
  assert.equal((labels ?? targets)?.length, T * B);
  assert.equal((x ?? ids)?.length, x ? T * B * inputs : T * B);
}

/** Whether inputs and answers are possible ones; none behind a sequence's end. @param {Batch} batch */
function possible({ T, B, ids, x, lengths, labels, targets }, { inputs, outputs, readout }) {
  const within = Array.from({ length: T * B }, (_, place) => Math.floor(place / B) < lengths[place % B]);
  const answers = within.map((_, place) => (labels ? labels[place] : (targets?.[place] ?? NaN)));
  const asked = answers.map((answer) => answer !== -1 && !Number.isNaN(answer));
  const last = { softmax: outputs - 1, logistic: 1, linear: 1e9 }[readout];
  assert.ok(asked.filter(Boolean).length >= B);
  assert.ok(asked.every((one, place) => !one || within[place]));
  assert.ok(answers.every((answer, place) => !asked[place] || (answer >= (labels ? 0 : -last) && answer <= last)));
  assert.ok(ids?.every((id, place) => (within[place] ? id >= 0 && id < inputs : id === -1)) ?? true);
  assert.ok(x?.every(Number.isFinite) ?? true);
}

for (const name of NAMES)
  test(`${name}: batches have the shapes and values that the engine expects`, () => {
    const one = task(name);
    for (const make of [one.draw, one.held])
      for (const length of [one.shortest, one.length, one.longest]) {
        const batch = make(new Random(1), 5, length);
        assert.deepEqual(batch, make(new Random(1), 5, length)); // the same seed gives the same batch
        if (length > one.shortest) assert.notDeepEqual(batch, make(new Random(2), 5, length));
        shaped(batch, one);
        possible(batch, one);
        for (let b = 0; b < 5; b += 1) {
          const [read, right] = [one.tokens(batch, b), one.asked(batch, b)];
          assert.deepEqual([read.length, right.length], [batch.lengths[b], batch.lengths[b]]);
          assert.ok(read.every(Boolean) && right.some(Boolean));
        }
      }
  });

for (const name of NAMES)
  test(`${name}: lengths, labels, texts and baselines fit together`, () => {
    const { readout, outputs, inputs, words, labels, ...more } = task(name);
    const { shortest, length, longest, beyond, baselines } = more;
    assert.ok(shortest <= length && length <= longest);
    assert.equal(labels.length, readout === "logistic" ? 2 : outputs);
    assert.equal(words?.length ?? inputs, inputs);
    assert.ok([more.title, more.about, more.called].every(Boolean));
    for (const each of [shortest, length, longest]) {
      assert.ok(beyond(each).every((found, k, all) => found >= each - 1 && (!k || found > all[k - 1])));
      for (const { title, loss, score } of beyond(each).flatMap(baselines))
        assert.ok(title && loss >= 0 && Number.isFinite(loss) && score >= 0 && Number.isFinite(score));
    }
  });

for (const name of NAMES)
  test(`${name}: the probe is read, and junk is read or refused, never half read`, () => {
    const { probe, read, tokens, asked, measure, outputs } = task(name);
    const batch = read(probe);
    assert.ok(batch && batch.B === 1 && asked(batch, 0).some(Boolean));
    assert.equal(tokens(batch, 0).length, batch.T);
    assert.ok(measure(new Float64Array(batch.T * outputs).fill(0.4), batch).asked > 0);
    for (const text of JUNK) {
      const found = read(text);
      if (!found) continue;
      assert.ok(found.T > 0 && found.T <= 500 && found.lengths[0] === found.T);
      assert.ok(found.ids?.every((id) => id >= 0) ?? found.x?.every(Number.isFinite));
    }
    assert.equal(read(""), null);
    assert.equal(read("0 ".repeat(501)), null);
  });

test("what is right after each step of a typed text", () => {
  const [no, yes, none] = ["negative", "positive", "undecided"];
  assert.deepEqual(answered("words", "The film  was not GOOD but dull"), [none, none, none, none, no, no, no]);
  assert.deepEqual(answered("words", "not the bad"), [none, none, yes]);
  assert.deepEqual(answered("adding", "0.5* -0.3 −.8*"), ["", "", "−0.30"]);
  assert.deepEqual(answered("adding", "0.5* -0.3"), ["", ""]); // one mark: no sum is asked
  assert.deepEqual(answered("copying", "ab..>>>"), ["", "", "", "", "a", "b", ""]);
  assert.deepEqual(answered("parity", "01 10"), ["even", "odd", "even", "even"]);
  assert.deepEqual(answered("brackets", "([])["), [")", "]", ")", "nothing", "]"]);
  assert.deepEqual(answered("counting", "aabb"), ["a or b", "a or b", "b", "end"]);
  assert.deepEqual(answered("order", "EaYbXcB"), ["", "", "", "", "", "", "Y X"]);
  assert.deepEqual(answered("sine", "0.1 -0.2 1"), ["−0.20", "1.00", ""]);
  assert.deepEqual(answered("text", "a t\r\n😀"), ["␣", "t", "↵", "□", ""]);
});

test("generators of the same seed and name agree, all others differ", () => {
  const first = (/** @type {number} */ seed, /** @type {string} */ name) => Random.of(seed, name).next();
  assert.equal(first(3, "batches"), first(3, "batches"));
  const all = [0, 1, 2, 3].flatMap((seed) => ["", "a", "b", "ab", "ba", "batches"].map((name) => first(seed, name)));
  assert.equal(new Set(all).size, all.length);
});

test("what cannot be read is not read", () => {
  const cannot = { words: "the movie", adding: "0.5** 1", parity: "012", order: "EaZB", sine: "0.1, 0.2" };
  for (const [name, text] of Object.entries(cannot)) assert.equal(answered(name, text), null, name);
  for (const text of ["(]", "())", ")"]) assert.equal(answered("brackets", text), null);
  for (const text of ["ba", "aba", "b", "aabbb"]) assert.equal(answered("counting", text), null);
});
