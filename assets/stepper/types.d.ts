// What the server sends (core/views/stepper/layers.py) and what the modules hand each other. For the type checker alone: not served.

/** float32 numbers, little-endian, as base64. */
export type Packed = string;

/** A term of an equation as nested lists, see core/cells/terms.py. */
export type Plan =
  | (VarPlan | OneMinusPlan | OnePlan | TimesPlan | SumPlan | PeepholePlan | AffinePlan | ApplyPlan)
  | (RowsPlan | WeightPlan | JoinedPlan | ContractPlan | AttendPlan | MixPlan);
export type VarPlan = ["var", name: string, before: boolean];
export type OneMinusPlan = ["one_minus", gate: VarPlan];
export type OnePlan = ["one"];
export type TimesPlan = ["times", left: Plan, right: Plan];
export type SumPlan = ["sum", ...terms: Plan[]];
export type PeepholePlan = ["peephole", gate: string, row: number, state: VarPlan];
export type AffinePlan = ["affine", gate: string, start: number, inner: boolean, vector: Plan];
export type ApplyPlan = ["apply", curve: string, term: Plan];
/** Of the cells after the LSTM, see core/cells/later/terms.py. */
export type RowsPlan = ["rows", weight: string, start: number, vector: VarPlan];
export type WeightPlan = ["weight", name: string, letter: string];
export type JoinedPlan = ["minus" | "frac" | "max", left: Plan, right: Plan];
export type ContractPlan = ["contract", state: VarPlan, read: VarPlan];
export type AttendPlan = ["attend", query: VarPlan, key: VarPlan, scaled: boolean];
export type MixPlan = ["mix", weights: VarPlan, array: VarPlan];

export interface Line {
  name: string;
  plan: Plan;
  shape: string;
  math: Record<string, string>;
  latex: Record<string, string>;
}
export interface Colour {
  fill: string;
  ink: string;
  fill_dark: string;
  ink_dark: string;
}
export interface SentPanel {
  name: string;
  shown: boolean;
  letter: string;
  title: string;
  note: string;
  kind: "gate" | "state" | "input" | "signed" | "positive";
  range: number;
  ranges: number[] | null;
  memory?: boolean;
  /** How many numbers a unit has, if several. */
  per?: number;
  /** Its chosen place is that of all arrays with the same; of an array of the input's or the answers' its name. */
  place?: string;
  /** What is said where it has no number. */
  gaps?: string;
  meaning: string;
  ends: [string, string] | null;
  explained: string;
  colour: Colour;
  own?: boolean;
  units?: number;
  names?: string[] | null;
  values: Packed;
  /** Of the way back through time: the gradient of the array `of`. spoken: what a screen reader hears. */
  back?: boolean;
  of?: string;
  spoken?: string;
  /** What the URL calls a place of it, where its units are not the cell's: of the input, or of the readout. */
  axis?: "x" | "p" | null;
  /** Its numbers as text, step by step; the lines of a solution that give them; and what is applied to it, with its slope. */
  told?: string[];
  lines?: SolvedLine[];
  curve?: SentSlope | null;
}
/** A line of a solution (core/views/byhand/steps.py). formula: its place among the layer's. */
export interface SolvedLine {
  key: string;
  step: number;
  unit: number;
  formula: number;
  name: string;
  numbers: string;
  result: string;
  rounded: boolean;
  parts: { text: string; told: string; value: number }[];
}
/** An activation, where it stands on it, and its slope there. */
export interface SentSlope {
  name: string;
  at: Packed;
  slope: Packed;
  told: string[];
}
/** What flows along the diagram's wires, by place (core/byhand/flows.py), and the formulas of the lines. */
export interface SentBack {
  flows: Record<string, { values: Packed; told: string[] }>;
  formulas: { math: string; latex: string }[];
}
export interface SentInput {
  names: string[] | null;
  note: string;
  meaning: string;
  range: number;
  one_hot: boolean;
  shown: boolean;
}
/** The equations and weights of a cell: what never changes with a text. */
export interface Fixed {
  lines: Line[];
  peephole: Packed | null;
  weight_ih: Packed;
  weight_hh: Packed;
  bias_ih: Packed;
  bias_hh: Packed;
  /** Those that only a cell after the LSTM has. */
  more?: Record<string, Packed>;
}
export type Kind = "rnn" | "lstm" | "gru" | "mingru" | "minlstm" | "slstm" | "ssm" | "attention";
export interface SentInside {
  /** Itself, or where it is, below the server's base path. */
  fixed: Fixed | string;
  size: number;
  inputs: string[];
  input: SentInput;
  reset: "before" | "after" | null;
  /** Whether it reads from the right: a backward direction. */
  turned: boolean;
  edited: Record<string, Packed>;
  x: Packed;
  h0?: Packed;
  c0?: Packed;
  n0?: Packed;
  m0?: Packed;
}
/** What a small model needs to read words of one's own in the browser. */
export interface Computes {
  reads: string;
  words: string[];
  weight: Packed;
  bias: Packed;
}
export interface SentLayer {
  name: string;
  cell: Kind;
  title: string;
  units: number;
  order: number[];
  panels: SentPanel[];
  positive: Packed | null;
  back?: SentBack | null;
  inside: SentInside | null;
  computes: Computes | null;
  /** Whether some of its numbers are infinite or none, as the computation overflowed. */
  overflow: boolean;
  licences: string[];
}
export interface Hero {
  step: number;
  unit: number;
  array: string;
}
/** What does not depend on where the reader stands. */
export interface Body {
  id: string;
  tokens: string[];
  known: number[];
  layers: SentLayer[];
  scale: Scale;
  input: { explained: string; colour: Colour };
  notations: { name: string; title: string; note: string }[];
  provenance: string;
  /** What a token is called, and whether what follows the last was not read. */
  called: "word" | "token";
  cut: boolean;
  hero: Hero | null;
}
export interface Scale {
  negative: string;
  positive: string;
}
/** Where to stand: what is missing stays as it is. dim, out: the place of x and of p. bad: what a link asked for in vain. */
export interface Place {
  step?: number;
  unit?: number;
  array?: string;
  dim?: number;
  out?: number;
  level?: Level;
  bad?: string[];
}
export type Level = "story" | "unit" | "all" | "inside";
export type Link = Record<string, string | null | undefined>;
/** All that a stepper is sent. */
export interface Sent extends Body {
  base?: string;
  assets: string | null;
  link: Link;
  goto: Place | null;
  start: Place | null;
  level: Level;
  predict: boolean | null;
  play?: boolean;
  unasked: string | null;
  agreement: Packed | null;
  collect?: boolean;
  rows?: boolean;
  shared?: Shared | null;
  own?: Own | null;
  led?: string | null;
  /** How often the reader has gone Back or Forward. */
  back?: number;
}
/** What a teacher can send of a lesson's stop to a room. */
export interface Shared {
  question?: { question: Question; answer: number | null; place: Place } | null;
  stop?: object | null;
  of?: number;
}

