// The engine's products and curves on 32-bit numbers, four lanes at once: AssemblyScript, which `python -m tests.wasm`
// compiles into wasm.js. Arrays are given by their addresses in bytes, sizes as counts of numbers; lanes are a multiple
// of four. kernels.js and curves.js are the same in JavaScript.

@inline
function at(address: usize): v128 {
  return v128.load(address);
}

@inline
function into(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b));
}

/** out += M x: out (rows, lanes), M (rows, inner), x (inner, lanes). */
export function product(out: usize, M: usize, x: usize, rows: usize, inner: usize, lanes: usize): void {
  const row = lanes << 2, width = inner << 2;
  let r: usize = 0;
  for (; r + 4 <= rows; r += 4, out += 4 * row, M += 4 * width) {
    let b: usize = 0;
    for (; b + 8 <= lanes; b += 8) eightLanes(out + (b << 2), M, x + (b << 2), width, row);
    if (b < lanes) fourLanes(out + (b << 2), M, x + (b << 2), width, row);
  }
  for (; r < rows; r += 1, out += row, M += width)
    for (let b: usize = 0; b < row; b += 16) {
      let sum = at(out + b);
      for (let k: usize = 0, from = x + b; k < width; k += 4, from += row) 
        sum = into(sum, v128.load32_splat(M + k), at(from));
      v128.store(out + b, sum);
    }
}

@inline
function eightLanes(out: usize, M: usize, x: usize, width: usize, row: usize): void {
  const out1 = out + row, out2 = out1 + row, out3 = out2 + row;
  let a0 = at(out), a1 = at(out + 16), b0 = at(out1), b1 = at(out1 + 16);
  let c0 = at(out2), c1 = at(out2 + 16), d0 = at(out3), d1 = at(out3 + 16);
  let m0 = M, m1 = M + width, m2 = m1 + width, m3 = m2 + width;
  for (const end = M + width; m0 < end; m0 += 4, m1 += 4, m2 += 4, m3 += 4, x += row) {
    const x0 = at(x), x1 = at(x + 16);
    let m = v128.load32_splat(m0);
    a0 = into(a0, m, x0);
    a1 = into(a1, m, x1);
    m = v128.load32_splat(m1);
    b0 = into(b0, m, x0);
    b1 = into(b1, m, x1);
    m = v128.load32_splat(m2);
    c0 = into(c0, m, x0);
    c1 = into(c1, m, x1);
    m = v128.load32_splat(m3);
    d0 = into(d0, m, x0);
    d1 = into(d1, m, x1);
  }
  v128.store(out, a0);
  v128.store(out + 16, a1);
  v128.store(out1, b0);
  v128.store(out1 + 16, b1);
  v128.store(out2, c0);
  v128.store(out2 + 16, c1);
  v128.store(out3, d0);
  v128.store(out3 + 16, d1);
}

@inline
function fourLanes(out: usize, M: usize, x: usize, width: usize, row: usize): void {
  const out1 = out + row, out2 = out1 + row, out3 = out2 + row;
  let a = at(out), b = at(out1), c = at(out2), d = at(out3);
  let m0 = M, m1 = M + width, m2 = m1 + width, m3 = m2 + width;
  for (const end = M + width; m0 < end; m0 += 4, m1 += 4, m2 += 4, m3 += 4, x += row) {
    const from = at(x);
    a = into(a, v128.load32_splat(m0), from);
    b = into(b, v128.load32_splat(m1), from);
    c = into(c, v128.load32_splat(m2), from);
    d = into(d, v128.load32_splat(m3), from);
  }
  v128.store(out, a);
  v128.store(out1, b);
  v128.store(out2, c);
  v128.store(out3, d);
}

@inline
function total(sums: v128): f32 {
  const low = f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1);
  return low + (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
}

/** G = Σ of d xᵀ: G (rows, inner), d (rows, lanes), x (inner, lanes); steps lie dStep, xStep apart. */
export function outer(
  G: usize, d: usize, dStep: usize, x: usize, xStep: usize, rows: usize, inner: usize, lanes: usize, steps: usize,
): void {
  dStep <<= 2;
  xStep <<= 2;
  const row = lanes << 2, width = inner << 2;
  for (let r: usize = 0; r < rows; ) {
    const to = G + r * width;
    const from = d + r * row;
    const tall: usize = r + 4 <= rows ? 4 : 1;
    for (let k: usize = 0; k < inner; ) {
      const other = x + k * row;
      if (tall === 4 && k + 2 <= inner) {
        eight(to + (k << 2), width, from, dStep, other, xStep, row, steps);
        k += 2;
      } else {
        for (let i: usize = 0; i < tall; i += 1)
          f32.store(to + i * width + (k << 2), dot(from + i * row, dStep, other, xStep, row, steps));
        k += 1;
      }
    }
    r += tall;
  }
}

