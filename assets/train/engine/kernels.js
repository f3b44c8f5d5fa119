// The products of the engine. Arrays stand lane by lane: the number of row r, lane b at r * lanes + b. A lane is a
// sequence of the batch; lanes are filled up to a multiple of four. Four rows by four lanes are summed at once, in
// local numbers alone: a call that hands numbers over may have to put them into objects.

/** @typedef {import("../types").Floats} Floats */
/** @typedef {number} n to keep lines short: places and sizes */

/**
 * out += M x: out (rows, lanes) from place `to`, M (rows, inner) from `m`, x (inner, lanes) from `from`.
 * @param {Floats} out
 * @param {number} to
 * @param {Floats} M
 * @param {number} m
 * @param {Floats} x
 * @param {number} from
 * @param {number} rows
 * @param {number} inner
 * @param {number} lanes
 */
export function product(out, to, M, m, x, from, rows, inner, lanes) {
  let r = 0;
  for (; r + 3 < rows; r += 4) fourRows(out, to + r * lanes, M, m + r * inner, x, from, inner, lanes);
  for (; r < rows; r += 1) oneRow(out, to + r * lanes, M, m + r * inner, x, from, inner, lanes);
}

/** @type {(out: Floats, to: n, M: Floats, m: n, x: Floats, from: n, inner: n, lanes: n) => void} */
function fourRows(out, to, M, m, x, from, inner, lanes) {
  const m1 = m + inner, m2 = m + 2 * inner, m3 = m + 3 * inner;
  const to1 = to + lanes, to2 = to + 2 * lanes, to3 = to + 3 * lanes;
  for (let b = 0; b < lanes; b += 4) {
    let a0 = out[to + b], a1 = out[to + b + 1], a2 = out[to + b + 2], a3 = out[to + b + 3];
    let b0 = out[to1 + b], b1 = out[to1 + b + 1], b2 = out[to1 + b + 2], b3 = out[to1 + b + 3];
    let c0 = out[to2 + b], c1 = out[to2 + b + 1], c2 = out[to2 + b + 2], c3 = out[to2 + b + 3];
    let d0 = out[to3 + b], d1 = out[to3 + b + 1], d2 = out[to3 + b + 2], d3 = out[to3 + b + 3];
    for (let k = 0, at = from + b; k < inner; k += 1, at += lanes) {
      const x0 = x[at], x1 = x[at + 1], x2 = x[at + 2], x3 = x[at + 3];
      const ma = M[m + k], mb = M[m1 + k], mc = M[m2 + k], md = M[m3 + k];
      a0 += ma * x0;
      a1 += ma * x1;
      a2 += ma * x2;
      a3 += ma * x3;
      b0 += mb * x0;
      b1 += mb * x1;
      b2 += mb * x2;
      b3 += mb * x3;
      c0 += mc * x0;
      c1 += mc * x1;
      c2 += mc * x2;
      c3 += mc * x3;
      d0 += md * x0;
      d1 += md * x1;
      d2 += md * x2;
      d3 += md * x3;
    }
    out[to + b] = a0;
    out[to + b + 1] = a1;
    out[to + b + 2] = a2;
    out[to + b + 3] = a3;
    out[to1 + b] = b0;
    out[to1 + b + 1] = b1;
    out[to1 + b + 2] = b2;
    out[to1 + b + 3] = b3;
    out[to2 + b] = c0;
    out[to2 + b + 1] = c1;
    out[to2 + b + 2] = c2;
    out[to2 + b + 3] = c3;
    out[to3 + b] = d0;
    out[to3 + b + 1] = d1;
    out[to3 + b + 2] = d2;
    out[to3 + b + 3] = d3;
  }
}

/** @type {(out: Floats, to: n, M: Floats, m: n, x: Floats, from: n, inner: n, lanes: n) => void} */
function oneRow(out, to, M, m, x, from, inner, lanes) {
  for (let b = 0; b < lanes; b += 4) {
    let a0 = out[to + b], a1 = out[to + b + 1], a2 = out[to + b + 2], a3 = out[to + b + 3];
    for (let k = 0, at = from + b; k < inner; k += 1, at += lanes) {
      const weight = M[m + k];
      a0 += weight * x[at];
      a1 += weight * x[at + 1];
      a2 += weight * x[at + 2];
      a3 += weight * x[at + 3];
    }
    out[to + b] = a0;
    out[to + b + 1] = a1;
    out[to + b + 2] = a2;
    out[to + b + 3] = a3;
  }
}

/**
 * G = Σ over steps and lanes of d xᵀ: G (rows, inner) from `to`; d (rows, lanes) of step t from d0 + t * dStep;
 * x (inner, lanes) of step t from x0 + t * xStep.
 * @param {Floats} G
 * @param {number} to
 * @param {Floats} d
 * @param {number} d0
 * @param {number} dStep
 * @param {Floats} x
 * @param {number} x0
 * @param {number} xStep
 * @param {number} rows
 * @param {number} inner
 * @param {number} lanes
 * @param {number} steps
 */
