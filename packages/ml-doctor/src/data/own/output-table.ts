/** A file of saved outputs: what a model answered, the labels, and who was a member. */
import { readOutputs } from './outputs/read-outputs.ts';

export interface SavedOutputTable {
  /** `loss`: one number a record, the cross-entropy on its own label. */
  readonly kind: 'posteriors' | 'logits' | 'loss';
  /** `rows × width`, row-major; width is the number of classes, 1 for losses. */
  readonly values: Float64Array;
  readonly width: number;
  /** Class indices. */
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  /** 1 for records that the model was trained on. */
  readonly members: Uint8Array;
  /** What the file calls its records (`id`), where it does. */
  readonly names?: readonly string[];
  /** Further columns, by name: categories or numbers, to slice by. */
  readonly attributes: Readonly<
    Record<string, { readonly values: Int32Array | Float32Array; readonly categories?: readonly string[] }>
  >;
  /** Rows in the file, where only a sample of each side was taken. */
  readonly rows: number;
  readonly notes: readonly string[];
}

/**
 * CSV, NPZ or Parquet with `p0 … pK` or `posteriors`, or `z0 … zK` or `logits`, or `loss`, and with `label` and `member` (0/1).
 *
 * @param sample at most so many rows of each side, drawn at random with `seed`
 * @throws {AuditError} MLD_DATA_UNREADABLE, MLD_DATA_MAGIC, MLD_DATA_TRUNCATED, MLD_DATA_INVALID, MLD_LIMIT: with the row
 *   and column; for posteriors outside [0, 1] or with another sum than 1, for logits that look like posteriors, for labels
 *   that are no class, for members other than 0 and 1, for a file of one side only
 */
export const readOutputTable = (
  path: string,
  options: {
    readonly sample: number;
    readonly seed: number;
    readonly classes?: readonly string[];
    readonly signal?: AbortSignal;
  },
): Promise<SavedOutputTable> => readOutputs(path, options);
