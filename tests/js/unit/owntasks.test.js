import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../assets/train/random.js";
import { taskOf } from "../../../assets/train/tasks/index.js";

/** @param {string} name @param {string} given */
function task(name, given) {
  const found = taskOf(name, { [name]: given });
  if ("error" in found) assert.fail(found.error);
  return found;
}

/** @param {string} name @param {string} given */
function fault(name, given) {
  const found = taskOf(name, { [name]: given });
  return "error" in found ? found.error : assert.fail("it was taken");
}

/** @param {number} count @param {(n: number) => (string | number)[]} row */
const lines = (count, row, between = ",", end = "\n") =>
  Array.from({ length: count }, (_, n) => row(n).join(between)).join(end);
const plain = lines(60, (n) => [n % 7, (n * n) % 11]);

test("a text that cannot be used is refused with a sentence", () => {
  assert.equal(fault("text", ""), "The text has 0 characters. At least 400 are needed.");
  assert.equal(fault("text", "too short"), "The text has 9 characters. At least 400 are needed.");
  assert.equal(fault("text", "a".repeat(500)), "The text repeats one character: there is nothing to learn.");
  assert.equal(fault("text", "ab".repeat(10_001)), "The text has 20,002 bytes. At most 20,000 can be used.");
  assert.equal(fault("text", "ab".repeat(5e6)), "The text has 10,000,000 bytes. At most 20,000 can be used.");
  assert.match(fault("text", "😀😃".repeat(3000)), /24,000 bytes/);
  task("text", "ab".repeat(10_000));
});

test("a text's characters: 63 at most, the rest as one", () => {
  const many = Array.from({ length: 3000 }, (_, n) => String.fromCodePoint(0x1f600 + ((n * n) % 79))).join("");
  const { words } = task("text", many);
  assert.ok(words && words.length <= 64 && words.at(-1) === "□" && new Set(words).size === words.length);
  const emoji = task("text", "😀😃 👍🏽\r\n".repeat(80));
  assert.deepEqual(emoji.words?.toSorted(), ["␣", "↵", "□", "😀", "😃", "👍", "🏽"].toSorted());
  const lone = task("text", "a\ud800b ".repeat(200));
  assert.equal(lone.words?.length, 5);
});

test("training reads the first nine tenths of a text, measuring the rest", () => {
  const { draw, held, about, longest, words } = task("text", "ab".repeat(450) + "cd".repeat(50));
  assert.ok(about.includes("first 900 characters") && about.includes("last 100"));
  assert.deepEqual(words, ["a", "b", "□"]);
  const [trained, measured] = [draw(new Random(1), 200, longest), held(new Random(1), 200, longest)];
  assert.ok(trained.ids?.every((id) => id < 2) && trained.labels?.every((id) => id < 2));
  assert.ok(measured.ids?.every((id) => id === 2) && measured.labels?.every((id) => id === 2));
  for (const { ids, labels, T, B } of [trained]) // each label is the next character
    for (let place = 0; place < (T - 1) * B; place += 1) assert.equal(labels?.[place], ids?.[place + B]);
});

test("a table that cannot be used is refused with a sentence", () => {
  const row = (/** @type {string} */ last) => `a,b\n${plain}\n${last}`;
  const far = "The table has numbers that are too large, or too far from the others, to compute with.";
  const faults = {
    "": "The table is empty.",
    " \r\n\r\n": "The table is empty.",
    "a,b\nc,d": "The table has no numbers.",
    "a,b": "The table has no numbers.",
    "😀\n😀": "The table has no numbers.",
    [`a,"b\n${plain}`]: "A quotation mark in the table is not closed.",
    "1,2\n3,4": "The table has 2 rows. At least 50 are needed.",
    "1": "The table has 1 row. At least 51 are needed.",
    [lines(60, () => Array(17).fill(1))]: "The table has 17 columns. At most 16 can be used.",
    [row("1")]: "Row 62 has 1 cell, the first row has 2.",
    [row("NaN,1")]: "Row 62, column “a”: “NaN” is not a number. Leave out rows and columns that have none.",
    [row("1,")]: "Row 62, column “b”: the cell is empty. Fill it in or leave the row out.",
    [row("1,1e999")]: "Row 62, column “b”: “1e999” is too large a number.",
    [row('1,"1,234"')]: "Row 62, column “b”: “1,234” may mean two numbers. Write it without the comma.",
    [lines(60, (n) => [n, 3])]: "“column 2” is the same in every row for training: there is nothing to learn.",
    [row("1,1e300")]: far,
    [lines(60, (n) => [n, `${n % 9}e307`])]: far,
    [lines(60, (n) => [`${n % 9}e200`, n])]: far,
    [lines(60, (n) => [n, n ? "x".repeat(30) : 0])]:
      "Row 2, column “column 2”: “xxxxxxxxxxxxxxxxxxxx…” is not a number. Leave out rows and columns that have none.",
    ["1,2\n".repeat(200_000)]: "The table has more than 500,000 characters. Paste fewer rows.",
  };
  for (const [given, error] of Object.entries(faults)) assert.equal(fault("table", given), error);
});

