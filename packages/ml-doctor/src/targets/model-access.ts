/**
 * A model as attackers reach it: saved answers for the records it was asked about, and, where the model itself is at
 * hand, live answers and gradients. Counts every row it is asked.
 */
import type { Graph } from 'onnx-grad';
import { IDENTITY, viewKey } from '../data/view-key.ts';
import type { View } from '../data/views.ts';
import { AuditError } from '../errors.ts';
import { argmax } from '../stats/argmax.ts';
import type { Answers, Counted, Embeddings, Inputs, LastLayer, Records, WhiteBoxAccess } from './access.ts';
import { answerTable, type OutputTable } from './answer-table.ts';
import { topAnswers } from './top-answers.ts';

/** Saved answers, by the transformed copy that was sent. */
export interface SavedAnswers {
  readonly view: View;
  readonly table: OutputTable;
}

/** The model itself: how it answers inputs, and what its layers show of records. */
export interface LiveModel {
  readonly model: Graph;
  readonly answers: (inputs: Inputs) => Promise<Answers>;
  readonly lastLayer: (records: Records) => Promise<LastLayer>;
  readonly embeddings: (records: Records, layer?: string) => Promise<Embeddings>;
}

export interface ModelParts {
  readonly classes: number;
  readonly saved: readonly SavedAnswers[];
  readonly live?: LiveModel;
}

/**
 * @throws {AuditError} MLD_ARTIFACT for a table that is none (see `answerTable`); from a query, for a record no table
 *   holds, and for a live query where the model is not at hand
 */
export const modelAccess = ({ classes, saved, live }: ModelParts): WhiteBoxAccess & Counted => {
  const tables = new Map<string, ReturnType<typeof answerTable>[]>();
  for (const { view, table } of saved) {
    const key = viewKey(view);
    tables.set(key, [...(tables.get(key) ?? []), answerTable(table)]);
  }
  let queries = 0;
  const rows = (records: Records, view: View = IDENTITY): Float32Array => {
    const out = new Float32Array(records.ids.length * classes);
    const candidates = tables.get(viewKey(view)) ?? [];
    records.ids.forEach((id, i) => {
      const row = candidates.map((table) => table.row(id)).find((found) => found !== undefined);
      if (row === undefined) throw missing(id, view);
      out.set(row, i * classes);
    });
    queries += records.ids.length;
    return out;
  };
  const alive = (): LiveModel => {
    if (live) return live;
    throw new AuditError(
      'MLD_ARTIFACT',
      'the model itself is not at hand, only saved answers',
      'Choose attacks that need no live queries, or audit the model instead of its saved answers.',
    );
  };
  const answersOf = async (inputs: Inputs): Promise<Answers> => {
    queries += inputs.rows;
    return alive().answers(inputs);
  };
  const access = {
    classes,
    get queries() {
      return queries;
    },
    query: async (records: Records, view?: View) => ({ logits: rows(records, view), classes }),
    labels: async (records: Records, view?: View) => labelsIn(rows(records, view), classes),
    top: async (records: Records, k: number) => topAnswers({ logits: rows(records), classes }, k),
    answersOf,
    labelsOf: async (inputs: Inputs) => labelsIn((await answersOf(inputs)).logits, classes),
    // Computed from the weights in the attacker's hands: nobody is asked.
    lastLayer: async (records: Records) => alive().lastLayer(records),
    embeddings: async (records: Records, layer?: string) => alive().embeddings(records, layer),
  };
  // Not enumerable: a copy of the object must not ask for a model that may not be at hand.
  return Object.defineProperty(access, 'model', { get: () => alive().model }) as typeof access & {
    readonly model: Graph;
  };
};

const labelsIn = (logits: Float32Array, classes: number): Int32Array =>
  Int32Array.from({ length: logits.length / classes }, (_, i) =>
    argmax(logits.subarray(i * classes, (i + 1) * classes)),
  );

const missing = (id: number, view: View): AuditError =>
  new AuditError(
    'MLD_ARTIFACT',
    `the saved outputs hold no row for record ${id}${viewKey(view) === viewKey(IDENTITY) ? '' : ` seen as ${viewKey(view)}`}`,
    'Save one row of finite logits, or of log posteriors, for every record that is attacked.',
  );
