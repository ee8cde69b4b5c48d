/** What a defended target's answers show; plain data that enters a task's key. */

export type OutputForm = {
  /**
   * `posteriors`: all of them; `top-k`: the k largest as they are, nothing of the others; `label`: the predicted class,
   * as if its posterior were 1.
   */
  readonly shows: 'posteriors' | 'top-k' | 'label';
  /** Of `top-k`, from 1. */
  readonly k?: number;
  /** Decimal places that posteriors are rounded to. */
  readonly digits?: number;
  /** What logits are divided by before the softmax. */
  readonly temperature?: number;
};
