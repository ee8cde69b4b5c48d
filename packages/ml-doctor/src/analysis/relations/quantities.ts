/** What relations are looked for between: how much a model overfits, and what each attack reaches. */

import { canonicalText } from '../../report/canonical.ts';
import { familyOf, tableOf } from '../../report/family.ts';
import { metricLabel } from '../../report/format.ts';
import { attackItself, labelsFor } from '../../report/labels.ts';
import type { Result } from '../../report/schema.ts';
import { attackKey } from '../../report/study/changes.ts';
import { headlineOf } from '../../report/study/matrix/headline.ts';
import { rangeOf } from '../../report/study/metric-range.ts';
import type { Target } from '../evidence/evidence.ts';
import { accuracyOf, averaged, overfittingOf } from '../evidence/facts.ts';
import { figureOf, MODES, type Mode, resultsOf } from '../evidence/modes.ts';
import type { Quantity } from './relate.ts';

export const OVERFITTING: Quantity = {
  name: 'overfitting',
  label: 'overfitting: train accuracy − test accuracy',
  of: overfittingOf,
};

export const TEST_ACCURACY: Quantity = {
  name: 'test accuracy',
  label: 'test accuracy',
  of: (target) => accuracyOf(target, 'testAccuracy'),
};

export const quantityOf = (mode: Mode): Quantity => ({
  name: mode.name,
  label: mode.label,
  of: (target) => figureOf(target, mode),
});

/**
 * One for each way in which targets are attacked: a mode of ML-Doctor where the attack is one and no target has it twice,
 * else the attack by its name and what tells it from others, with its headline figure. Audits of a training are no attacks.
 */
export function attackQuantities(targets: readonly Target[]): readonly Quantity[] {
  const modes = MODES.filter((mode) => single(targets, mode));
  const named = new Set(modes.flatMap((mode) => targets.flatMap((target) => resultsOf(target, mode))));
  const others = targets
    .flatMap(({ runs }) => runs.flatMap(({ report }) => report.results))
    .filter((result) => !named.has(result) && tableOf(result) !== 'audit');
  const byKey = new Map<string, Result[]>();
  for (const result of others)
    byKey.set(attackKey(result), [...(byKey.get(attackKey(result)) ?? []), result]);
  const labelOf = labelsFor([...byKey.values()].map(([first]) => attackItself(first as Result)));
  return [
    ...modes.map(quantityOf),
    ...[...byKey.values()].flatMap((results) => {
      const [first] = results as [Result];
      const metric = headlineOf(familyOf(first), results);
      return metric === undefined ? [] : [ownQuantity(labelOf(attackItself(first)), metric, results)];
    }),
  ];
}

/** Of targets whose results are among those given. */
const ownQuantity = (label: string, metric: string, results: readonly Result[]): Quantity => {
  const through = results[0]?.through;
  const name = through ? `${label} through ${through.attack}` : label;
  const own = new Set(results);
  return {
    ...{ name, label: `${name}, ${metricLabel(metric)}` },
    of: ({ runs }) =>
      averaged(
        runs.map(({ report }) => report.results.find((one) => own.has(one))?.metrics[metric]),
        rangeOf(metric),
      ),
  };
};

/** Whether some target has the mode, and none has it with two sets of options. */
function single(targets: readonly Target[], mode: Mode): boolean {
  const keys = targets.map(({ runs }) =>
    runs.flatMap(({ report }) =>
      report.results.filter(
        ({ attack, threatModel, through }) =>
          attack === mode.attack &&
          threatModel.access === mode.access &&
          threatModel.auxiliary === mode.auxiliary &&
          through === undefined,
      ),
    ),
  );
  // Each data set has an attribute of its own to guess; what was chosen of the attack is the same.
  const all = new Set(keys.flat().map(({ params: { attribute: _, ...params } }) => canonicalText(params)));
  const once = keys.every((of) => new Set(of.map(attackKey)).size <= 1);
  const withMetric = keys.flat().every(({ metrics }) => metrics[mode.metric] !== undefined);
  return all.size === 1 && once && withMetric;
}
