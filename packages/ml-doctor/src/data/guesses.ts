/** What somebody says of an attribute of some records: an attack, or a model that never saw the target. */

export interface Guesses {
  /** One per record: a category's index, or of a continuous attribute its value. */
  readonly predicted: Int32Array | Float64Array;
  /**
   * `records × categories`, row-major: how likely each category is held to be; not negative, rows sum to 1. The
   * prediction need not be the likeliest. Absent for a continuous attribute.
   */
  readonly beliefs?: Float64Array;
}