/** The inside of a cell, unpacked. size: the number of the input's places. */
export interface Weights {
  lines: Line[];
  peephole: Float32Array | null;
  weight_ih: Float32Array;
  weight_hh: Float32Array;
  bias_ih: Float32Array;
  bias_hh: Float32Array;
  /** All of these and those that only a cell after the LSTM has, by name. */
  weights: Record<string, Float32Array>;
}
/** fixed: whether equations and weights are here already. */
export interface Inside extends Weights {
  fixed: boolean;
  inputs: string[];
  input: SentInput;
  reset: "before" | "after" | null;
  turned: boolean;
  edited: Record<string, Float32Array>;
  x: Float32Array;
  /** The states before the first step, by the array's name. */
  starts: Record<string, Float32Array>;
  size: number;
}
/** One array of a reading. own: its units are not the cell's. at: NaN where a text has no such token. */
export interface Panel extends Omit<SentPanel, "values" | "units" | "curve"> {
  id: string;
  units: number;
  order: number[];
  layer: Layer;
  values: Float32Array;
  slope?: Slope | null;
  among?: boolean;
  at(step: number, unit: number): number;
}
export interface Slope extends Omit<SentSlope, "at" | "slope"> {
  at: Float32Array;
  slope: Float32Array;
}
export interface Back {
  flows: Record<string, { values: Float32Array; told: string[] }>;
  formulas: { math: string; latex: string }[];
}
export interface Layer extends Omit<SentLayer, "panels" | "positive" | "inside" | "back"> {
  back: Back | null;
  inside: Inside | null;
  positive: Float32Array | null;
  all: Panel[];
  panels: Panel[];
}
export interface Reading extends Omit<Body, "layers"> {
  length: number;
  /** Most of its words are not known: no verdict is told (`Reading.strange` in core/models/catalogue.py). */
  strange: boolean;
  layers: Layer[];
  panels: Panel[];
}

