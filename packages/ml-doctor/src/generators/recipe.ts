/** How a generator is trained, as plain data that enters a task's key. */

/**
 * A generative adversarial network on the attacker's data (Goodfellow et al. 2014; for pictures the DCGAN of Radford et
 * al. 2016 as ML-Doctor uses it: batch 128, Adam 2e-4 with β₁ .5, 100 latent numbers, 64 channels).
 */
export type GeneratorRecipe = {
  /** Numbers in a latent vector. */
  readonly latent: number;
  /**
   * Channels of the picture layer next to the picture, doubled with every halving of the side; the hidden layers for
   * table rows have 4 and 8 times as many units.
   */
  readonly width: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Adam's β₁; β₂ is .999. */
  readonly beta1: number;
  /**
   * Conditional on the class, with the target's own answers as labels (PLG-MI, Yuan et al., AAAI 2023). Left out for a
   * generator that knows nothing of the target and serves every one.
   */
  readonly guided?: {
    /** Records of the auxiliary data for each class: those the target is surest about. */
    readonly top: number;
    /** Weight α of the max-margin loss of generated records under the target. */
    readonly alpha: number;
  };
};
