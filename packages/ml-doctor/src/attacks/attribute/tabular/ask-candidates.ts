/** Asks the target about records with every candidate value in the attribute's place. */
import type { AttributeEditor } from '../../../data/attribute-places.ts';
import type { Inputs } from '../../../targets/access.ts';
import type { PartialRecords } from '../attribute-attack.ts';

/** Records that are asked about in one go, with each candidate: a bound on memory. */
const RECORDS_PER_BATCH = 256;

export interface Asking<A> {
  readonly asked: PartialRecords;
  readonly editor: AttributeEditor;
  /** As `editor.write` takes them. */
  readonly values: readonly number[];
  readonly ask: (inputs: Inputs) => Promise<A>;
  /** Told of every answer once: its row among the answers, and what it is about. */
  readonly take: (answers: A, row: number, record: number, candidate: number) => void;
  readonly signal: AbortSignal;
  /** Share of this work that is done. */
  readonly progress: (fraction: number) => void;
}

export const askCandidates = async <A>({
  asked,
  editor,
  values,
  ask,
  take,
  signal,
  progress,
}: Asking<A>): Promise<void> => {
  const size = asked.records.ids.length;
  const rest = asked.rest();
  const length = rest.length / size;
  for (let from = 0; from < size; from += RECORDS_PER_BATCH) {
    signal.throwIfAborted();
    const count = Math.min(RECORDS_PER_BATCH, size - from);
    const part = rest.subarray(from * length, (from + count) * length);
    const rows = new Float32Array(values.length * part.length);
    for (const [candidate, value] of values.entries()) {
      const copy = rows.subarray(candidate * part.length, (candidate + 1) * part.length);
      copy.set(part);
      editor.write(copy, value);
    }
    const answers = await ask({ values: rows, rows: values.length * count });
    for (let candidate = 0; candidate < values.length; candidate++)
      for (let i = 0; i < count; i++) take(answers, candidate * count + i, from + i, candidate);
    progress((from + count) / size);
  }
};

/** What {@link askLabels} and the methods that need no more than labels are given. */
export type LabelAsking = Pick<Asking<Int32Array>, 'asked' | 'editor' | 'values' | 'signal' | 'progress'>;

/** The predicted class of every record with every candidate, `records × candidates`. */
export const askLabels = async (
  asking: LabelAsking,
  ask: (inputs: Inputs) => Promise<Int32Array>,
): Promise<Int32Array> => {
  const { asked, values } = asking;
  const labels = new Int32Array(asked.records.ids.length * values.length);
  await askCandidates({
    ...asking,
    ask,
    take: (answers, row, record, candidate) => {
      labels[record * values.length + candidate] = answers[row] as number;
    },
  });
  return labels;
};
