/** Which copy a case trains, and on how much. */

export interface Size {
  /** Name of an architecture of the product. */
  readonly model: string;
  /** Of Fashion-MNIST. */
  readonly records: number;
  /** Epochs of a turn that are timed; one before them is not. */
  readonly epochs: number;
}

/** A short one, to see that everything works. */
export const few: Omit<Size, 'model'> = { records: 256, epochs: 1 };
