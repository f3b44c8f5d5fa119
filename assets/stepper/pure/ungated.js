// How a state-space cell and attention are drawn: see wiring.js.
import { BELT, box, BUS, INPUT, LOW, op, plan, rises, strip } from "./pieces.js";

/**
 * @typedef {import("../types").Cell} Cell
 */

/**
 * @param {Cell} _
 * @param {(id: string) => string} curve the symbol of the activation at a place
 */
export function ssm(_, curve) {
  return plan({
    wires: [
      ...rises({ delta: 150, u: 260, b: 360, c: 460 }, LOW + 15),
      ["start", `M0 ${BELT}H138`, "h"],
      ["keep", `M150 ${LOW - 15}V205`, "delta"],
      ["h", "M150 175V68", "keep"],
      ["h", "M150 222H248", "delta"],
      ["u", `M260 ${LOW - 15}V234`, "u"],
      ["h", "M260 210V150H318", "u"],
      ["b", `M360 ${LOW - 15}V150H342`, "b"],
      ["h", "M330 138V68", "h"],
      ["h", `M162 ${BELT}H318`, "h"],
      ["h", `M342 ${BELT}H600`, "h"],
      ["y", `M520 ${BELT}V138`, "h"],
      ["c", `M460 ${LOW - 15}V150H508`, "c"],
      ["y", "M520 162V188", "y"],
      ["y", "M260 264H564V200H532", "u"],
      ["y", `M520 212V${BUS}H600`, "y"],
    ],
    strips: [
      strip("start", "h_before", 56, BELT, "h before"),
      strip("start", "x", 56, INPUT, "x"),
      strip("delta", "delta", 150, 250, "Δ"),
      strip("u", "u", 260, 250, "u"),
      strip("b", "b", 360, 214, "B"),
      strip("c", "c", 460, 214, "C"),
      strip("keep", "keep", 150, 120, "Ā"),
      strip("h", "h.1", 240, BELT, "Ā ⊙ h"),
      strip("h", "h.2", 330, 106, "Δ⊙u Bᵀ"),
      strip("h", "h", 440, BELT, "h"),
      strip("y", "y", 540, 292, "y"),
    ],
    nodes: [
      box("delta", 150, curve("delta"), LOW),
      box("u", 260, "W", LOW),
      box("b", 360, "W", LOW),
      box("c", 460, "W", LOW),
      box("keep", 150, "exp", 190),
      op("h", 150, BELT, "×"),
      op("h", 260, 222, "×"),
      op("h", 330, 150, "×"),
      op("h", 330, BELT, "+"),
      op("y", 520, 150, "·"),
      op("y", 520, 200, "+"),
      ["y", "small", 564, 230, "D"],
    ],
  });
}

/** The keys and values of all words so far are what it keeps: "k*" and "v*". */
export function attention() {
  return plan({
    wires: [
      ...rises({ q: 110, k: 280, v: 450 }, LOW + 15),
      ["weights", `M110 ${LOW - 15}V145`, "q"],
      ["k", `M280 ${LOW - 15}V204`, "k"],
      ["v", `M450 ${LOW - 15}V204`, "v"],
      ["weights", "M242 170H190V130H137", "k"],
      ["weights", `M110 115V${BELT}H438`, "weights"],
      ["y", "M450 136V68", "v"],
      ["y", `M462 ${BELT}H600`, "y"],
    ],
    strips: [
      strip("start", "x", 56, INPUT, "x"),
      strip("q", "q", 110, 236, "q"),
      strip("k", "k", 280, 244, "k"),
      strip("v", "v", 450, 244, "v"),
      strip("k", "k*", 280, 170, "k so far"),
      strip("v", "v*", 450, 170, "v so far"),
      strip("weights", "weights", 270, BELT, "w"),
      strip("y", "y", 530, BELT, "y"),
    ],
    nodes: [
      box("q", 110, "W", LOW),
      box("k", 280, "W", LOW),
      box("v", 450, "W", LOW),
      box("weights", 110, "softmax", 130),
      op("y", 450, BELT, "×"),
    ],
  });
}
