/** Many searches at once: what they ask between two steps goes to the model in common batches. */
import type { Inputs } from '../../../targets/access.ts';
import type { Found, Question, Search, Verdict } from './hop-skip-jump.ts';

export interface Searching {
  readonly search: Search;
  /** Class of the record, which a point leaves when it gets another. */
  readonly label: number;
}

export interface LockstepOptions {
  readonly labelsOf: (inputs: Inputs) => Promise<Int32Array>;
  readonly recordLength: number;
  readonly signal: AbortSignal;
  /** Rows asked, each time some were. */
  readonly asked: (rows: number) => void;
}

/** Values of one batch, a bound on memory: 32 MB. A single question may be larger. */
const BATCH_VALUES = 2 ** 23;

/** A search that waits for a verdict. */
interface Asking {
  readonly place: number;
  readonly question: Question;
}

/** What the searches find, in their order. */
export const inLockstep = async (
  searching: readonly Searching[],
  { labelsOf, recordLength, signal, asked }: LockstepOptions,
): Promise<readonly Found[]> => {
  const found: (Found | undefined)[] = searching.map(() => undefined);
  /** One step of a search: to its next question, or its end. */
  const advance = (place: number, verdict?: Verdict): Asking[] => {
    const { search } = searching[place] as Searching;
    // A generator takes nothing the first time.
    const step = search.next(verdict as Verdict);
    if (!step.done) return [{ place, question: step.value }];
    found[place] = step.value;
    return [];
  };
  let waiting = searching.flatMap((_, place) => advance(place));
  while (waiting.length > 0) {
    const next: Asking[] = [];
    for (const batch of batches(waiting, recordLength)) {
      signal.throwIfAborted();
      const rows = batch.reduce((sum, { question }) => sum + question.rows, 0);
      const values = new Float32Array(rows * recordLength);
      const starts: number[] = [];
      let filled = 0;
      for (const { question } of batch) {
        starts.push(filled);
        question.write(values.subarray(filled * recordLength, (filled + question.rows) * recordLength));
        filled += question.rows;
      }
      const labels = await labelsOf({ values, rows });
      asked(rows);
      for (const [i, { place, question }] of batch.entries()) {
        const start = starts[i] as number;
        const end = start + question.rows;
        const { label } = searching[place] as Searching;
        const crossed = Array.from(labels.subarray(start, end), (predicted) => predicted !== label);
        const points = values.subarray(start * recordLength, end * recordLength);
        next.push(...advance(place, { points, crossed }));
      }
    }
    waiting = next;
  }
  return found as Found[];
};

/** The questions in pieces of at most {@link BATCH_VALUES}. */
function* batches(asking: readonly Asking[], recordLength: number): Generator<readonly Asking[]> {
  let batch: Asking[] = [];
  let rows = 0;
  for (const one of asking) {
    if (batch.length > 0 && (rows + one.question.rows) * recordLength > BATCH_VALUES) {
      yield batch;
      [batch, rows] = [[], 0];
    }
    batch.push(one);
    rows += one.question.rows;
  }
  if (batch.length > 0) yield batch;
}
