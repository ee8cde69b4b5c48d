/**
 * Does the same input get the same answer? A few inputs are asked about again: against an earlier run, as another model
 * may be behind the address by now; and within a run, as answers may be randomised.
 */
import { AuditError } from '../../errors.ts';
import { DRIFT_RECORDS, DRIFT_TOLERANCE } from './drift-limits.ts';
import type { Drift } from './endpoint.ts';
import { answerFault } from './faults.ts';
import type { Ledger } from './ledger.ts';
import { shownPosteriors } from './log-row.ts';
import type { Item } from './send-all.ts';

export interface DriftWatch {
  /** An input that comes up in a question; those with an answer of an earlier run are remembered. */
  see(item: Item): void;
  /**
   * Before a question is sent: against the earlier run.
   * @param spare records that the question leaves of the budget
   * @throws {AuditError} MLD_ENDPOINT_ANSWER where the model has changed
   */
  before(spare: number): Promise<void>;
  /** After a question was answered: within this run. */
  after(items: readonly Item[], spare: number): Promise<void>;
}

/** One is kept back for asking a third time, and one for a run that meets nothing of the earlier one at first. */
const EARLIER = DRIFT_RECORDS - 2;

/** @param ask sends the items, and gives their rows in the same order; keeps nothing */
export const openDriftWatch = (
  ledger: Ledger,
  ask: (items: readonly Item[]) => Promise<readonly Float32Array[]>,
): DriftWatch => {
  const met = new Map<string, Item>();
  let earlier: Promise<void> | undefined;
  let fresh: Promise<void> | undefined;

  const kept = (item: Item): Float32Array => ledger.row(item.key) as Float32Array;
  const compare = async (
    items: readonly Item[],
  ): Promise<{ drift: Drift; worst: Item; rows: Float32Array }> => {
    const rows = await ask(items);
    const differences = items.map((item, i) => difference(kept(item), rows[i] as Float32Array));
    const largestDifference = Math.max(...differences);
    const at = differences.indexOf(largestDifference);
    const differing = differences.filter((d) => d > DRIFT_TOLERANCE).length;
    return {
      drift: { asked: items.length, differing, largestDifference },
      worst: items[at] as Item,
      rows: rows[at] as Float32Array,
    };
  };

  const againstEarlier = async (items: readonly Item[]): Promise<void> => {
    const { drift, worst, rows } = await compare(items);
    if (drift.differing > 0) {
      const [again] = await ask([worst]);
      // The same answer twice today, and another one then.
      if (difference(rows, again as Float32Array) <= DRIFT_TOLERANCE) throw changed(drift);
    }
    await ledger.note(drift);
  };

  const withinRun = async (items: readonly Item[]): Promise<void> => {
    try {
      await ledger.note((await compare(items)).drift);
    } catch (error) {
      // The question itself is answered; that the budget or the network ends here is for the next one to say.
      if (!(error instanceof AuditError && (error.transient || error.code === 'MLD_BUDGET'))) throw error;
    }
  };

  return {
    see: (item) => {
      if (met.size < EARLIER && ledger.isEarlier(item.key)) met.set(item.key, item);
    },
    before: async (spare) => {
      const items = [...met.values()].slice(0, Math.max(0, spare - 1));
      if (earlier === undefined && items.length > 0) {
        earlier = againstEarlier(items);
        earlier.catch((error) => {
          // A changed model stays changed; whatever else went wrong may go right the next time.
          if (error?.code !== 'MLD_ENDPOINT_ANSWER') earlier = undefined;
        });
      }
      await earlier;
    },
    after: async (items, spare) => {
      if (earlier !== undefined || fresh !== undefined) return;
      const some = items.slice(0, Math.min(spare, ledger.earlier === 0 ? DRIFT_RECORDS : 1));
      if (some.length === 0) return;
      fresh = withinRun(some);
      await fresh;
    },
  };
};

const difference = (a: Float32Array, b: Float32Array): number => {
  const [p, q] = [shownPosteriors(a), shownPosteriors(b)];
  return p.reduce((most, value, j) => Math.max(most, Math.abs(value - (q[j] as number))), 0);
};

const changed = ({ asked, differing, largestDifference }: Drift): AuditError =>
  answerFault(
    `no longer answers as in an earlier run: ${differing} of ${asked} inputs that were asked about again differ, by up to ${largestDifference.toPrecision(2)} in a posterior; the model behind the address has changed`,
    'Give `version` (any name of the model that is there now), so that its answers are kept apart from the earlier ones.',
  );
