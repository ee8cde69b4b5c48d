/** A target that answers from a table of saved outputs: no model is needed, and no query is paid twice. */
import { AuditError } from '../errors.ts';
import type { CountedAccess } from './access.ts';

export interface OutputTable {
  /** Record of each row. */
  readonly ids: Uint32Array;
  /** `rows × classes`, row-major. */
  readonly logits: Float32Array;
  readonly classes: number;
}

/** @throws {AuditError} MLD_ARTIFACT from `query` for a record the table does not hold */
export const savedOutputs = ({ ids, logits, classes }: OutputTable): CountedAccess => {
  const rowOf = new Map(Array.from(ids, (id, row) => [id, row]));
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
        if (row === undefined)
          throw new AuditError(
            'MLD_ARTIFACT',
            `the saved outputs hold no row for record ${id}`,
            'Save the outputs of every record that is attacked.',
          );
        out.set(logits.subarray(row * classes, (row + 1) * classes), i * classes);
      });
      queries += records.ids.length;
      return { logits: out, classes };
    },
  };
};
