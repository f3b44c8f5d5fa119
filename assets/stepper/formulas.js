// The cell's equations, the line at work lit, in the notation of one's choice; the walk through them; copying them as LaTeX.
const STORE = "gatescope-notation";
const store = (() => { try { return localStorage; } catch { return null; } })(); // a hand-out inside another page may not have one
const OURS = ["ours", "torch"]; // notations whose formulas have the shapes of our layout

export function create(frame, state, { frame: { element } }) {
  const { formulas, walk } = frame;
  const select = element("select", { class: "gs-select", "aria-label": "Notation" });
  const note = element("p", { class: "gs-note" });
  const list = element("div", { class: "gs-lines", role: "group", "aria-label": "Equations" });
  const [up, down] = [["↑", "Inner step before (Up)", -1], ["↓", "Next inner step (Down)", 1]].map(([face, label, by]) => {
    const made = element("button", { type: "button", class: "gs-button", "aria-label": label, title: label, "data-testid": `stepper-inner-${by < 0 ? "prev" : "next"}` }, face);
    made.onclick = () => state.walk(by);
    return made;
  });
  const where = element("span", { class: "gs-where", "data-testid": "stepper-inner" });
  const copies = [["copy as LaTeX", false], ["with the numbers", true]].map(([label, numbers]) => {
    const made = element("button", { type: "button", class: "gs-plain", "data-label": label }, label);
    made.onclick = async () => {
      try {
        await navigator.clipboard.writeText(latex(numbers));
        for (const other of copies) other.textContent = other.dataset.label;
        made.textContent = "copied";
      } catch {
        made.textContent = "the browser does not let us copy";
      }
      setTimeout(() => { made.textContent = label; }, 2000);
    };
    return made;
  });
  walk.append(up, down, where);
  formulas.append(list, element("div", { class: "gs-notation" }, element("label", {}, "written as in ", select), ...copies), note);
  let shown = "", buttons = [];

  const line = () => state.cell()?.lines[state.panel().name];
  // The chosen line as LaTeX; with the numbers: its sum, rounding included, and what stands above the arithmetic.
  function latex(numbers) {
    const { latex: written } = line() ?? state.cell().lines[state.cell().walk[0].name];
    const formula = written[select.value];
    if (!numbers) return formula;
    const plain = (text) => text.replaceAll("−", "-").replaceAll("+", "");
    const worked = plain(frame.arithmetic.querySelector("[data-testid=stepper-worked]").textContent).split(" = ").slice(1);
    const rows = [...frame.arithmetic.querySelectorAll("tr:is([data-part=group], [data-part=rounding])")].map((row) => plain(row.lastChild.textContent));
    const sum = rows.join(" + ").replaceAll("+ -", "- ");
    const applied = rows.length && frame.arithmetic.querySelector("[data-part=group]") && /\(.*\)/.test(worked[0]) ? [worked[0].replace(/\(.*\)/, `(${sum})`)] : [];
    const tex = (part) => part.replaceAll(" · ", " \\cdot ").replaceAll("σ", "\\sigma").replace(/\|?tanh\|?/g, (name) => name.replace("tanh", "\\tanh")).replace(/\b(hard|ReLU|LeakyReLU|softmax)\b/g, "\\mathrm{$1}");
    return `${formula}\n${[formula.split(" = ")[0], ...[...applied, ...worked].map(tex)].join(" = ")} % t = ${state.step + 1}, unit ${state.unit}`;
  }

  select.onchange = () => {
    store?.setItem(STORE, select.value);
    draw();
  };

  function draw() {
    const cell = state.cell();
    note.textContent = state.reading.notations.find((n) => n.name === select.value)?.note ?? "";
    buttons = cell.inside.lines.map(({ name, math, shape }) => {
      const made = element("button", { type: "button", class: "gs-equation", title: `Choose the ${cell.byName[name].title}`, "data-line": name });
      made.innerHTML = math[select.value]; // made by our server from our equations
      if (OURS.includes(select.value)) made.append(element("span", { class: "gs-shape" }, shape)); // shapes are those of our layout
      made.onclick = () => state.choose({ array: cell.byName[name].id });
      return made;
    });
    list.replaceChildren(...buttons);
    light();
  }

  function light() {
    const { name } = state.panel();
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.line === name));
    const { walk: stages } = state.cell();
    where.textContent = state.inner < 0 ? "the input, before any of it" : `inner step ${state.inner + 1} of ${stages.length}: ${stages[state.inner].label}`;
    up.disabled = state.inner <= 0;
    down.disabled = state.inner >= stages.length - 1;
  }

  return {
    update(change) {
      if (change.reading && !select.options.length) {
        select.append(...state.reading.notations.map(({ name, title }) => element("option", { value: name }, title)));
        const kept = store?.getItem(STORE);
        select.value = state.reading.notations.some((n) => n.name === kept) ? kept : "ours";
      }
      if (state.level !== "inside" || !state.reading.length || !state.cell()) return;
      const now = state.cell().inside.lines.map((l) => l.latex.ours).join() + state.panel().layer.name;
      if (now !== shown) draw();
      else if (change.array || change.level) light();
      shown = now;
    },
  };
}
