// What the trainer's modules hand each other. For the type checker alone: not served.
// Arrays are flat, time first: the number of step t, sequence b, place k stands at (t * B + b) * K + k.
// T steps, B sequences, D inputs, H units, K outputs.

export type Floats = Float32Array | Float64Array;
export type FloatsType = Float32ArrayConstructor | Float64ArrayConstructor;
export type CellName = "rnn" | "lstm" | "gru";
export type ReadoutName = "logistic" | "softmax" | "linear";

/** What a network is made of. */
export interface Architecture {
  cell: CellName;
  inputs: number;
  units: number;
  layers: 1 | 2;
  /** GRU: where the reset gate stands, and whether z keeps ("z", torch) or writes ("1-z"); see core/cells/gru.py. */
  reset: "after" | "before";
  keep: "z" | "1-z";
  outputs: number;
  readout: ReadoutName;
}
/** How weights begin. Where a bias is null, it is as torch draws it. */
export interface Initial {
  weights: "torch" | "orthogonal";
  forget_bias: number | null;
  update_bias: number | null;
}
export interface Descent {
  optimiser: "sgd" | "momentum" | "rmsprop" | "adam";
  rate: number;
  /** The norm to which the gradient is clipped; 0: not clipped. */
  clip: number;
  /** Weight decay: what is added to the gradient is decay times the weight, as in torch.optim. */
  decay: number;
  /** Steps through which the gradient flows back before it is cut; 0: all. */
  truncate: number;
}
/** Sequences read at once. One of ids and x is there; a sequence ends after lengths[b] steps, what stands behind is passed over. */
export interface Batch {
  T: number;
  B: number;
  /** (T, B) one-hot inputs by their place; -1 behind the end. */
  ids: Int32Array | null;
  /** (T, B, D) */
  x: Floats | null;
  lengths: Int32Array;
  /** (T, B) the right class of a softmax; -1 where nothing is asked. */
  labels: Int32Array | null;
  /** (T, B) what a logistic (0 to 1) or a linear readout (K = 1) is to say; NaN where nothing is asked. */
  targets: Float64Array | null;
}
/** How right a network is on some sequences. */
export interface Measured {
  /** Mean of what is asked: cross-entropy in nats, or the squared error. */
  loss: number;
  /** The share right (nothing undecided counts), or of a linear readout the squared error. */
  score: number;
  asked: number;
}
export interface Baseline {
  title: string;
  loss: number;
  score: number;
}
/** One task: where its sequences come from and how they are told. */
export interface Task {
  name: string;
  title: string;
  /** What is read and what is asked, in a sentence or two; of the reader's own data also what is held out. */
  about: string;
  /** Names of the D inputs, one-hot; null: numbers are read as they are. */
  words: string[] | null;
  inputs: number;
  outputs: number;
  readout: ReadoutName;
  /** Names of the K classes of a softmax; of a logistic what 0 and 1 mean; of a linear readout what it gives. */
  labels: string[];
  figure: "accuracy" | "error";
  /** From which length to which it is trained at first, what the length is, and the largest allowed. */
  length: number;
  shortest: number;
  longest: number;
  called: string;
  /** A batch to train on, up to that length: seeds give the same batch in every browser. */
  draw(random: import("./random.js").Random, B: number, length: number): Batch;
  /** A batch to measure on, of that length (counting: n up to it); of the reader's own data, from what is held out. */
  held(random: import("./random.js").Random, B: number, length: number): Batch;
  /** Lengths at which is measured, the training's own and beyond. */
  beyond(length: number): number[];
  /** What is reached without a network on what `held` draws at that length; loss and score are each the best possible. */
  baselines(length: number): Baseline[];
  /** Of outputs (T, B, K), probabilities or values: the share right, or the squared error. */
  measure(outputs: Floats, batch: Batch): { score: number; asked: number };
  /** A sequence that is shown while the network trains, and one that a reader types; null if it cannot be read. */
  probe: string;
  read(text: string): Batch | null;
  /** What is read at each step of a batch's sequence b, in words. */
  tokens(batch: Batch, b: number): string[];
  /** What is right after each step, in words; "" where nothing is asked. */
  asked(batch: Batch, b: number): string[];
}
