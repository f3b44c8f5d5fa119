import assert from "node:assert/strict";
import { test } from "node:test";
import * as numbers from "../../../assets/stepper/pure/numbers.js";
import { name } from "../../../assets/stepper/pure/arithmetic.js";
import { enough } from "../../../assets/stepper/pure/rows.js";

const { counted, fixed, percent, power, product, rounded, short, signed, sub, total } = numbers;

test("a number has a true minus sign, and none before zero", () => {
  assert.equal(fixed(-0.25, 2), "−0.25");
  assert.equal(fixed(-0.0004, 3), "0.000");
  assert.equal(fixed(0, 1), "0.0");
  assert.equal(fixed(NaN, 2), "–");
});

test("a sign stands before what is not zero as shown", () => {
  assert.equal(signed(0.5, 1), "+0.5");
  assert.equal(signed(0.04, 1), "0.0");
  assert.equal(signed(-0.04, 1), "0.0");
  assert.equal(signed(-1, 0), "−1");
});

test("powers of ten, one and several", () => {
  assert.equal(power(2.1e-7), "2 × 10⁻⁷");
  assert.equal(power(-3e12), "−3 × 10¹²");
  assert.equal(power(0), "0 × 10⁰");
  assert.equal(counted(1, "token"), "1 token");
  assert.equal(counted(0.5, "token"), "0.5 tokens");
});

test("names, shares and tokens", () => {
  assert.equal(sub(107), "₁₀₇");
  assert.equal(name("f", 7, 2), "f₃[7]");
  assert.equal(percent(0.005), "1 %");
  assert.equal(percent(NaN), "–");
  assert.equal(short("a".repeat(24)), "a".repeat(24));
  assert.equal(short("😀".repeat(25)), `${"😀".repeat(24)}…`); // no half of a pair
});

test("rounding and sums", () => {
  assert.equal(rounded(1.0005, 2), 1);
  assert.equal(total([0.5, 0.25]), 0.75);
  assert.equal(total([]), 0);
  assert.equal(product([2, 3, 4]), 24);
  assert.equal(product([]), 1);
  assert.equal(
    enough((digits) => digits >= 5),
    5,
  );
  assert.equal(
    enough(() => false),
    8,
  );
});
