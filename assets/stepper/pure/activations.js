// The activations by their names in core/cells/activations.py.

/** @param {number} v */
const clip = (v) => Math.min(1, Math.max(0, v));

/**
 * Each works on one number; softmax, which needs all of them, is in plan.js.
 * @type {Record<string, (a: number) => number>}
 */
export const CURVES = {
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  hard_sigmoid: (a) => clip(0.2 * a + 0.5),
  hard_sigmoid_6: (a) => clip(a / 6 + 0.5),
  tanh: Math.tanh,
  abs_tanh: (a) => Math.abs(Math.tanh(a)),
  relu: (a) => Math.max(a, 0),
  leaky_relu: (a) => (a > 0 ? a : 0.01 * a),
  identity: (a) => a,
};

/** How each is written. @type {Record<string, string>} */
export const SYMBOLS = {
  sigmoid: "σ",
  hard_sigmoid: "hard σ",
  hard_sigmoid_6: "hard σ₆",
  tanh: "tanh",
  abs_tanh: "|tanh|",
  relu: "ReLU",
  leaky_relu: "LeakyReLU",
  softmax: "softmax",
  identity: "",
};
