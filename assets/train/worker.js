// The training in a Web Worker: it trains in slices, listens between them, and sends what is drawn when it is asked to.
import { loop } from "./loop.js";

const scope = /** @type {any} */ (self);
const answer = loop((/** @type {import("./types").Said} */ said) => scope.postMessage(said));
scope.onmessage = (/** @type {MessageEvent<import("./types").Told>} */ event) => answer(event.data);
