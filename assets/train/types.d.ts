// What the trainer's modules hand each other. For the type checker alone: not served.
// Arrays are flat, time first: the number of step t, sequence b, place k stands at (t * B + b) * K + k.
// T steps, B sequences, D inputs, H units, K outputs.

export type Floats = Float32Array | Float64Array;
export type FloatsType = Float32ArrayConstructor | Float64ArrayConstructor;
export type CellName = "rnn" | "lstm" | "gru" | "mingru" | "minlstm" | "slstm";
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
/** What is known of a task that needs the reader's own data before there are any. */
export type Known = Pick<
  Task,
  "name" | "title" | "about" | "readout" | "figure" | "length" | "shortest" | "longest" | "called"
>;

// —— A training on the page ——

export interface NetworkSetup {
  name: string;
  title: string;
  architecture: Architecture;
  initial: Initial;
  descent: Descent;
}
/** What is trained: core/views/train/settings.py. */
export interface Setup {
  task: string;
  /** What the reader pasted, for the tasks that need it. */
  data: { text?: string; table?: string };
  length: number;
  batch: number;
  seed: number;
  probe: string;
  networks: NetworkSetup[];
  /** After how many updates a run pauses by itself. */
  until?: number | null;
}
/** A sequence read by a network as it is now; flat, (T, …), of one sequence. */
export interface ProbeReading {
  T: number;
  x: Float32Array;
  layers: Record<string, Float32Array>[];
  outputs: Float32Array;
}
/** A network at one moment. losses: (updates, mean since the entry before); scores: (updates, held-out score, held-out loss). */
export interface Course {
  loss: number;
  norm: number;
  stopped: boolean;
  losses: [number, number][];
  scores: [number, number, number][];
  norms: number[] | null;
  probe: ProbeReading | null;
  weights: Record<string, Floats> | null;
}
export interface Snapshot {
  updates: number;
  over: boolean;
  tokens: string[];
  baselines: Baseline[];
  /** Of the task: what is read and asked, the length that is trained on, the probe that is read if no other is. */
  about: string;
  length: number;
  usual: string;
  figure: "accuracy" | "error";
  words: string[] | null;
  labels: string[];
  /** What is right after each step of the probe; "" where nothing is asked. */
  asked: string[];
  lengths: { lengths: number[]; scores: number[][] } | null;
  networks: Course[];
}
/** What of a snapshot costs more than its curves. */
export interface Wanted {
  weights?: boolean;
  gradients?: boolean;
  lengths?: boolean;
}
/** What the page tells the training, and what it hears of it. */
export interface Told {
  act: "open" | "start" | "pause" | "step" | "reset" | "probe" | "want" | "speed" | "draw";
  value?: unknown;
}
export type Said =
  | { kind: "snapshot"; running: boolean; snapshot: Snapshot }
  | { kind: "unread"; text: string }
  | { kind: "error"; text: string };
/** What the server gives the trainer: core/views/train. */
export interface Given {
  setup: Setup;
  /** The stepper's payload for these networks, without numbers. */
  body: import("../stepper/types").Body;
  words: Record<string, string>;
  link: import("../stepper/types").Link;
  start: import("../stepper/types").Place | null;
  level: import("../stepper/types").Level;
  plotly: string;
  worker: string | null;
  /** Whether a stop of the reader's lesson can be made of it. */
  collect: boolean;
  led?: string | null;
  /** Whether Reset takes the next seed, and what each seed reached is listed. */
  seeds: boolean;
  own?: import("../stepper/types").Own | null;
}
