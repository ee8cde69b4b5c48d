/** Which model and records a case embeds. */

export interface Size {
  /** Name of an architecture of the product. */
  readonly model: string;
  readonly recordShape: readonly number[];
  readonly records: number;
}

/** Two full runs and a short one, to see that everything works. */
export const few = 600;
