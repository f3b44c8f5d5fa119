// A hand-out's own script: makes of the modules that stand in the page as text blobs that import each other, and starts
// the one of them that is the page's. A file:// page may not import modules from files. modules: path -> text, whatever
// a module imports before it, with "module:PATH" for each import (core/handout/modules.py).
"use strict";
(async () => {
  const place = document.getElementById("modules");
  /** @type {Record<string, string>} */
  const sources = JSON.parse(place?.textContent ?? "");
  /** @type {Record<string, string>} */
  const addresses = {};
  for (const [path, text] of Object.entries(sources)) {
    const joined = text.replace(/"module:([^"]+)"/g, (_, other) => JSON.stringify(addresses[other]));
    addresses[path] = URL.createObjectURL(new Blob([joined], { type: "text/javascript" }));
  }
  const page = await import(addresses[place?.dataset.entry ?? ""]);
  await page.open((/** @type {string} */ path) => import(addresses[path]));
})().catch((error) => {
  const notice = document.createElement("p");
  notice.textContent = `This browser cannot run the hand-out (${error.message}). Its texts are above.`;
  document.querySelector(".gs-root")?.replaceChildren(notice);
  for (const article of document.querySelectorAll("#texts > *")) article.toggleAttribute("hidden", false);
});
