import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { collisions, help, markdown, unfocused } from "../../../assets/stepper/pure/keyhelp.js";
import { labelled, pressed, SHORTCUTS } from "../../../assets/stepper/pure/keys.js";

const FREE = { shiftKey: false, altKey: false, ctrlKey: false, metaKey: false };

test("no key means two things where it is heard", () => {
  assert.deepEqual(collisions(SHORTCUTS), []);
});

test("a collision is found", () => {
  /** @type {import("../../../assets/stepper/pure/keys.js").Shortcut} */
  const again = { id: "again", scope: "quiz", keys: ["ArrowLeft"], does: "something else" };
  assert.deepEqual(collisions([...SHORTCUTS, again]), ["arrowleft", "shift+arrowleft"]);
  assert.deepEqual(collisions([{ ...again, keys: ["R"] }]), ["r"]);
  assert.deepEqual(collisions([...SHORTCUTS, { ...again, scope: "part" }]), []); // it takes the key from the stepper
});

test("a scope has an id once", () => {
  const names = SHORTCUTS.map(({ scope, id }) => `${scope} ${id}`);
  assert.deepEqual(names, [...new Set(names)]);
});

test("keys are told apart by Shift, and are none of ours with Ctrl", () => {
  assert.equal(pressed("stepper", { ...FREE, key: "ArrowLeft" })?.id, "back");
  assert.equal(pressed("stepper", { ...FREE, key: "ArrowLeft", shiftKey: true })?.id, "back ten");
  assert.equal(pressed("stepper", { ...FREE, key: "?", shiftKey: true })?.id, "help");
  assert.equal(pressed("stepper", { ...FREE, key: "Home", ctrlKey: true }), undefined);
  assert.equal(pressed("predict", { ...FREE, key: "ArrowLeft" }), undefined);
});

test("labels name the key", () => {
  assert.equal(labelled("Play", "play"), "Play (Space)");
  assert.throws(() => labelled("Fly", "fly"));
});

test("the help names every shortcut", () => {
  assert.equal(help().flatMap(([, rows]) => rows).length, SHORTCUTS.length);
  assert.match(unfocused(), /^Left, Right, Shift\+Left, .* in a story Down too\.$/);
});

test("the docs have this table", async () => {
  const readme = await readFile(new URL("../../../docs/using.md", import.meta.url), "utf-8");
  const [, from] = readme.split("<!-- keys: as assets/stepper/pure/keyhelp.js writes them -->\n");
  assert.equal(from?.split("\n<!-- /keys -->")[0], markdown());
});
