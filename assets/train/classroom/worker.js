// A student's training in a Web Worker: it says how far it is and what came of it; to stop it the page ends the worker.
import { trial } from "./trial.js";

const scope = /** @type {any} */ (self);
const say = (/** @type {import("./types").TrialSaid} */ said) => scope.postMessage(said);

scope.onmessage = (
  /** @type {MessageEvent<{ experiment: import("./types").Experiment, seed: number }>} */ { data },
) => {
  try {
    trial(data.experiment, data.seed, say);
  } catch (error) {
    say({ kind: "error", text: /** @type {Error} */ (error).message });
  }
};
