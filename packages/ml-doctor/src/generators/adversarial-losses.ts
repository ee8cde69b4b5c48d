/** What generator and discriminator minimise; means over the batch, scalars of a graph. */
import { ops, type Value } from 'onnx-grad';

const mean = (values: Value): Value => ops.ReduceMean(values, undefined, { keepdims: false });

export interface AdversarialLoss {
  /** From the scores of real and of generated records, each `[N, 1]`. */
  readonly discriminator: (real: Value, fake: Value) => Value;
  readonly generator: (fake: Value) => Value;
}

/**
 * Cross-entropy on scores as log odds: −E ln σ(D(x)) − E ln(1 − σ(D(G(z)))), and for the generator the form that does not
 * saturate, −E ln σ(D(G(z))) (Goodfellow et al. 2014, eq. 1 and § 3).
 */
export const crossEntropyGame: AdversarialLoss = {
  discriminator: (real, fake) => ops.Add(mean(ops.Softplus(ops.Neg(real))), mean(ops.Softplus(fake))),
  generator: (fake) => mean(ops.Softplus(ops.Neg(fake))),
};

/**
 * E max(0, 1 − D(x, y)) + E max(0, 1 + D(G(z, y), y)), and −E D(G(z, y), y) for the generator: what projection
 * discriminators are trained with (Miyato & Koyama 2018, § 4), and PLG-MI after them.
 */
export const hingeGame: AdversarialLoss = {
  discriminator: (real, fake) => {
    const one = real.graph.scalar(1);
    return ops.Add(mean(ops.Relu(ops.Sub(one, real))), mean(ops.Relu(ops.Add(one, fake))));
  },
  generator: (fake) => ops.Neg(mean(fake)),
};
