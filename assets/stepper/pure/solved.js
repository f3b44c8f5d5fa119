// The lines of a worked solution that a layer came with.

/**
 * @typedef {import("../types").Panel} Panel
 */

/**
 * Those of one place; none where nothing is asked.
 * @param {Panel} panel
 * @param {number} step
 * @param {number} unit
 */
export const linesAt = ({ lines = [] }, step, unit) =>
  lines.filter((line) => line.step === step && line.unit === unit);

/**
 * The formulas of a step in the order of computation, each with the array that it gives.
 * @param {import("../types").Cell} cell
 * @param {boolean} back of the way back, else of what comes after the cell
 * @param {number} step
 */
export function formulas(cell, back, step) {
  const panels = Object.values(cell.byName).filter(({ lines, back: of }) => lines && Boolean(of) === back);
  return panels.flatMap((panel) => {
    const told = linesAt(panel, step, 0).map(({ formula }) => formula);
    return told.map((formula) => ({ panel, ...must(panel.layer.back).formulas[formula] }));
  });
}

/** @param {import("../types").Back | null} back */
function must(back) {
  if (!back) throw new Error("the formulas are not here");
  return back;
}
