// The inside of the cell: fetched when it is asked for, or once the rest stands.
import * as arithmetic from "./arithmetic.js";
import * as diagram from "./diagram.js";
import * as formulas from "./formulas.js";
import * as gradients from "./gradients.js";
import * as origin from "./origin.js";

export { open } from "../pure/cell.js";

/**
 * Its views.
 * @param {import("../types").Frame} frame
 * @param {import("../types").State} state
 * @returns {import("../types").View[]}
 */
export const create = (frame, state) =>
  [diagram, gradients, formulas, arithmetic, origin].map((view) => view.create(frame, state));
