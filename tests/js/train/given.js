// What the tests of the trainer's engine share: a small network, and a task of their own.
export const SHAPE = { inputs: 5, units: 6, layers: 1, reset: "after", keep: "z", outputs: 1, readout: "logistic" };
export const INITIAL = { weights: "torch", forget_bias: null, update_bias: null };
export const DESCENT = { optimiser: "adam", rate: 0.01, clip: 1, decay: 0.001, truncate: 0 };

function draw(random, B, length) {
  const lengths = Int32Array.from({ length: B }, () => random.integer(1, length + 1));
  const ids = Int32Array.from({ length: length * B }, (_, i) => {
    const id = random.integer(0, 5);
    return Math.floor(i / B) < lengths[i % B] ? id : -1;
  });
  const targets = new Float64Array(length * B).fill(NaN);
  lengths.forEach((own, b) => {
    targets[(own - 1) * B + b] = Number(ids[(own - 1) * B + b] === ids[b]);
  });
  return { T: length, B, ids, x: null, lengths, labels: null, targets };
}

/** A task whose answer is whether the last input is the first. Sequences of up to `length` steps. */
export const TASK = {
  draw,
  held: draw,
  measure(outputs, { targets }) {
    const asked = [...targets.keys()].filter((i) => !Number.isNaN(targets[i]));
    const right = asked.filter((i) => (outputs[i] > 0.5 ? 1 : outputs[i] < 0.5 ? 0 : NaN) === targets[i]);
    return { score: right.length / asked.length, asked: asked.length };
  },
};

export const settings = (more = {}) => ({
  architecture: { ...SHAPE, cell: "lstm", ...more.architecture },
  initial: INITIAL,
  descent: { ...DESCENT, ...more.descent },
  batch: 8,
  length: 7,
  seed: more.seed ?? 3,
});

