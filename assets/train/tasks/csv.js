// A table pasted as CSV: cells between commas, semicolons or tabs, quoted or not, with a decimal point or comma.

import { counted } from "../../stepper/pure/numbers.js";
import { grouped } from "./batches.js";

/** @typedef {{names: string[], rows: number[][]}} Table */

const CHARACTERS = 500_000;
const COLUMNS = 16;
const NAME = 40; // characters of a column's name that are kept
const DECIMALS = /^[-+−]?(\d+[.,]?\d*|[.,]\d+)(e[-+]?\d+)?$/i;

/** @type {(text: string) => string} a piece of what was pasted, in a sentence */
const quoted = (text) => `“${[...text].slice(0, 20).join("")}${[...text].length > 20 ? "…" : ""}”`;

/**
 * Cells (RFC 4180) without the blanks around them, but for empty rows; null where a quotation mark is not closed.
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
  return inside ? null : rows.map((row) => row.map((cell) => cell.trim())).filter((row) => row.some(Boolean));
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
    return { error: `The table has more than ${grouped(CHARACTERS)} characters. Paste fewer rows.` };
  const text = pasted.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n").replace(/^\s*\n/, "");
  const separator = separatorOf(text);
  const all = cells(text, separator);
  if (!all) return { error: "A quotation mark in the table is not closed." };
  if (!all.length) return { error: "The table is empty." };
  const width = all[0].length;
  if (width > COLUMNS) return { error: `The table has ${width} columns. At most ${COLUMNS} can be used.` };
  const headed = all[0].some((cell) => cell !== "" && Number.isNaN(number(cell)) && !/^(nan|n\/?a|-)$/i.test(cell));
  const names = all[0].map((cell, k) => (headed && [...cell].slice(0, NAME).join("")) || `column ${k + 1}`);
  const body = all.slice(Number(headed));
  const numbers = body.flat().filter((cell) => !Number.isNaN(number(cell)));
  if (!numbers.length) return { error: "The table has no numbers." };
  for (const [n, row] of body.entries()) {
    const error = fault(row, names, separator);
    if (error) return { error: `Row ${n + 1 + Number(headed)}${error}` };
  }
  return { names, rows: body.map((row) => row.map(number)) };
}

/**
 * What is wrong with a row, as the end of a sentence; "" for nothing.
 * @param {string[]} row
 * @param {string[]} names
 * @param {string} separator
 */
function fault(row, names, separator) {
  if (row.length !== names.length) return ` has ${counted(row.length, "cell")}, the first row has ${names.length}.`;
  const wrong = row.findIndex((cell) => !Number.isFinite(number(cell)));
  const unclear = separator === "," ? row.findIndex((cell) => /,\d{3}$/.test(cell)) : -1; // 1,234 in quotation marks
  const place = wrong < 0 ? unclear : wrong;
  if (place < 0) return "";
  const cell = row[place];
  const told = `, column ${quoted(names[place])}: ${quoted(cell)}`;
  if (!cell) return `, column ${quoted(names[place])}: the cell is empty. Fill it in or leave the row out.`;
  if (wrong < 0) return `${told} may mean two numbers. Write it without the comma.`;
  if (!Number.isNaN(number(cell))) return `${told} is too large a number.`;
  return `${told} is not a number. Leave out rows and columns that have none.`;
}