@inline
function dot(d: usize, dStep: usize, x: usize, xStep: usize, row: usize, steps: usize): f32 {
  let sum = f32x4.splat(0);
  for (; steps > 0; steps -= 1, d += dStep, x += xStep)
    for (let b: usize = 0; b < row; b += 16) sum = into(sum, at(d + b), at(x + b));
  return total(sum);
}

@inline
function eight(G: usize, width: usize, d: usize, dStep: usize, x: usize, xStep: usize, row: usize, steps: usize): void {
  const zero = f32x4.splat(0);
  let a0 = zero, a1 = zero, b0 = zero, b1 = zero, c0 = zero, c1 = zero, e0 = zero, e1 = zero;
  for (; steps > 0; steps -= 1, d += dStep, x += xStep)
    for (let i = d, j = x; i < d + row; i += 16, j += 16) {
      const x0 = at(j), x1 = at(j + row);
      let m = at(i);
      a0 = into(a0, m, x0);
      a1 = into(a1, m, x1);
      m = at(i + row);
      b0 = into(b0, m, x0);
      b1 = into(b1, m, x1);
      m = at(i + 2 * row);
      c0 = into(c0, m, x0);
      c1 = into(c1, m, x1);
      m = at(i + 3 * row);
      e0 = into(e0, m, x0);
      e1 = into(e1, m, x1);
    }
  f32.store(G, total(a0));
  f32.store(G, total(a1), 4);
  G += width;
  f32.store(G, total(b0));
  f32.store(G, total(b1), 4);
  G += width;
  f32.store(G, total(c0));
  f32.store(G, total(c1), 4);
  G += width;
  f32.store(G, total(e0));
  f32.store(G, total(e1), 4);
}

/** e^x: 2^n times the series of e^r, |r| ≤ ln 2 / 2 (Cody & Waite 1980); beyond ±87 it is e^±87. */
@inline
function exp(x: v128): v128 {
  const a = f32x4.max(f32x4.min(x, f32x4.splat(87)), f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(a, f32x4.splat(1.44269504)));
  const high = f32x4.sub(a, f32x4.mul(n, f32x4.splat(0.693359375))); // ln 2 in two parts
  const r = f32x4.sub(high, f32x4.mul(n, f32x4.splat(-2.1219444e-4)));
  let series = into(f32x4.splat(1.0 / 120), r, f32x4.splat(1.0 / 720));
  series = into(f32x4.splat(1.0 / 24), r, series);
  series = into(f32x4.splat(1.0 / 6), r, series);
  series = into(f32x4.splat(0.5), r, series);
  series = into(f32x4.splat(1), r, series);
  series = into(f32x4.splat(1), r, series);
  const whole = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(series, whole);
}

/** y = σ(a), `count` numbers. */
export function sigmoids(a: usize, y: usize, count: usize): void {
  const one = f32x4.splat(1);
  for (const end = a + (count << 2); a < end; a += 16, y += 16)
    v128.store(y, f32x4.div(one, f32x4.add(one, exp(f32x4.neg(at(a))))));
}

/** y = tanh(a), `count` numbers; where |a| < 1/4, by its series, so that small numbers keep their digits. */
export function tanhs(a: usize, y: usize, count: usize): void {
  const one = f32x4.splat(1);
  for (const end = a + (count << 2); a < end; a += 16, y += 16) {
    const x = at(a);
    const s = f32x4.mul(x, x);
    let series = into(f32x4.splat(-17.0 / 315), s, f32x4.splat(62.0 / 2835));
    series = into(f32x4.splat(2.0 / 15), s, series);
    series = into(f32x4.splat(-1.0 / 3), s, series);
    const small = into(x, f32x4.mul(x, s), series);
    const large = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(one, exp(f32x4.add(x, x)))));
    v128.store(y, v128.bitselect(small, large, f32x4.lt(s, f32x4.splat(1.0 / 16))));
  }
}
