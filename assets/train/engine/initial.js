// How the weights of a network begin.

/** @typedef {import("../types").Floats} Floats */

/**
 * All from U(-1/√H, 1/√H), as torch.nn.RNN, LSTM, GRU and (with H inputs) Linear begin. "orthogonal": each gate's
 * block of weight_hh is then an orthogonal matrix, uniform among all (Saxe et al. 2014; Keras begins so). forget_bias:
 * b of the forget gate (of an LSTM, a minLSTM or an sLSTM), whose b' is then 0 (Gers et al. 2000). update_bias: the
 * same for the update gate of a GRU or a minGRU, and meant for keeping: where z writes, b is its negative.
 * @param {import("./layer.js").Parameter[]} parameters
 * @param {import("../types").Architecture} architecture
 * @param {import("../random.js").Random} random
 * @param {import("../types").Initial} initial
 */
export function initialise(parameters, architecture, random, initial) {
  const { units } = architecture;
  const bound = 1 / Math.sqrt(units);
  for (const { value } of parameters)
    for (let i = 0; i < value.length; i += 1) value[i] = random.between(-bound, bound);
  if (initial.weights === "orthogonal")
    for (const { name, value } of parameters)
      if (name.includes("weight_hh"))
        for (let at = 0; at < value.length; at += units * units) value.set(orthogonal(random, units), at);
  beginKeeping(parameters, architecture, initial);
}

/**
 * The gate that keeps: which bias is told of it, and its block of rows.
 * @type {Record<import("../types").CellName, {bias: "forget_bias" | "update_bias", row: number} | null>}
 */
const KEEPS = {
  rnn: null,
  lstm: { bias: "forget_bias", row: 1 },
  gru: { bias: "update_bias", row: 1 },
  mingru: { bias: "update_bias", row: 0 },
  minlstm: { bias: "forget_bias", row: 0 },
  slstm: { bias: "forget_bias", row: 1 },
};

/**
 * Sets the biases of the gate that keeps, if one is told.
 * @param {import("./layer.js").Parameter[]} parameters
 * @param {import("../types").Architecture} architecture
 * @param {import("../types").Initial} initial
 */
function beginKeeping(parameters, { units, cell, keep }, initial) {
  const gate = KEEPS[cell];
  const told = gate && initial[gate.bias];
  if (!gate || typeof told !== "number") return;
  const bias = cell === "mingru" || (cell === "gru" && keep === "1-z") ? -told : told;
  for (const { name, value } of parameters) {
    const begun = name.includes("bias_ih") ? bias : 0;
    if (name.includes("bias_")) value.fill(begun, gate.row * units, (gate.row + 1) * units);
  }
}

/** @type {(a: Float64Array, b: Float64Array) => number} */
const dot = (a, b) => a.reduce((sum, value, k) => sum + value * b[k], 0);

/**
 * An orthogonal matrix (n, n), uniform among all: rows of normal numbers, each made orthogonal to those before it
 * (Gram & Schmidt, twice, so that rounding does not add up).
 * @param {import("../random.js").Random} random
 * @param {number} n
 */
function orthogonal(random, n) {
  const rows = Array.from({ length: n }, () => Float64Array.from({ length: n }, () => random.normal()));
  rows.forEach((row, r) => {
    for (const other of [...rows.slice(0, r), ...rows.slice(0, r)]) {
      const share = dot(row, other);
      for (let k = 0; k < n; k += 1) row[k] -= share * other[k];
    }
    const norm = Math.sqrt(dot(row, row));
    for (let k = 0; k < n; k += 1) row[k] /= norm;
  });
  return rows.flatMap((row) => [...row]);
}
