/**
 * A target as somebody meets it who may send it what he likes, but so often only: what its answers show, and a budget
 * that is never exceeded.
 */
import { AuditError } from '../errors.ts';
import type { Counted, Inputs, LivePosteriorAccess } from './access.ts';
import { repliesTo } from './replies.ts';
import type { Output } from './threat-model.ts';

/** What an answer shows; plain data that enters a task's key. */
export type ReplyForm = {
  readonly output: Output;
  /** Of `topK`: how many of the largest posteriors, with their classes. */
  readonly k?: number;
  /** Decimal places that posteriors are rounded to. */
  readonly digits?: number;
  /** What logits are divided by before the softmax; 1 when left out. */
  readonly temperature?: number;
};

/** One answer per row, `classes` wide where nothing else is said. */
export type Replies =
  | { readonly shows: 'label'; readonly labels: Int32Array }
  | {
      readonly shows: 'top';
      readonly k: number;
      /** `rows × k`, of the largest posterior first. */
      readonly classes: Int32Array;
      /** `rows × k`, descending. */
      readonly posteriors: Float32Array;
    }
  | { readonly shows: 'posteriors'; readonly posteriors: Float32Array };

export interface Oracle extends Counted {
  readonly classes: number;
  /** Rows that may still be asked about. */
  readonly left: number;
  /** @throws {AuditError} MLD_BUDGET where the rows are more than are left; the target is asked nothing then */
  ask(inputs: Inputs): Promise<Replies>;
}

/**
 * Rows are spent when they are sent, not when they are answered: those of a question that the target fails on, or that
 * is still under way, count too.
 *
 * @throws {AuditError} MLD_BUDGET for a budget that is no whole number from 1
 */
export const openOracle = (
  target: Pick<LivePosteriorAccess, 'answersOf' | 'classes'>,
  form: ReplyForm,
  budget: number,
): Oracle => {
  if (!(Number.isSafeInteger(budget) && budget >= 1))
    throw new AuditError(
      'MLD_BUDGET',
      `a budget of ${budget} queries`,
      'Give whole numbers of queries, from 1.',
    );
  checkForm(form);
  const { classes } = target;
  let queries = 0;
  return {
    classes,
    get queries() {
      return queries;
    },
    get left() {
      return budget - queries;
    },
    ask: async ({ values, rows }) => {
      if (!(Number.isInteger(rows) && rows >= 0)) throw new Error(`internal: a query of ${rows} rows`);
      if (rows > budget - queries) throw exceeded(rows, queries, budget);
      if (rows === 0) return repliesTo({ logits: new Float32Array(0), classes }, form);
      // Before the target is waited for: a second question may come meanwhile.
      queries += rows;
      const answers = await target.answersOf({ values, rows });
      if (answers.classes !== classes || answers.logits.length !== rows * classes)
        throw new Error(
          `internal: ${answers.logits.length} numbers of ${answers.classes} classes for ${rows} rows of ${classes}`,
        );
      return repliesTo(answers, form);
    },
  };
};

const checkForm = ({ output, k, digits, temperature = 1 }: ReplyForm): void => {
  const wholeFrom = (least: number, value: number | undefined) => Number.isInteger(value) && value! >= least;
  if (output === 'topK' && !wholeFrom(1, k)) throw new Error(`internal: the ${k} largest posteriors`);
  if (digits !== undefined && !wholeFrom(0, digits)) throw new Error(`internal: ${digits} decimal places`);
  if (!(temperature > 0 && Number.isFinite(temperature)))
    throw new Error(`internal: temperature ${temperature}`);
};

const exceeded = (rows: number, spent: number, budget: number): AuditError =>
  new AuditError(
    'MLD_BUDGET',
    `${rows} more queries where ${spent} of ${budget} are spent`,
    'Raise the budget, or ask about fewer inputs.',
  );
