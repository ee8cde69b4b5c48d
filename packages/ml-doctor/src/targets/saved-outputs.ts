/** A target that answers from a table of saved outputs: no model is needed, and no query is paid twice. */
import { AuditError } from '../errors.ts';
import type { CountedAccess } from './access.ts';

export interface OutputTable {
  /** Record of each row, all different. */
  readonly ids: Uint32Array;
  /** `rows × classes`, row-major: logits, or log posteriors, of which some may be −∞. */
  readonly logits: Float32Array;
  readonly classes: number;
}

/**
 * @throws {AuditError} MLD_ARTIFACT for a table whose parts do not fit, with a record twice, or with a row that is no
 *   row of logits; and from `query` for a record the table does not hold
 */
export const savedOutputs = ({ ids, logits, classes }: OutputTable): CountedAccess => {
  if (logits.length !== ids.length * classes)
    throw unusable(`${logits.length} numbers for ${ids.length} records of ${classes} classes`);
  const rowOf = new Map<number, number>();
  ids.forEach((id, row) => {
    if (rowOf.has(id)) throw unusable(`two rows for record ${id}`);
    if (!isRowOfLogits(logits.subarray(row * classes, (row + 1) * classes)))
      throw unusable(`a row for record ${id} that has no softmax (NaN, +∞ or nothing but −∞)`);
    rowOf.set(id, row);
  });
  let queries = 0;
  return {
    classes,
    get queries() {
      return queries;
    },
    query: async (records) => {
      const out = new Float32Array(records.ids.length * classes);
      records.ids.forEach((id, i) => {
        const row = rowOf.get(id);
        if (row === undefined) throw unusable(`no row for record ${id}`);
        out.set(logits.subarray(row * classes, (row + 1) * classes), i * classes);
      });
      queries += records.ids.length;
      return { logits: out, classes };
    },
  };
};

/** Whether the softmax of the row exists: some finite value, and otherwise nothing but −∞. */
const isRowOfLogits = (row: Float32Array): boolean =>
  row.every((z) => Number.isFinite(z) || z === Number.NEGATIVE_INFINITY) && row.some(Number.isFinite);

const unusable = (what: string): AuditError =>
  new AuditError(
    'MLD_ARTIFACT',
    `the saved outputs hold ${what}`,
    'Save one row of finite logits, or of log posteriors, for every record that is attacked.',
  );
