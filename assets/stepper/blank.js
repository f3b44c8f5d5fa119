// Fill in: `?blank=f,c` hides those arrays' numbers until the reader has worked them out, to within 0.01.
const NEAR = 0.01;

export function create(frame, state, { frame: { element }, arrays: { fixed } }) {
  const { blank } = frame;
  const names = new Set((new URLSearchParams(location.search).get("blank") ?? "").split(",").map((name) => name.trim()).filter(Boolean));
  const solved = new Set();
  const key = (panel, step = state.step, unit = state.unitIn(panel)) => `${state.reading.id} ${panel.id} ${step} ${unit}`;
  // `of`: a vector worked out from other arrays is hidden with them.
  state.hidden = (panel, step, unit) => (panel.of ?? [panel]).some((p) => hidden(p, step, unit));
  const hidden = (panel, step, unit) => names.has(panel.name) && !solved.has(key(panel, step, unit));
  state.blanks = () => names.size > 0;

  const input = element("input", { inputmode: "decimal", size: 8, class: "gs-fill", "data-testid": "stepper-fill", "aria-label": "Your answer" });
  const said = element("span", { role: "status" });
  const label = element("label", {}, "", input);
  const form = element("form", { class: "gs-fill-form" }, label, element("button", { type: "submit", class: "gs-answer" }, "check"), said);
  blank.append(form);
  let at = "";

  form.onsubmit = (event) => {
    event.preventDefault();
    const panel = state.panel(), value = state.value(panel);
    const answer = Number(input.value.trim().replace("−", "-").replace(",", "."));
    if (input.value.trim() === "" || Number.isNaN(answer)) { said.textContent = "That is no number; write it like 0.42"; return; }
    if (Math.abs(answer - value) > NEAR + 1e-9) { said.textContent = "Not yet: more than 0.01 away."; return; }
    solved.add(key(panel));
    at = key(panel);
    state.publish({ array: true, unit: true, step: true });
    said.textContent = `Right: ${fixed(value, 3)}.`;
    frame.root.focus({ preventScroll: true });
  };

  return {
    update() {
      blank.hidden = !names.size || !state.reading.length || state.level === "story";
      if (blank.hidden) return;
      const panel = state.panel(), hidden = state.hidden(panel);
      const now = key(panel);
      if (now !== at) { input.value = ""; said.textContent = ""; at = now; }
      label.firstChild.textContent = `${panel.letter} at t = ${state.step + 1}, unit ${state.unitIn(panel)} = `;
      for (const part of [label, form.children[1]]) part.hidden = !hidden;
    },
  };
}
