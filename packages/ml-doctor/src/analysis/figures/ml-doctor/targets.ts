/** The targets that a figure is made of, with short names, and the refusal where there are none. */

import { AuditError } from '../../../errors.ts';
import { canonicalText } from '../../../report/canonical.ts';
import { defenseLabels, labelsFor } from '../../../report/labels.ts';
import type { Metric, Result } from '../../../report/schema.ts';
import type { Evidence, Target } from '../../evidence/evidence.ts';
import { isUndefended } from '../../evidence/facts.ts';
import { figureOf, type Mode } from '../../evidence/modes.ts';
import type { FigureKind, Hole } from '../../figure.ts';

export function undefended({ targets }: Evidence): readonly Target[] {
  return targets.filter(isUndefended);
}

/** Under every seed of the target. */
export const has = (target: Target, mode: Mode): boolean => figureOf(target, mode) !== undefined;

/** `fashion-mnist-10k@32` and `simple-cnn`, with what tells equal names apart among these targets. */
export interface Names {
  readonly data: (target: Target) => string;
  readonly model: (target: Target) => string;
  readonly defense: (target: Target) => string;
  /** `simple-cnn on celeba-10k@32`, with the defence where there is one. */
  readonly whole: (target: Target) => string;
}

export function namesOf(targets: readonly Target[]): Names {
  const data = labelsFor(targets.map((target) => target.data));
  const model = labelsFor(targets.map((target) => target.model));
  const defense = defenseLabels(targets.map((target) => target.defense));
  return {
    data: (target) => data(target.data),
    model: (target) => model(target.model),
    defense: (target) => defense(target.defense),
    whole: (target) =>
      `${model(target.model)} on ${data(target.data)}${isUndefended(target) ? '' : `, ${defense(target.defense)}`}`,
  };
}

/** Targets by what `keyOf` makes of them, in the order of the first of each. */
export function grouped<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => unknown,
): readonly (readonly [Item, ...Item[]])[] {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const key = canonicalText(keyOf(item));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/** @throws {AuditError} MLD_EVIDENCE_MISSING for none */
export function needed<Item>(
  all: readonly Item[],
  { needs }: Pick<FigureKind, 'needs'>,
): readonly [Item, ...Item[]] {
  const [first, ...rest] = all;
  if (first !== undefined) return [first, ...rest];
  throw new AuditError(
    'MLD_EVIDENCE_MISSING',
    `it needs ${needs}; there are none`,
    'Add what it needs to the study, or a study that has it: ml-doctor study --preset small runs one.',
  );
}

/**
 * Attacks that targets lack, once where all of them do. Attribute inference is of data with an attribute to guess: it is
 * missing only where another target of the same data has it.
 */
export function holesOf(targets: readonly Target[], modes: readonly Mode[]): readonly Hole[] {
  const names = namesOf(targets);
  const lacking = targets.flatMap((target) =>
    modes
      .filter((mode) => !has(target, mode))
      .filter((mode) =>
        targets.some(
          (other) =>
            has(other, mode) && (!mode.name.startsWith('AttrInf') || other.data.name === target.data.name),
        ),
      )
      .map((mode) => hole(mode, `${mode.name}, ${names.whole(target)}`, names.whole(target))),
  );
  const nowhere = modes.filter(
    (mode) => !mode.name.startsWith('AttrInf') && !targets.some((target) => has(target, mode)),
  );
  return [...lacking, ...nowhere.map((mode) => hole(mode, mode.name, 'no target'))];
}

const hole = ({ attack, access, auxiliary }: Mode, what: string, who: string): Hole => ({
  ...{ what, code: 'MLD_EVIDENCE_MISSING' },
  message: `${who} has ${who === 'no target' ? 'a' : 'no'} result of ${attack} ${access}, auxiliary data ${auxiliary}`,
  hint: 'Add the attack to the study, or run it again where the task failed: its report says why.',
});

/** A trivial attacker's figure; of several seeds the mean of the values, without an interval of its own. */
export function baselineOf(results: readonly Result[], name: string, metric: string): Metric | undefined {
  const found = results.flatMap(
    ({ baselines }) => baselines.find((baseline) => baseline.name === name)?.metrics[metric] ?? [],
  );
  const [only] = found;
  if (only === undefined || found.length === 1) return only;
  const value = found.reduce((sum, one) => sum + one.value, 0) / found.length;
  return { value, low: null, high: null, method: 'none: a mean over seeds' };
}

/** For charts: nothing where the figure has no interval. */
export function bounds({ low, high }: Metric): { readonly low: number; readonly high: number } | undefined {
  return low === null || high === null ? undefined : { low, high };
}
