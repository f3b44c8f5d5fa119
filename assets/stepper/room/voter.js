// Who answers: a random id that this tab keeps for a room.

/** @param {import("../types").Keep} keep */
export function voter(keep) {
  const kept = keep.get("voter");
  if (kept) return kept;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const id = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  keep.set("voter", id);
  return id;
}