export function outer(G, to, d, d0, dStep, x, x0, xStep, rows, inner, lanes, steps) {
  const blockRows = rows - (rows % 4), blockInner = inner - (inner % 4);
  for (let r = 0; r < rows; r += r < blockRows ? 4 : 1) {
    const at = to + r * inner, from = d0 + r * lanes;
    for (let k = 0; k < inner; k += k < blockInner ? 4 : 1) {
      const other = x0 + k * lanes;
      if (r < blockRows && k < blockInner) block(G, at + k, inner, d, from, dStep, x, other, xStep, lanes, steps);
      else
        for (let i = 0; i < (r < blockRows ? 4 : 1); i += 1)
          for (let j = 0; j < (k < blockInner ? 4 : 1); j += 1)
            single(G, at + i * inner + k + j, d, from + i * lanes, dStep, x, other + j * lanes, xStep, lanes, steps);
    }
  }
}

/**
 * Four rows by four columns of `outer`.
 * @type {(G: Floats, to: n, inner: n, d: Floats, d0: n, dStep: n, x: Floats, x0: n, xStep: n, lanes: n, steps: n) =>
 *   void}
 */
function block(G, to, inner, d, d0, dStep, x, x0, xStep, lanes, steps) {
  let a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0;
  let c0 = 0, c1 = 0, c2 = 0, c3 = 0, e0 = 0, e1 = 0, e2 = 0, e3 = 0;
  for (let t = 0; t < steps; t += 1) {
    const end = d0 + t * dStep + lanes;
    for (let i = end - lanes, j = x0 + t * xStep; i < end; i += 1, j += 1) {
      const xa = x[j], xb = x[j + lanes], xc = x[j + 2 * lanes], xd = x[j + 3 * lanes];
      const da = d[i], db = d[i + lanes], dc = d[i + 2 * lanes], de = d[i + 3 * lanes];
      a0 += da * xa;
      a1 += da * xb;
      a2 += da * xc;
      a3 += da * xd;
      b0 += db * xa;
      b1 += db * xb;
      b2 += db * xc;
      b3 += db * xd;
      c0 += dc * xa;
      c1 += dc * xb;
      c2 += dc * xc;
      c3 += dc * xd;
      e0 += de * xa;
      e1 += de * xb;
      e2 += de * xc;
      e3 += de * xd;
    }
  }
  G[to] = a0;
  G[to + 1] = a1;
  G[to + 2] = a2;
  G[to + 3] = a3;
  G[to + inner] = b0;
  G[to + inner + 1] = b1;
  G[to + inner + 2] = b2;
  G[to + inner + 3] = b3;
  G[to + 2 * inner] = c0;
  G[to + 2 * inner + 1] = c1;
  G[to + 2 * inner + 2] = c2;
  G[to + 2 * inner + 3] = c3;
  G[to + 3 * inner] = e0;
  G[to + 3 * inner + 1] = e1;
  G[to + 3 * inner + 2] = e2;
  G[to + 3 * inner + 3] = e3;
}

/** @type {(G: Floats, to: n, d: Floats, d0: n, dStep: n, x: Floats, x0: n, xStep: n, lanes: n, steps: n) => void} */
function single(G, to, d, d0, dStep, x, x0, xStep, lanes, steps) {
  let sum = 0;
  for (let t = 0; t < steps; t += 1)
    for (let b = 0, i = d0 + t * dStep, j = x0 + t * xStep; b < lanes; b += 1) sum += d[i + b] * x[j + b];
  G[to] = sum;
}

/**
 * The sums of d's rows over steps and lanes, from `to`.
 * @type {(sums: Floats, to: n, d: Floats, d0: n, dStep: n, rows: n, lanes: n, steps: n) => void}
 */
export function rowSums(sums, to, d, d0, dStep, rows, lanes, steps) {
  for (let r = 0; r < rows; r += 1) {
    let sum = 0;
    for (let t = 0; t < steps; t += 1)
      for (let b = 0, i = d0 + t * dStep + r * lanes; b < lanes; b += 1) sum += d[i + b];
    sums[to + r] = sum;
  }
}

/**
 * Every lane of row r begins with first[start + r]. (`fill` would put each number into an object first.)
 * @type {(out: Floats, to: n, first: Floats, start: n, rows: n, lanes: n) => void}
 */
export function spread(out, to, first, start, rows, lanes) {
  for (let r = 0, i = to; r < rows; r += 1)
    for (let b = 0; b < lanes; b += 1) out[i++] = first[start + r];
}

/**
 * M (rows, columns) turned into (columns, rows); both from place `at`.
 * @param {Floats} out
 * @param {Floats} M
 * @param {number} at
 * @param {number} rows
 * @param {number} columns
 */
export function transpose(out, M, at, rows, columns) {
  for (let r = 0; r < rows; r += 1)
    for (let k = 0; k < columns; k += 1) out[at + k * rows + r] = M[at + r * columns + k];
}
