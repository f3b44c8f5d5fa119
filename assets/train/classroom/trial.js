// One seed of a class's experiment: each network in turn makes so many updates, and only its final figures leave the
// browser. The same seed gives both networks the same batches, as on the page Train.
import { Session } from "../session.js";

const AT_ONCE = 25; // updates between two words of progress
const LARGEST = 1e30; // a squared error beyond it counts as diverged

/**
 * @param {import("./types").Experiment} experiment
 * @param {number} seed
 * @param {(said: import("./types").TrialSaid) => void} say
 */
export function trial({ task, length, batch, updates, goal, networks }, seed, say) {
  for (const network of networks) {
    const session = new Session({ task, data: {}, length, batch, seed, probe: "", networks: [network] });
    while (!session.over && session.updates < updates) {
      session.run(() => false, Math.min(AT_ONCE, updates - session.updates));
      say({ kind: "progress", network: network.name, updates: session.updates });
    }
    say({ kind: "outcome", network: network.name, outcome: outcome(session, goal) });
  }
}

/**
 * @param {Session} session
 * @param {number} goal
 * @returns {import("./types").Outcome}
 */
function outcome(session, goal) {
  const [network] = session.networks;
  if (!network.stopped && network.scores.at(-1)?.[0] !== session.updates) session.measure();
  const right = session.task.figure === "accuracy";
  const met = network.scores.find(([, score]) => (right ? score >= goal : score <= goal));
  const score = network.scores.at(-1)?.[1] ?? NaN;
  const diverged = network.stopped || !(score <= LARGEST);
  return {
    score: diverged ? null : score,
    needed: met ? met[0] : null,
    stopped: diverged ? session.updates : null,
  };
}
