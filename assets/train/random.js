// Random numbers with a seed: xoshiro128** (Blackman & Vigna 2018), its state filled by splitmix32. The same seed gives
// the same numbers in every browser.

/** @param {number} seed any whole number; the state's four words */
function filled(seed) {
  let state = seed | 0;
  return Uint32Array.from({ length: 4 }, () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  });
}

/** @type {(word: number, by: number) => number} */
const turned = (word, by) => (word << by) | (word >>> (32 - by));

export class Random {
  /** @param {number} seed */
  constructor(seed) {
    this.state = filled(seed);
    this.spare = NaN; // the second of a pair of normal numbers
  }

  /** 32 random bits, as a whole number from 0. */
  next() {
    const s = this.state;
    const found = Math.imul(turned(Math.imul(s[1], 5), 7), 9);
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = turned(s[3], 11);
    return found >>> 0;
  }

  /** From 0 up to, not including, 1: 53 bits. */
  uniform() {
    return ((this.next() >>> 5) * 0x4000000 + (this.next() >>> 6)) / 0x20000000000000;
  }

  /**
   * @param {number} low
   * @param {number} high
   */
  between(low, high) {
    return low + (high - low) * this.uniform();
  }

  /**
   * A whole number from low up to, not including, high.
   * @param {number} low
   * @param {number} high
   */
  integer(low, high) {
    return low + Math.floor((high - low) * this.uniform());
  }

  /** Mean 0, standard deviation 1 (Box & Muller 1958). */
  normal() {
    if (!Number.isNaN(this.spare)) {
      const kept = this.spare;
      this.spare = NaN;
      return kept;
    }
    const size = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spare = size * Math.sin(angle);
    return size * Math.cos(angle);
  }

  /**
   * A generator of its own for what must not disturb another: the same seed and name give the same.
   * @param {number} seed
   * @param {string} name
   */
  static of(seed, name) {
    let mixed = Math.imul(seed + 1, 0x9e3779b1);
    for (const letter of name) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193) ^ (mixed >>> 13);
    return new Random(mixed);
  }
}
