// The activations by their names in core/cells/activations.py, and in parametrised.py those with numbers of their own:
// "leaky_relu(0.2)", "hard_sigmoid(0.3, 0.5)", "tanh clip 3"; and the functions of core/cells/later/base.py.

/** @param {number} v */
const cut = (v) => Math.min(1, Math.max(0, v));

/**
 * Each works on one number; softmax, which needs all of them, is in plan.js.
 * @type {Record<string, (a: number) => number>}
 */
const CURVES = {
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  hard_sigmoid: (a) => cut(0.2 * a + 0.5),
  hard_sigmoid_6: (a) => cut(a / 6 + 0.5),
  tanh: Math.tanh,
  abs_tanh: (a) => Math.abs(Math.tanh(a)),
  relu: (a) => Math.max(a, 0),
  leaky_relu: (a) => (a > 0 ? a : 0.01 * a),
  identity: (a) => a,
  softplus: (a) => Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a))),
  softsign: (a) => a / (1 + Math.abs(a)),
  exp: Math.exp,
  log_sigmoid: (a) => Math.min(a, 0) - Math.log1p(Math.exp(-Math.abs(a))),
  positive: (a) => (a >= 0 ? a + 0.5 : 1 / (1 + Math.exp(-a))),
};

/** @type {Record<string, (a: number, ...numbers: number[]) => number>} */
const NUMBERED = {
  elu: (a, s) => (a > 0 ? a : s * Math.expm1(a)),
  leaky_relu: (a, s) => (a > 0 ? a : s * a),
  thresholded_relu: (a, s) => (a > s ? a : 0),
  scaled_tanh: (a, s, t) => s * Math.tanh(t * a),
  affine: (a, s, t) => s * a + t,
  hard_sigmoid: (a, s, t) => cut(s * a + t),
};

/** How each is written. @type {Record<string, string>} */
const SYMBOLS = {
  sigmoid: "σ",
  hard_sigmoid: "hard σ",
  hard_sigmoid_6: "hard σ₆",
  tanh: "tanh",
  abs_tanh: "|tanh|",
  relu: "ReLU",
  leaky_relu: "LeakyReLU",
  softmax: "softmax",
  identity: "",
  softplus: "softplus",
  softsign: "softsign",
  elu: "ELU",
  thresholded_relu: "ReLU",
  scaled_tanh: "tanh",
  affine: "affine",
  exp: "exp",
  log_sigmoid: "log σ",
  positive: "g",
};

const NAME = /^([a-z_0-9]+?)(?:\((.+)\))?(?: clip (.+))?$/;
/** @type {Record<string, (a: number) => number>} */
const made = { ...CURVES };

/**
 * The function of this name. TypeError for a name of none.
 * @param {string} name
 */
export function curve(name) {
  made[name] ??= read(name);
  return made[name];
}

/** @param {string} name */
function read(name) {
  const [, base, numbers, clip] = name.match(NAME) ?? [];
  const own = numbers?.split(", ").map(Number);
  const whole = own ? NUMBERED[base] : CURVES[base];
  if (!whole) throw new TypeError(`no curve: ${name}`);
  /** @param {number} a */
  const inner = (a) => whole(a, ...(own ?? []));
  const most = Number(clip);
  return clip ? (/** @type {number} */ a) => inner(Math.min(most, Math.max(-most, a))) : inner;
}

/**
 * How it is written, "" for the identity; in brackets its own numbers.
 * @param {string} name
 */
export function symbol(name) {
  const [, , numbers, clip] = name.match(NAME) ?? [];
  return [`${short(name)}${numbers ? `[${numbers}]` : ""}`, ...(clip ? [`clip ${clip}`] : [])].join(" ").trim();
}

/**
 * The same without its numbers, for where there is little room.
 * @param {string} name
 */
export const short = (name) => SYMBOLS[name.match(NAME)?.[1] ?? ""] ?? "";
