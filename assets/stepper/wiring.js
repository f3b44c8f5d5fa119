// How each cell is drawn: wires, strips (vectors) and nodes, on a ground of 600 × 380. Every piece belongs to the array that it helps to compute.
// Strips: [array, vector's id (see cell.js), x, y, label]; wires: [array, path, style]; nodes: [array, kind, x, y, text].
const BELT = 56, GATE = 240, HIGH = 196, BUS = 326, INPUT = 354;

const box = (array, x, text, y = GATE) => [array, "box", x, y, text];
const op = (array, x, y, text) => [array, "op", x, y, text];
// The input's and the state's wires into a gate: W x from below, U h beside it.
const taps = (array, x) => [[array, `M${x - 12} ${BUS}V${GATE + 15}`, "h"], [array, `M${x + 12} ${INPUT}V${GATE + 15}`, "x"]];
const gate = (array, x, text, wire) => ({
  wires: [...taps(array, x), [array, `M${x} ${GATE - 15}${wire}`, array]],
  strips: [[array, array, x, HIGH, array]],
  nodes: [box(array, x, text)],
});
const feeds = (end) => ({
  wires: [["start", `M0 ${BUS}H${end}`, "h"], ["start", `M0 ${INPUT}H${end + 24}`, "x"]],
  strips: [["start", "h_before", 56, BUS, "h before"], ["start", "x", 56, INPUT, "x"]], nodes: [],
});
const joined = (...parts) => ({ wires: parts.flatMap((p) => p.wires), strips: parts.flatMap((p) => p.strips), nodes: parts.flatMap((p) => p.nodes) });

function lstm({ lines, inside }, symbol) {
  const keeps = lines.f.plan[0] !== "one", own = lines.i.plan[0] === "apply", peeps = inside.peephole !== null;
  const squash = lines.h.plan[2][1];
  return joined(
    feeds(438),
    {
      wires: [["start", `M0 ${BELT}H${keeps ? 128 : 288}`, "c"], ...(keeps ? [["c", `M152 ${BELT}H288`, "c"]] : []), ["c", `M312 ${BELT}H600`, "c"],
        ["h", `M540 ${BELT}V160`, "c"], ["h", `M540 184V${BUS}H600`, "h"]],
      strips: [["start", "c_before", 56, BELT, "c before"], ["c", "c", 450, BELT, "c"], ["h", "h.2", 540, 130, ""], ["h", "h", 540, 226, "h"],
        ...(keeps ? [["c", "c.1", 220, BELT, "f ⊙ c"]] : []), ["c", "c.2", 300, 100, "i ⊙ g"]],
      nodes: [...(keeps ? [op("c", 140, BELT, "×")] : []), op("c", 300, BELT, "+"), op("c", 300, 150, "×"), box("h", 540, symbol(squash), 92), op("h", 540, 172, "×")],
    },
    { wires: [["c", "M300 138V68", "c"]], strips: [], nodes: [] },
    keeps ? gate("f", 140, symbol(lines.f.plan[1]), `V68`) : joined(),
    own ? gate("i", 250, symbol(lines.i.plan[1]), "V150H288")
      : { wires: [["i", `M140 166H196V${GATE}H238`, "f"], ["i", `M250 ${GATE - 12}V150H288`, "i"]], strips: [["i", "i", 250, HIGH, "i"]], nodes: [op("i", 250, GATE, "1−")] },
    gate("g", 350, symbol(lines.g.plan[1]), "V150H312"),
    gate("o", 450, symbol(lines.o.plan[1]), "V172H528"),
    peeps ? { wires: [...(keeps ? [["f", `M112 ${BELT}V96H92V${GATE}H113`, "peep"]] : []), ...(own ? [["i", `M112 ${BELT}V96H200V${GATE}H223`, "peep"]] : []), ["o", `M400 ${BELT}V${GATE}H423`, "peep"]], strips: [], nodes: [] } : joined(),
  );
}

function gru({ lines, inside }, symbol) {
  const keep = lines.h.plan[1][1][0] === "var", after = inside.reset === "after"; // keep: z itself multiplies the old state
  const rest = (x, y) => op("h", x, y, "1−"), end = after ? 345 : 318;
  return joined(
    feeds(end),
    {
      wires: [["start", `M0 ${BELT}H138`, "h"], ["h", `M162 ${BELT}H408`, "h"], ["h", `M432 ${BELT}H600`, "h"], ["h", `M420 112V68`, "n"],
        ["h", keep ? "M150 124H258M282 124H408" : "M150 124H408", "z"], ["n", `M432 ${INPUT}V${GATE + 15}`, "x"], ["n", `M${end + 24} ${INPUT}H432`, "x"], ["n", `M420 ${GATE - 15}V136`, "n"]],
      strips: [["h", "h.1", 285, BELT, keep ? "z ⊙ h" : "(1−z) ⊙ h"], ["h", "h", 520, BELT, "h"], ["h", "h.2.1", 345, 124, keep ? "1−z" : "z"], ["h", "h.2", 420, 90, keep ? "(1−z) ⊙ n" : "z ⊙ n"], ["n", "n", 420, HIGH, "n"]],
      nodes: [op("h", 150, BELT, "×"), op("h", 420, BELT, "+"), op("h", 420, 124, "×"), keep ? rest(270, 124) : rest(150, 90), box("n", 420, symbol(lines.n.plan[1]))],
    },
    gate("z", 150, symbol(lines.z.plan[1]), "V68"),
    gate("r", 270, symbol(lines.r.plan[1]), after ? `V160H345V${GATE - 12}` : "V160H318V288"),
    after
      ? { wires: [["n", `M345 ${BUS}V${GATE + 12}`, "h"], ["n", `M357 ${GATE}H393`, "n"]], strips: [["n", "n.2.2.2", 345, 280, "U h + b′"]], nodes: [op("n", 345, GATE, "×"), ["n", "small", 345, 306, "U"]] }
      : { wires: [["n", `M318 ${BUS}V312`, "h"], ["n", `M330 300H408V${GATE + 15}`, "n"]], strips: [["n", "n.2.2.4", 371, 300, "r ⊙ h"]], nodes: [op("n", 318, 300, "×"), ["n", "small", 408, 274, "U"]] },
  );
}

function rnn({ lines }, symbol) {
  const y = 170;
  return {
    wires: [["start", `M0 ${y}H128`, "h"], ["sum", `M152 ${y}H298`, "h"], ["start", `M0 ${INPUT}H310V310`, "x"], ["sum", `M310 290V182`, "x"], ["sum", `M310 96V158`, "plain"], ["sum", `M322 ${y}H442`, "plain"], ["h", `M478 ${y}H600`, "h"]],
    strips: [["start", "h_before", 56, y, "h before"], ["sum", "h.2.2", 225, y, "U h + b′"], ["start", "x", 56, INPUT, "x"], ["sum", "h.2.1", 310, 240, "W x + b"], ["sum", "h.2", 385, y, "a"], ["h", "h", 540, y, "h"]],
    nodes: [["sum", "small", 140, y, "U"], ["sum", "small", 310, 300, "W"], op("sum", 310, y, "+"), box("h", 460, symbol(lines.h.plan[1]), y)],
  };
}

export const wiring = (kind, cell, symbol) => ({ lstm, gru, rnn })[kind](cell, symbol);
