// Every variant of every cell, worked out by the interpreter of plans: the core's arrays.
import { test } from "node:test";
import { floats } from "../../../assets/stepper/pure/arrays.js";
import { run } from "../../../assets/stepper/pure/compute.js";
import { close, doubles, variants } from "./core.js";

for (const { name, body, arrays } of variants) {
  if (body.layers[0].inside.turned) continue; // what is typed over is read from the left
  test(name, () => {
    const [{ inside, units }] = body.layers;
    const { rows } = run(inside, units, Float64Array.from(floats(inside.x)));
    for (const [array, wanted] of Object.entries(arrays)) close(rows[array], doubles(wanted), 1e-12, array);
  });
}