export type Floats = Float32Array | Float64Array;
/** What an equation reads: the arrays' numbers and the weights. at: an array of a step, or of the step before it. */
export interface Source {
  units: number;
  size: number;
  weight_ih: Floats;
  weight_hh: Floats;
  bias_ih: Floats;
  bias_hh: Floats;
  weights: Record<string, Floats>;
  peephole: Floats | null;
  /** N, of a state-space cell. */
  per: number;
  at(name: string, before: boolean, step: number, unit: number): number;
}
/** Where a number comes from: the place that a click on it leads to. */
export interface From {
  array: string;
  unit: number;
  step: number;
}
export interface Member {
  index: number | null;
  letter: string;
  factors: number[];
  value: number;
  goto: From | null;
}
export interface Scaled {
  value: number;
  letter: string;
  goto: From;
}
export interface Group {
  key: "x" | "h" | "b" | "b′" | "peephole" | "score";
  /** Its title, where the key does not say it. */
  title?: string;
  members: Member[];
  factors?: number[];
  scale?: Scaled;
  value: number;
  goto?: From;
}
export interface Point {
  name: string;
  at: number;
}
export interface Factor {
  name: string;
  value: number;
  goto: From | null;
  array?: string;
  curve?: Point;
  round(round: (value: number) => number): number;
  write(write: (value: number) => string): string;
}
export interface Summed {
  kind: "sum";
  curve: string;
  groups: Group[];
  a: number;
  all: number[] | null;
  value: number;
}
/** A term written out with its numbers, and the arrays that it reads. */
export interface Written {
  kind: "written";
  value: number;
  parts: Factor[];
  /** As text, with so many decimals of each number; and what that comes to. */
  write(digits: number): string;
  worth(digits: number): number;
}
export type Explained = Summed | Blended | Written;
export interface Blended {
  kind: "blend";
  value: number;
  products: { factors: Factor[]; value: number }[];
}
/** One inner step of a cell. sum: the first of a plain RNN's two, before the activation. */
export interface Stage {
  array: string;
  name: string;
  label: string;
  sum?: boolean;
}
/** A layer's cell opened, see pure/cell.js. */
export interface Cell {
  explain(name: string, step: number, unit: number): Explained;
  edited(name: string, step: number, unit: number): boolean;
  vector(id: string, step: number): Float64Array;
  walk: Stage[];
  /** The stages of the way back, none where its numbers are not here. */
  back: Stage[];
  lines: Record<string, Line>;
  byName: Record<string, Panel>;
  inside: Inside;
  units: number;
  size: number;
  before(step: number): number;
}

/** Colours of the page's theme. */
export interface Colours {
  ground: string;
  text: string;
  dark: boolean;
  scale: Scale;
  strong: boolean;
  key: string;
}
/** Elements by the tags that view/element.js makes. */
type SvgTag = "svg" | "g" | "path" | "line" | "rect" | "circle" | "text" | "tspan";
export type Tags = Pick<SVGElementTagNameMap, SvgTag> & Omit<HTMLElementTagNameMap, SvgTag>;

/** What moved. */
export interface Change {
  reading?: boolean;
  theme?: boolean;
  step?: boolean;
  unit?: boolean;
  array?: boolean;
  level?: boolean;
  pass?: boolean;
  playing?: boolean;
}
export interface View {
  update(change: Change): void;
  close?(): void;
}
/** Where the reader stands, see state.js. `given`, `reading` and `colours` are there before any view is told anything. */
export interface State {
  given: Sent;
  reading: Reading;
  colours: Colours;
  agreement: Float32Array | null;
  link: Link;
  ask: Ask;
  step: number;
  unit: number;
  array: string;
  level: Level | "";
  playing: boolean;
  fallback: string | null;
  places: Record<string, number | undefined>;
  inner: number;
  blanks: import("./blanks.js").Blanks;
  subscribe(listener: (change: Change) => void): void;
  publish(change: Change): void;
  receive(given: Sent, agreement: Float32Array | null, ask: Ask): void;
  /** Is called when the address has this place, and when the stepper is taken away. */
  wrote(): void;
  open(place: Place): void;
  panel(): Panel;
  small(layer: Layer): boolean;
  units(): number;
  cell(): Cell | null;
  stage(): Stage | undefined;
  settle(): void;
  value(panel?: Panel): number;
  unitIn(panel: Panel): number;
  hidden(panel: Panel, step?: number, unit?: number): boolean;
  /** Whether the way back through time is shown; whether there is one; and the other way. */
  back(): boolean;
  turns(): boolean;
  turn(back: boolean): void;
  /** What comes after a step: the step before it on the way back. */
  onward(step?: number): number;
  stages(cell: Cell): Stage[];
  go(step: number): void;
  likeliest(panel: Panel, step: number, count?: number): number[];
  named(panel: Panel, unit: number): string;
  choose(place: { step?: number; unit?: number; array?: string; inner?: number }): void;
  show(level: Level): void;
  memory(layer: Layer): Panel;
  watched(): Panel;
  walk(by: 1 | -1): void;
}
/** How something is asked of the server. */
export type Ask = (name: string, value?: unknown) => void;
export type Frame = ReturnType<typeof import("./view/frame.js").build>;
/** By which a room leads or follows a stepper. Until the first reading has come there is none. */
export interface Standing {
  state: Omit<State, "reading"> & { reading: Reading | null };
  path: string;
}
/** What a page says of itself, by its stepper or by core/views/widgets/address.py. led: the nonce by which a room sees that the page has been led. */
export interface Said {
  link: Link;
  led: string | null;
  own: Own | null;
}
/** Of what is shown, what cannot be sent to a class. */
export type Own = "recording" | "prices" | "lesson" | "text" | "data" | "network" | "file";
export interface AddressElement extends HTMLElement {
  page?: Said & { path: string };
}
export interface StepperElement extends HTMLElement {
  stepper?: Standing;
}
/** plotly.js, or what stands for it in a hand-out. */
export interface Heatmaps {
  react(node: HTMLElement, traces: Trace[], layout?: object, config?: object): void;
  purge(node: HTMLElement): void;
}
export interface Trace {
  type: "heatmap";
  z: Float32Array[];
  zmin: number;
  zmax: number;
  colorscale: Stop[];
  [option: string]: unknown;
}
export type Stop = [share: number, colour: string];

