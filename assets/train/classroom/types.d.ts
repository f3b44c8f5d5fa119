// A class's experiment as the room's routes tell it (core/classroom/experiments). For the type checker alone: not served.
import type { NetworkSetup, Setup } from "../types";

export interface Experiment {
  id: number;
  /** What the task is called, shown literally. */
  title: string;
  task: string;
  length: number;
  batch: number;
  seed: number;
  /** Of each network. */
  updates: number;
  /** What counts as learned: at least this share right, or at most this squared error. */
  goal: number;
  networks: NetworkSetup[];
}
/** A network's final figures: see core/classroom/experiments/models.py. */
export interface Outcome {
  score: number | null;
  needed: number | null;
  stopped: number | null;
}
/** What the worker says of a training. */
export type TrialSaid =
  | { kind: "progress"; network: string; updates: number }
  | { kind: "outcome"; network: string; outcome: Outcome }
  | { kind: "error"; text: string };
/** One network's distribution: core/classroom/experiments/figures.py. */
export interface Distribution {
  name: string;
  seeds: number;
  learned: number;
  stopped: number;
  scores: number[];
  needed: number[];
  score: number | null;
  updates: number | null;
}
export interface Reports {
  id: number;
  revealed: boolean;
  seats: number;
  networks: Distribution[];
  seeds?: { seed: number; networks: Record<string, [number | null, number | null, number | null]> }[];
}
/** The trainer of the page Train, as a room finds it. */
export interface TrainerElement extends HTMLElement {
  setup?: () => Setup;
}
