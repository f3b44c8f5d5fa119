// Which networks can go on to the other pages, which show one layer of an RNN, an LSTM or a GRU that reads
// words or letters.

/**
 * Why a network cannot, as the name of a sentence; "" if it can.
 * @param {import("./types").Architecture} architecture
 * @param {boolean} own whether it learns from the reader's own data
 */
export function unusable({ layers, cell, keep, readout }, own) {
  if (own) return "own";
  if (readout === "linear") return "numbers"; // the tasks that ask for a number read numbers
  if (layers > 1) return "layers";
  if (!["rnn", "lstm", "gru"].includes(cell)) return "cell";
  return cell === "gru" && keep !== "z" ? "keep" : "";
}
