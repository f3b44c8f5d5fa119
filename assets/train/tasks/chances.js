// Chances, and what the best answer without memory scores.

/**
 * The entropy of some chances, in nats.
 * @param {number[]} chances their sum is 1
 */
export const entropy = (...chances) => chances.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);

/**
 * The mean of a smooth function over an interval (Simpson's rule).
 * @param {(value: number) => number} of
 * @param {readonly [number, number]} range
 */
export function average(of, [low, high]) {
  const parts = 128;
  let sum = of(low) + of(high);
  for (let k = 1; k < parts; k += 1) sum += (k % 2 ? 4 : 2) * of(low + ((high - low) * k) / parts);
  return sum / (3 * parts);
}

/**
 * Least squares with an intercept: the weights w (D) and then b that make Σ (w·x + b − y)² least, by Cholesky's method.
 * A trace of weight decay keeps the system solvable where a column is a combination of others.
 * @param {number[][]} rows (N, D), standardised
 * @param {number[]} y (N,)
 */
export function leastSquares(rows, y) {
  const size = rows[0].length + 1;
  const a = Array.from({ length: size }, () => new Float64Array(size + 1)); // XᵀX, and Xᵀy as its last column
  rows.forEach((row, n) => {
    const x = [...row, 1];
    for (let i = 0; i < size; i += 1) {
      for (let j = 0; j <= i; j += 1) a[i][j] += x[i] * x[j];
      a[i][size] += x[i] * y[n];
    }
  });
  for (let i = 0; i < size; i += 1) {
    a[i][i] += 1e-9 * rows.length;
    for (let j = 0; j <= i; j += 1) {
      for (let k = 0; k < j; k += 1) a[i][j] -= a[i][k] * a[j][k];
      a[i][j] = i === j ? Math.sqrt(a[i][i]) : a[i][j] / a[j][j];
    }
    for (let k = 0; k < i; k += 1) a[i][size] -= a[i][k] * a[k][size];
    a[i][size] /= a[i][i];
  }
  const found = new Float64Array(size);
  for (let i = size - 1; i >= 0; i -= 1) {
    found[i] = a[i][size];
    for (let k = i + 1; k < size; k += 1) found[i] -= a[k][i] * found[k];
    found[i] /= a[i][i];
  }
  return found;
}
