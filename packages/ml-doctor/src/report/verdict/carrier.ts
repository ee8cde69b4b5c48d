/** The one figure that carries a finding: the one whose interval gives the result its level. */

import { bestBaseline } from '../best-baseline.ts';
import { familyOf, type Table, tableOf } from '../family.ts';
import { chanceOf, tailRate } from '../format.ts';
import type { Metric, Result } from '../schema.ts';
import { GAIN, greatestLow, MEMBER_GAIN, tellingMeasure } from './attribute-grade.ts';
import { closerToMembers } from './inversion-grade.ts';
import { gradeCopies } from './stealing-grade.ts';
import { canResolve, levelOf, levelRank, PREFERRED_RATE } from './verdict.ts';

export interface Carrier {
  /** As in the metrics of the result. */
  readonly name: string;
  readonly metric: Metric;
  /** What is reached without the attack; undefined where that is not known. */
  readonly without?: number;
  /** Queries of the copy it is of, where that is not the last one. */
  readonly queries?: number;
}

/**
 * Undefined where the result has none of the figures that its family is judged by.
 *
 * @param attacks inversions of the report: the more, the likelier a chance finding
 */
export function carrierOf(result: Result, attacks = 1): Carrier | undefined {
  return OF[tableOf(result)](result, attacks);
}

const OF: Readonly<Record<Table, (result: Result, attacks: number) => Carrier | undefined>> = {
  membership: ofMembership,
  audit: (result) => named(result, 'epsilonLowerBound'),
  inversion: ofInversion,
  attribute: ofAttribute,
  stealing: ofStealing,
};

function named({ metrics }: Result, name: string, without = chanceOf(name)): Carrier | undefined {
  const metric = metrics[name];
  return metric && { name, metric, ...(without !== undefined && { without }) };
}

/** The tail at the rate where the attacker is most often right for each false accusation, by the lower end; of rates that the sample resolves. */
export function tellingTail(result: Result): Carrier | undefined {
  const tails = Object.entries(result.metrics)
    .flatMap(([name, metric]) => {
      const rate = tailRate(name);
      return rate !== undefined && canResolve(rate, result.records) ? [{ name, rate, metric }] : [];
    })
    .sort((a, b) => b.rate - a.rate);
  const ratio = ({ rate, metric }: { rate: number; metric: Metric }) => (metric.low ?? 0) / rate;
  const main = tails.find(({ rate }) => rate === PREFERRED_RATE) ?? tails[0];
  const best = tails.reduce((a, b) => (a !== undefined && ratio(a) >= ratio(b) ? a : b), main);
  const chosen = best !== undefined && ratio(best) > 1 ? best : main;
  return chosen && named(result, chosen.name);
}

/** Tails come first: an average may raise a level, but never speaks for the few who are most exposed. */
function ofMembership(result: Result): Carrier | undefined {
  const averages = ['balancedAccuracy', 'auc'].flatMap((name) => named(result, name) ?? []);
  const candidates = [...[tellingTail(result)].flatMap((tail) => tail ?? []), ...averages];
  const rank = ({ name, metric: { low } }: Carrier) =>
    low === null ? 0 : levelRank(levelOf(name, low, result.records));
  return candidates.reduce<Carrier | undefined>(
    (best, next) => (best === undefined || rank(next) > rank(best) ? next : best),
    undefined,
  );
}

function ofInversion(result: Result, attacks: number): Carrier | undefined {
  const classes = result.reconstructions?.classes;
  const best = bestBaseline(result.baselines)?.metric.value;
  const judged = named(result, 'judgeAccuracy', best ?? chanceOf('judgeAccuracy', classes));
  const shifted = result.verdict.reason !== undefined;
  const closer = shifted ? [] : closerToMembers(result.metrics, { attacks });
  const [share] = closer
    .map(({ share: name }) => named(result, name))
    .flatMap((one) => one ?? [])
    .sort((a, b) => (b.metric.low ?? 0) - (a.metric.low ?? 0));
  return share ?? judged ?? named(result, 'memberCloser');
}

function ofAttribute(result: Result): Carrier | undefined {
  const { metrics } = result;
  const gain = greatestLow(metrics, 'gain');
  const beyond = greatestLow(metrics, 'beyond');
  const part =
    (beyond >= MEMBER_GAIN.high && gain < GAIN.high) ||
    (beyond >= MEMBER_GAIN.moderate && gain < GAIN.moderate)
      ? 'beyond'
      : 'gain';
  // Without a gain nothing is shown of anybody.
  return named(result, tellingMeasure(result, gain > 0 ? part : 'gain')[gain > 0 ? part : 'gain']);
}

function ofStealing(result: Result): Carrier | undefined {
  const { baselines, metrics, curves } = result;
  const without = bestBaseline(baselines, 'agreement')?.metric.value;
  const { earlier } = gradeCopies(metrics, baselines, curves.budget ?? []);
  const metric = earlier?.metrics.agreement ?? metrics.agreement;
  return (
    metric && {
      name: 'agreement',
      metric,
      ...(without !== undefined && { without }),
      ...(earlier !== undefined && { queries: earlier.queries }),
    }
  );
}

/** How many results of a family there are. */
export function countOf(results: readonly Result[], family: ReturnType<typeof familyOf>): number {
  return results.filter((result) => familyOf(result) === family).length;
}
