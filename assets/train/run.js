// The page's end of a training: in a worker where there can be one, else in the page's own thread.
import { loop } from "./loop.js";

/**
 * @param {string | null} worker where worker.js is; null: a hand-out, opened from a disk, has no worker
 * @param {(said: import("./types").Said) => void} hear
 * @returns {{ tell(act: import("./types").Told["act"], value?: unknown): void, close(): void }}
 */
export function start(worker, hear) {
  if (!worker) {
    const answer = loop(hear);
    return {
      tell: (act, value) => answer({ act, value }),
      close: () => answer({ act: "pause" }),
    };
  }
  const made = new Worker(worker, { type: "module" });
  made.onmessage = (event) => hear(event.data);
  made.onerror = (event) => hear({ kind: "error", text: event.message ?? "The training could not be started." });
  return {
    tell: (act, value) => made.postMessage({ act, value }),
    close: () => made.terminate(),
  };
}
