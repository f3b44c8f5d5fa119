// A hand-out's own script: makes of the modules that stand in the page as text blobs that import each other, and starts
// handout.js. A file:// page may not import modules from files. modules: path -> text, whatever a module imports before
// it, with "module:PATH" for each import (core/handout/modules.py).
"use strict";
(async () => {
  /** @type {Record<string, string>} */
  const sources = JSON.parse(document.getElementById("modules")?.textContent ?? "");
  /** @type {Record<string, string>} */
  const addresses = {};
  for (const [path, text] of Object.entries(sources)) {
    const joined = text.replace(/"module:([^"]+)"/g, (_, other) => JSON.stringify(addresses[other]));
    addresses[path] = URL.createObjectURL(new Blob([joined], { type: "text/javascript" }));
  }
  await (await import(addresses["handout/handout.js"])).open();
})().catch((error) => {
  const notice = document.createElement("p");
  notice.textContent = `This browser cannot run the hand-out (${error.message}). Its texts are above.`;
  document.querySelector(".gs-root")?.replaceChildren(notice);
  for (const article of document.querySelectorAll("#texts > *")) article.toggleAttribute("hidden", false);
});