test("the same table in other spellings", () => {
  const numbers = (/** @type {number} */ n) => [(n % 7) + 0.5, ((n * n) % 11) - 0.25];
  const comma = (/** @type {number} */ n) => numbers(n).map((one) => String(one).replace(".", ","));
  const wanted = task("table", `x,y\n${lines(60, numbers)}`);
  const spellings = [
    `x;y\n${lines(60, comma, ";")}`,
    `x\ty\n${lines(60, comma, "\t")}`,
    `x;y\r\n${lines(60, numbers, ";", "\r\n")}\r\n\r\n`,
    `\uFEFF"x","y"\n${lines(60, (n) => numbers(n).map((one) => `"${one}"`))}`,
    `x, y\n\n${lines(60, (n) => comma(n).map((one) => ` "${one}" `))}`,
    `x,y\n${lines(60, (n) => numbers(n).map((one) => String(one).replace("-", "−")))}`,
    `x,y\r${lines(60, numbers, ",", "\r")}`,
  ];
  for (const given of spellings) {
    const found = task("table", given);
    assert.deepEqual(found.labels, ["y"]);
    assert.deepEqual(found.draw(new Random(1), 20, 10), wanted.draw(new Random(1), 20, 10));
    assert.deepEqual(found.baselines(10), wanted.baselines(10));
  }
  assert.deepEqual(task("table", lines(60, numbers)).labels, ["column 2"]);
  assert.deepEqual(task("table", `"a ""b"", c",d\n${plain}`).labels, ["d"]);
  assert.equal(task("table", `a,${"b".repeat(1000)}\n${plain}`).labels[0].length, 40);
  assert.deepEqual(task("table", `d,"a ""b"",\nc"\n${plain}`).labels, ['a "b",\nc']);
});

test("training reads the first four fifths of a table, in their own units; measuring the rest", () => {
  const { draw, held, about, longest, inputs } = task("table", lines(100, (n) => [n, n % 2, n < 80 ? n % 2 : 5]));
  assert.equal(inputs, 2);
  assert.ok(about.includes("first 80 rows") && about.includes("last 20"));
  const trained = draw(new Random(1), 500, longest);
  assert.ok(trained.targets?.every((one) => Math.abs(one) === 1)); // mean 0.5, deviation 0.5
  assert.ok(held(new Random(1), 50, longest).targets?.every((one) => one === 9));
  const scale = Math.sqrt(6399 / 12); // of 0 to 79
  const first = trained.x?.filter((_, k) => k % 2 === 0).map((one) => Math.round(one * scale + 39.5)) ?? [];
  assert.deepEqual([Math.min(...first), Math.max(...first)], [0, 79]);
});

test("of one column the next value is predicted, and the last value again is a baseline", () => {
  const walk = task("table", `price\n${lines(61, (n) => [Math.round(1e4 * Math.sin(n)) / 1e4])}`);
  assert.deepEqual([walk.inputs, walk.labels], [1, ["next price"]]);
  const { x, targets, T, B } = walk.held(new Random(1), 9, 8);
  for (let place = 0; place < (T - 1) * B; place += 1)
    assert.ok(Math.abs((targets?.[place] ?? NaN) - (x?.[place + B] ?? NaN)) < 0.05); // but for the scales
  assert.deepEqual(walk.baselines(8).map(({ title }) => title).at(-1), "The last value again");
  assert.equal(task("table", plain).baselines(8).length, 2);
  const read = walk.read("0.5 0.25");
  assert.ok(read);
  assert.deepEqual([walk.tokens(read, 0), walk.asked(read, 0)], [["0.5", "0.25"], ["0.25", ""]]);
});

test("rows that are typed are in the table's units", () => {
  const { read, tokens, asked, probe } = task("table", `x,y,z\n${lines(60, (n) => [n, n * n, n % 5])}`);
  const batch = read("1 -20 3; 4 5\n6 7 8;");
  assert.ok(batch);
  assert.deepEqual(tokens(batch, 0), ["1 −20", "4 5", "6 7"]);
  assert.deepEqual(asked(batch, 0), ["3", "", "8"]);
  assert.ok(probe.startsWith("48 2304 3; 49 2401 4"));
  for (const text of ["1", "1 2 3 4", "1 x", "1 1e999", "1,5 2"]) assert.equal(read(text), null);
});
