// Gradient descent as torch.optim computes it, with its defaults: SGD, momentum 0.9, RMSprop (α 0.99, ε 1e-8), Adam
// (β 0.9 and 0.999, ε 1e-8; Kingma & Ba 2015); weight decay is added to the gradient; clipping as clip_grad_norm_.

/** @typedef {import("../types").Floats} Floats */

export class Optimiser {
  /**
   * @param {import("./layer.js").Parameter[]} parameters
   * @param {import("../types").Descent} descent
   * @param {import("../types").FloatsType} FloatsType
   */
  constructor(parameters, descent, FloatsType) {
    this.parameters = parameters;
    this.kind = descent.optimiser;
    this.rate = descent.rate; // may be changed between updates
    this.clip = descent.clip;
    this.decay = descent.decay;
    this.steps = 0;
    const zeros = () => parameters.map(({ value }) => new FloatsType(value.length));
    /** Means of gradients: of momentum and Adam. */
    this.first = this.kind === "momentum" || this.kind === "adam" ? zeros() : [];
    /** Means of their squares: of RMSprop and Adam. */
    this.second = this.kind === "rmsprop" || this.kind === "adam" ? zeros() : [];
  }

  /** The norm of all gradients together. */
  norm() {
    let sum = 0;
    for (let k = 0; k < this.parameters.length; k += 1) {
      const { gradient } = this.parameters[k];
      for (let i = 0; i < gradient.length; i += 1) sum += gradient[i] * gradient[i];
    }
    return Math.sqrt(sum);
  }

  /**
   * One step down the gradients. Gives their norm before clipping; where that is not finite, nothing is touched.
   */
  step() {
    const norm = this.norm();
    if (!Number.isFinite(norm)) return norm;
    const scale = this.clip > 0 ? Math.min(1, this.clip / (norm + 1e-6)) : 1;
    this.steps += 1;
    for (let k = 0; k < this.parameters.length; k += 1) {
      const { value, gradient } = this.parameters[k];
      for (let i = 0; i < value.length; i += 1) gradient[i] = gradient[i] * scale + this.decay * value[i];
      if (this.kind === "sgd") this.sgd(value, gradient);
      else if (this.kind === "momentum") this.momentum(value, gradient, this.first[k]);
      else if (this.kind === "rmsprop") this.rmsprop(value, gradient, this.second[k]);
      else this.adam(value, gradient, this.first[k], this.second[k]);
    }
    return norm;
  }

  /** @type {(value: Floats, gradient: Floats) => void} */
  sgd(value, gradient) {
    const { rate } = this;
    for (let i = 0; i < value.length; i += 1) value[i] -= rate * gradient[i];
  }

  /** @type {(value: Floats, gradient: Floats, mean: Floats) => void} */
  momentum(value, gradient, mean) {
    const { rate } = this;
    for (let i = 0; i < value.length; i += 1) value[i] -= rate * (mean[i] = 0.9 * mean[i] + gradient[i]);
  }

  /** @type {(value: Floats, gradient: Floats, squares: Floats) => void} */
  rmsprop(value, gradient, squares) {
    const { rate } = this;
    for (let i = 0; i < value.length; i += 1) {
      squares[i] = 0.99 * squares[i] + 0.01 * gradient[i] * gradient[i];
      value[i] -= (rate * gradient[i]) / (Math.sqrt(squares[i]) + 1e-8);
    }
  }

  /** @type {(value: Floats, gradient: Floats, mean: Floats, squares: Floats) => void} */
  adam(value, gradient, mean, squares) {
    const size = this.rate / (1 - 0.9 ** this.steps);
    const spread = Math.sqrt(1 - 0.999 ** this.steps);
    for (let i = 0; i < value.length; i += 1) {
      const g = gradient[i];
      mean[i] = 0.9 * mean[i] + 0.1 * g;
      squares[i] = 0.999 * squares[i] + 0.001 * g * g;
      value[i] -= (size * mean[i]) / (Math.sqrt(squares[i]) / spread + 1e-8);
    }
  }
}
