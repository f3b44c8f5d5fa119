// How minGRU, minLSTM and sLSTM are drawn: see wiring.js. What their gates do not see has no wire to them.
import { BELT, box, BUS, GATE, HIGH, INPUT, LOW, op, plan, rises, strip, wire } from "./pieces.js";

/**
 * @typedef {import("../types").Cell} Cell
 */

/**
 * @param {Cell} _
 * @param {(id: string) => string} curve the symbol of the activation at a place
 */
export function mingru(_, curve) {
  return plan({
    wires: [
      ...rises({ z: 150, n: 420 }, GATE + 15),
      ["start", `M0 ${BELT}H138`, "h"],
      ["z", `M150 ${GATE - 15}V136`, "z"],
      ["h", "M150 136V102M150 78V68", "z"],
      ["h", "M150 124H408", "z"],
      ["n", `M420 ${GATE - 15}V136`, "n"],
      ["h", `M162 ${BELT}H408`, "h"],
      ["h", "M420 112V68", "n"],
      ["h", `M432 ${BELT}H600`, "h"],
    ],
    strips: [
      strip("start", "h_before", 56, BELT, "h before"),
      strip("start", "x", 56, INPUT, "x"),
      strip("z", "z", 150, HIGH, "z"),
      strip("n", "n", 420, HIGH, "h̃"),
      strip("h", "h.1", 285, BELT, "(1−z) ⊙ h"),
      strip("h", "h.2.1", 300, 124, "z"),
      strip("h", "h.2", 420, 90, "z ⊙ h̃"),
      strip("h", "h", 520, BELT, "h"),
    ],
    nodes: [
      box("z", 150, curve("z")),
      box("n", 420, curve("n")),
      op("h", 150, 90, "1−"),
      op("h", 150, BELT, "×"),
      op("h", 420, 124, "×"),
      op("h", 420, BELT, "+"),
    ],
  });
}

/**
 * @param {Cell} _
 * @param {(id: string) => string} curve the symbol of the activation at a place
 */
export function minlstm(_, curve) {
  return plan({
    wires: [
      ...rises({ f: 130, i: 270, n: 440 }, LOW + 15),
      ["start", `M0 ${BELT}H118`, "h"],
      ["keep", `M130 ${LOW - 15}V180M270 214H176V168H142`, "f"],
      ["write", `M270 ${LOW - 15}V180M130 226H224V168H258`, "i"],
      ["h", `M130 156V68`, "keep"],
      ["h", "M282 168H428", "write"],
      ["n", `M440 ${LOW - 15}V180`, "n"],
      ["h", "M440 156V68", "n"],
      ["h", `M142 ${BELT}H428`, "h"],
      ["h", `M452 ${BELT}H600`, "h"],
    ],
    strips: [
      strip("start", "h_before", 56, BELT, "h before"),
      strip("start", "x", 56, INPUT, "x"),
      strip("f", "f", 130, 252, "f"),
      strip("i", "i", 270, 252, "i"),
      strip("keep", "keep", 130, 118, "f′"),
      strip("write", "write", 354, 168, "i′"),
      strip("n", "n", 440, 236, "h̃"),
      strip("h", "h.1", 285, BELT, "f′ ⊙ h"),
      strip("h", "h.2", 440, 110, "i′ ⊙ h̃"),
      strip("h", "h", 530, BELT, "h"),
    ],
    nodes: [
      box("f", 130, curve("f"), LOW),
      box("i", 270, curve("i"), LOW),
      box("n", 440, curve("n"), LOW),
      op("keep", 130, 168, "÷"),
      op("write", 270, 168, "÷"),
      op("h", 130, BELT, "×"),
      op("h", 440, 168, "×"),
      op("h", 440, BELT, "+"),
    ],
  });
}

/**
 * @param {Cell} _
 * @param {(id: string) => string} curve the symbol of the activation at a place
 */
export function slstm(_, curve) {
  const [top, norm] = [40, 84]; // the belts of c and n
  /** @type {Record<string, number>} */
  const boxes = { a_f: 110, a_i: 220, g: 350, o: 440 };
  const sums = Object.entries(boxes).flatMap(([array, x]) => [
    wire(array, `M${x - 12} ${BUS}V${LOW + 5}`, "h"),
    wire(array, `M${x + 12} ${INPUT}V${LOW + 5}`, "x"),
  ]);
  return plan({
    wires: [
      ...sums,
      ["start", `M0 ${BUS}H428`, "h"],
      ["start", `M0 ${INPUT}H452`, "x"],
      ["start", `M0 ${top}H98`, "c"],
      ["start", `M0 ${norm}H98`, "n"],
      ["start", "M0 196H138", "m"],
      ["m", "M110 265V212H138", "a_f"],
      ["m", "M220 265V212H192", "a_i"],
      ["f", "M110 212V165", "a_f"],
      ["i", "M220 212V165", "a_i"],
      ["f", "M165 190V150H137", "m"],
      ["i", "M165 150H193", "m"],
      ["c", `M110 135V${norm + 12}M110 ${norm - 12}V${top + 12}`, "f"],
      ["n", `M220 135V${norm + 12}`, "i"],
      ["c", "M247 150H298", "i"],
      ["g", "M350 265V150H322", "g"],
      ["c", `M310 138V${top + 12}`, "c"],
      ["c", `M122 ${top}H298`, "c"],
      ["c", `M322 ${top}H600`, "c"],
      ["n", `M122 ${norm}H208`, "n"],
      ["n", `M232 ${norm}H600`, "n"],
      ["h", `M490 ${norm}V110H512`, "n"],
      ["h", `M524 ${top}V98`, "c"],
      ["h", "M524 122V168", "c"],
      ["o", "M440 265V180H512", "o"],
      ["h", `M524 192V${BUS}H600`, "h"],
    ],
    strips: [
      strip("start", "c_before", 46, top, "c before"),
      strip("start", "n_before", 46, norm, "n before"),
      strip("start", "m_before", 46, 196, "m before"),
      strip("start", "h_before", 46, BUS, "h before"),
      strip("start", "x", 46, INPUT, "x"),
      strip("a_f", "a_f", 110, 240, "f̃"),
      strip("a_i", "a_i", 220, 240, "ĩ"),
      strip("m", "m", 165, 176, "m"),
      strip("f", "f", 110, 116, "f′"),
      strip("i", "i", 220, 116, "i′"),
      strip("g", "g", 350, 210, "g"),
      strip("o", "o", 440, 232, "o"),
      strip("c", "c.1", 210, top, "f′ ⊙ c"),
      strip("c", "c.2", 310, 112, "i′ ⊙ g"),
      strip("c", "c", 420, top, "c"),
      strip("n", "n.1", 165, norm, "f′ ⊙ n"),
      strip("n", "n", 420, norm, "n"),
      strip("h", "h.2", 524, 144, "c / n"),
      strip("h", "h", 524, 250, "h"),
    ],
    nodes: [
      box("a_f", 110, "+", 280),
      box("a_i", 220, "+", 280),
      box("g", 350, curve("g"), 280),
      box("o", 440, curve("o"), 280),
      box("m", 165, "max", 205),
      box("f", 110, "exp", 150),
      box("i", 220, "exp", 150),
      op("c", 110, top, "×"),
      op("n", 110, norm, "×"),
      op("c", 310, 150, "×"),
      op("c", 310, top, "+"),
      op("n", 220, norm, "+"),
      op("h", 524, 110, "÷"),
      op("h", 524, 180, "×"),
    ],
  });
}
