/** A trained generator as attacks use it. */
import type { Graph } from 'onnx-grad';

export interface Generator {
  /**
   * Inputs `z` `[N, latent]`, standard normal, and, when conditional, `y` int64 `[N]`; output `x` `[N, ...recordShape]`,
   * normalised as the target receives records and within the bounds of the data (to rounding). Batch normalisation runs
   * on its running statistics.
   */
  readonly generator: Graph;
  /** Inputs `x` `[N, ...recordShape]` and, when conditional, `y` int64 `[N]`; output `score` `[N, 1]`, higher = real. */
  readonly discriminator: Graph;
  readonly latent: number;
  readonly conditional: boolean;
}
