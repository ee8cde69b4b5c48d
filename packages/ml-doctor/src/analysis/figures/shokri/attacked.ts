/** What Shokri's attack came to, target by target: one entry for each way it was asked, over all seeds. */

import { canonicalText } from '../../../report/canonical.ts';
import { labelsFor } from '../../../report/labels.ts';
import type { Metric, Result } from '../../../report/schema.ts';
import { overSeeds } from '../../../report/study/repeats.ts';
import type { Evidence, Run, Target } from '../../evidence/evidence.ts';

export const ATTACK = 'membership/shokri';

/** The attack with one choice of parameters, on one target. */
export interface Attacked {
  readonly target: Target;
  readonly params: Result['params'];
  /** One for each seed that has it. */
  readonly found: readonly [Found, ...Found[]];
}

export interface Found {
  readonly run: Run;
  readonly result: Result;
}

/**
 * In the order of the targets, then of their attacks. Attacks on copies are not meant.
 *
 * @param attack Shokri's when left out
 */
export function attackedOf({ targets }: Evidence, attack: string = ATTACK): readonly Attacked[] {
  return targets.flatMap((target) => {
    const asked = new Map<string, Found[]>();
    for (const run of target.runs)
      for (const result of run.report.results) {
        if (result.attack !== attack || result.through !== undefined) continue;
        const key = canonicalText(result.params);
        asked.set(key, [...(asked.get(key) ?? []), { run, result }]);
      }
    return [...asked.values()].map((found): Attacked => {
      const [first, ...rest] = found as [Found, ...Found[]];
      return { target, params: first.result.params, found: [first, ...rest] };
    });
  });
}

export const isUndefended = ({ target }: Attacked): boolean => target.defense.name === 'none';

/** What the shadow models learnt from. */
export const shadowDataOf = ({ params }: Attacked): string => String(params.shadowData ?? 'real');

/** Undefended and with records of the same kind as the target's: what most figures of the paper are of. */
export const isPlain = (one: Attacked): boolean => isUndefended(one) && shadowDataOf(one) === 'real';

/** Over the seeds that have it: a precision is of no rule that calls nobody a member. */
export function metricOf({ found }: Attacked, name: string): Metric | undefined {
  return together(
    found.flatMap(({ result }) => result.metrics[name] ?? []),
    [0, 1],
  );
}

/** One figure of some seeds; undefined of none. */
export function together(
  metrics: readonly Metric[],
  range: readonly [least: number, most: number],
): Metric | undefined {
  const [only] = metrics;
  if (only === undefined) return undefined;
  return metrics.length === 1 ? only : overSeeds(metrics, range).mean;
}

/** Short names of the data sets, with what tells equal names apart: `cifar10-20k (recordsPerRole 500)`. */
export function dataLabels(all: readonly Attacked[]): (one: Attacked) => string {
  const labelOf = labelsFor(all.map(({ target }) => target.data));
  return ({ target }) => labelOf(target.data);
}

/** As {@link dataLabels}, with the model and the attack where there are several. */
export function targetLabels(all: readonly Attacked[]): (one: Attacked) => string {
  const dataOf = dataLabels(all);
  const modelOf = labelsFor(all.map(({ target }) => target.model));
  const attackOf = labelsFor(all.map(({ params }) => ({ name: '', params })));
  const several = new Set(all.map(({ target }) => canonicalText(target.model))).size > 1;
  const asked = (one: Attacked) => all.filter(({ target }) => target === one.target).length > 1;
  return (one) =>
    [
      dataOf(one),
      ...(several ? [modelOf(one.target.model)] : []),
      ...(asked(one) ? [attackOf({ name: '', params: one.params }).trim()] : []),
    ].join(', ');
}
