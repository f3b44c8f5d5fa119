// How the weights of a network begin.

/** @typedef {import("../types").Floats} Floats */

/**
 * All from U(-1/√H, 1/√H), as torch.nn.RNN, LSTM, GRU and (with H inputs) Linear begin. "orthogonal": each gate's
 * block of weight_hh is then an orthogonal matrix, uniform among all (Saxe et al. 2014; Keras begins so). forget_bias:
 * b of an LSTM's forget gate, whose b' is then 0 (Gers et al. 2000). update_bias: the same for a GRU's update gate,
 * and meant for keeping: where z writes (keep "1-z"), b is its negative.
 * @param {import("./layer.js").Parameter[]} parameters
 * @param {import("../types").Architecture} architecture
 * @param {import("../random.js").Random} random
 * @param {import("../types").Initial} initial
 */
export function initialise(parameters, architecture, random, initial) {
  const { units, cell, keep } = architecture;
  const bound = 1 / Math.sqrt(units);
  for (const { value } of parameters)
    for (let i = 0; i < value.length; i += 1) value[i] = random.between(-bound, bound);
  if (initial.weights === "orthogonal")
    for (const { name, value } of parameters)
      if (name.includes("weight_hh"))
        for (let at = 0; at < value.length; at += units * units) value.set(orthogonal(random, units), at);
  const update = initial.update_bias !== null && keep === "1-z" ? -initial.update_bias : initial.update_bias;
  const bias = { rnn: null, lstm: initial.forget_bias, gru: update }[cell];
  if (bias === null) return;
  for (const { name, value } of parameters)
    if (name.includes("bias_")) value.fill(name.includes("bias_ih") ? bias : 0, units, 2 * units);
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
