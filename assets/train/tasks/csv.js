// A table pasted as CSV: cells between commas, semicolons or tabs, quoted or not, with a decimal point or comma.

/** @typedef {{names: string[], rows: number[][]}} Table */

const CHARACTERS = 500_000;
const COLUMNS = 16;
const DECIMALS = /^[-+−]?(\d+[.,]?\d*|[.,]\d+)(e[-+]?\d+)?$/i;

/** @type {(text: string) => string} a piece of what was pasted, in a sentence */
const quoted = (text) => `“${[...text].slice(0, 20).join("")}${[...text].length > 20 ? "…" : ""}”`;

/**
 * Cells (RFC 4180) without the blanks around them; rows without any are left out.
 * @param {string} text
 * @param {string} separator
 */
function cells(text, separator) {
  /** @type {string[][]} */
  const rows = [[""]];
  let inside = false;
  for (let k = 0; k < text.length; k += 1) {
    const row = rows[rows.length - 1];
    const letter = text[k];
    if (inside && letter === '"' && text[k + 1] === '"') {
      row[row.length - 1] += '"';
      k += 1;
    } else if (letter === '"' && (inside || row[row.length - 1].trim() === "")) inside = !inside;
    else if (inside) row[row.length - 1] += letter;
    else if (letter === separator) row.push("");
    else if (letter === "\n") rows.push([""]);
    else row[row.length - 1] += letter;
  }
  return rows.map((row) => row.map((cell) => cell.trim())).filter((row) => row.some(Boolean));
}

/**
 * What stands between the cells: a tab or semicolon if the first line has one (a comma is then decimal), else a comma.
 * @param {string} text
 */
function separatorOf(text) {
  const first = text.split("\n", 1)[0].replace(/"[^"]*"/g, "");
  return first.includes("\t") ? "\t" : first.includes(";") ? ";" : ",";
}

/** @param {string} cell NaN for what is no number */
const number = (cell) => (DECIMALS.test(cell) ? Number(cell.replace("−", "-").replace(",", ".")) : NaN);

/**
 * The numbers of a table and the names of its columns, or why they cannot be used.
 * @param {string} pasted
 * @returns {Table | {error: string}}
 */
export function tableOf(pasted) {
  if (pasted.length > CHARACTERS)
    return { error: `The table has more than ${CHARACTERS.toLocaleString("en")} characters. Paste fewer rows.` };
  const text = pasted.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n").replace(/^\s*\n/, "");
  const separator = separatorOf(text);
  const all = cells(text, separator);
  if (!all.length) return { error: "The table is empty." };
  const width = all[0].length;
  if (width > COLUMNS) return { error: `The table has ${width} columns. At most ${COLUMNS} can be used.` };
  const headed = all[0].some((cell) => cell !== "" && Number.isNaN(number(cell)) && !/^(nan|n\/?a|-)$/i.test(cell));
  const names = Array.from({ length: width }, (_, k) => (headed && all[0][k]) || `column ${k + 1}`);
  const body = all.slice(Number(headed));
  const numbers = body.flat().filter((cell) => !Number.isNaN(number(cell)));
  if (!numbers.length) return { error: "The table has no numbers." };
  for (const [n, row] of body.entries()) {
    const told = `Row ${n + 1 + Number(headed)}`;
    if (row.length !== width) return { error: `${told} has ${row.length} cells, the first row has ${width}.` };
    const wrong = row.findIndex((cell) => !Number.isFinite(number(cell)));
    if (wrong >= 0) return { error: `${told}, column ${quoted(names[wrong])}: ${why(row[wrong])}` };
    const unclear = separator === "," ? row.find((cell) => /,\d{3}$/.test(cell)) : undefined;
    if (unclear) return { error: `${told}: ${quoted(unclear)} may mean two numbers. Write it without the comma.` };
  }
  return { names, rows: body.map((row) => row.map(number)) };
}

/** @param {string} cell */
function why(cell) {
  if (!cell) return "the cell is empty. Fill it in or leave the row out.";
  if (!Number.isNaN(number(cell))) return `${quoted(cell)} is too large a number.`;
  return `${quoted(cell)} is not a number. Leave out rows and columns that have none.`;
}
