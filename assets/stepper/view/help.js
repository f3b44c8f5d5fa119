// The keyboard shortcuts: `?` opens this. A dialog, so that the focus stays in it, Escape closes it, and the focus goes
// back to where it was.
import { help, unfocused } from "../pure/keyhelp.js";
import { button, element } from "./element.js";

/**
 * Opens it, if it is not open.
 * @param {HTMLElement} root of the stepper: the theme's colours are known inside it
 */
export function show(root) {
  if (document.querySelector("dialog.gs-help")) return;
  const close = button({ class: "gs-answer", autofocus: "", "data-testid": "shortcuts-close" }, "Close", () =>
    dialog.close(),
  );
  const scopes = help().map(([where, rows]) =>
    element(
      "table",
      {},
      element("caption", {}, where),
      ...rows.map(([keys, does]) =>
        element("tr", {}, element("th", { scope: "row" }, element("kbd", {}, keys)), element("td", {}, does)),
      ),
    ),
  );
  const title = element("h2", { id: "gs-help-title" }, "Keyboard shortcuts");
  const list = element("div", { class: "gs-help-list" }, ...scopes);
  const dialog = element(
    "dialog",
    { class: "gs gs-help", "aria-labelledby": title.id, "data-testid": "shortcuts" },
    title,
    list,
    element("p", { class: "gs-quiet" }, unfocused()),
    close,
  );
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("keydown", (event) => event.stopPropagation()); // the stepper steps by none of them
  root.append(dialog);
  dialog.showModal();
}
