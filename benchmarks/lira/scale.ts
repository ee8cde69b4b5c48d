/** How much is trained: the same on both sides. */

export interface Scale {
  /** Besides the target; each is trained on a random half of the candidates. */
  readonly shadows: number;
  readonly epochs: number;
  /** Half of the candidates: as many as each model is trained on. */
  readonly records: number;
}

export const lira16: Scale = { shadows: 16, epochs: 12, records: 5000 };

/** For a look that takes a minute or two. */
export const lira4: Scale = { shadows: 4, epochs: 3, records: 5000 };

/** To see that it runs. */
export const tiny: Scale = { shadows: 4, epochs: 1, records: 100 };

export const recipeOf = ({ epochs }: Scale) => ({
  epochs,
  batchSize: 64,
  learningRate: 0.01,
  momentum: 0.9,
  weightDecay: 5e-4,
});

/** Of all models together. */
export const stepsOf = ({ shadows, epochs, records }: Scale): number =>
  (1 + shadows) * epochs * Math.ceil(records / 64);