/** What Streamlit gives a component. */
export interface Component<Data> {
  data: Data;
  setTriggerValue(name: string, value: unknown): void;
}

/** A question as the room takes it (core/classroom/models.py). */
export interface Question {
  text: string;
  choices?: string[] | null;
  slider?: Slider | null;
}
export interface Slider {
  min: number;
  max: number;
  step: number;
}

// —— Rooms (core/classroom) ——

/** What a tab keeps of a room. */
export interface Keep {
  get(name: string): string | null;
  set(name: string, value: string): void;
  drop(name: string): void;
}
/** What the page tells the room's bar (core/views/room/bar.py); form: the form that opens a room instead. */
export interface RoomData {
  form?: boolean;
  base: string;
  code: string;
  page: string;
  session: string;
  ping: number | null;
  nonce: string | null;
  at: string | null;
}
/** The view that a class follows, as core/classroom/models.py has it. */
export interface Shown {
  page: string;
  text: string;
  model: string;
  step: number;
  unit: number;
  array: string;
  level?: Level | "" | null;
  lesson?: string | null;
  stop?: number | null;
  of?: number | null;
  made?: object | null;
  edits?: string | object[] | null;
  hide?: string[] | null;
  more?: Record<string, string> | null;
  own?: Own | null;
  closed?: number | null;
  done?: number | null;
}
export type Connection = "" | "open" | "lost" | "gone";
/** A room as this tab is in it. */
export interface Room {
  code: string;
  leads: boolean;
  data: RoomData;
  page: string;
  keep: Keep;
  hide: string[];
  there: number | null;
  /** The last question that the teacher has closed. */
  closed: number;
  /** The last experiment that the teacher has closed. */
  done: number;
  said(): Said | null;
  close(question: number): void;
  finish(experiment: number): void;
  here(): Standing | null;
  request(method: string, path: string, body?: string): Promise<Response>;
  trigger(name: string, value: unknown): void;
  say(text: string): null;
  draw(): void;
}
/** A number of a sheet of By hand that the class is asked for: core/classroom/numbers/models.py. */
export interface AskedNumber {
  id: number;
  text: string;
  sheet: string;
  line: string;
  digits: number;
}
/** What the class has answered: core/classroom/numbers/figures.py. */
export interface Answers {
  id: number;
  revealed: boolean;
  given: number;
  right: number;
  near: number;
  wrong: number;
  /** Significant digits, and how many are right to them. */
  digits: [number, number][];
  mistakes: Mistake[];
  numbers: { said: string; count: number; right: boolean }[];
  others: number;
  value: string;
}
export interface Mistake {
  count: number;
  numbers: string[];
  causes: { said: string; alone: boolean }[];
  matching: number;
  tried: number;
}
/** What a teacher's tab knows of a question that it asked. */
export interface Known {
  answer: number | null;
  place: Place | null;
  link: { text: string | null; model: string | null; page: string } | null;
}
/** A question as the feed tells it. */
export interface Asked extends Question {
  id: string;
}
