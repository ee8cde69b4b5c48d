/**
 * What a model-inversion attack's metrics mean for the owner of the model: whether reconstructions show people, that is
 * single training records, or classes, or nothing.
 *
 * Grades p-values and confidence bounds only. That a reconstruction looks like its class is no sign that it looks like
 * anybody in particular: both are asked for apart.
 */

import { percent } from '../format.ts';
import type { Metric, Result, Verdict } from '../schema.ts';
import {
  type Asked,
  type Baselines,
  closerToMembers,
  levelOf,
  type Metrics,
  showsClass,
} from './inversion-grade.ts';
import {
  advise,
  auxiliaryFacts,
  closenessFacts,
  doubts,
  judgeFacts,
  opening,
  startFacts,
} from './inversion-words.ts';

/**
 * Grades one inversion attack.
 *
 * | level | when |
 * | --- | --- |
 * | high | members are closer (below), and nearest to a share that is ≥ .75 at its lower end, by a measure whose test says so |
 * | moderate | the same with a share > .5 at its lower end |
 * | low | members are closer than chance explains, by less; or the class shows: the judge's accuracy lies above chance and above that of the unoptimised start, both at the lower end. A generator that the target has guided has no start without the target: above chance then suffices |
 * | none-found | neither; the judge is good enough to ask, and the upper ends leave no room for either |
 * | inconclusive | neither, but there is room |
 *
 * Members are closer by Holm's procedure (Scand. J. Stat. 6, 1979) over the one-sided p-values by values and by features,
 * at .05 / attacks: of m p-values the least must be at most that over m, the next at most that over m - 1, and so on until
 * one is not. So all inversion attacks of an audit together raise a false alarm once in 20 audits at most.
 *
 * Chance is 1 / `asked`, not 1 / `classes` (unless one class alone is asked for): a reconstruction that looks the same for every class has one answer of the
 * judge, and is right for one in so many of those asked for. The judge is worth asking when its own accuracy, at the lower
 * end, has gone a quarter of the way from 1 / `classes` to 1. Room is left by a judge's accuracy whose upper end, and
 * whose gain over the start at its upper end, go a quarter of that way; and by a share of reconstructions with a member
 * nearest whose upper end is ≥ .75.
 *
 * @param records members and non-members that reconstructions were compared with
 */
export function inversionVerdict(
  metrics: Metrics,
  baselines: Baselines,
  records: Result['records'],
  asked: Asked,
): Verdict {
  const level = levelOf(metrics, baselines, asked);
  const closer = closerToMembers(metrics, asked).length > 0;
  const parts = [
    opening(level, metrics, closer),
    ...closenessFacts(metrics, records, closer),
    ...judgeFacts(metrics, asked),
    ...startFacts(baselines),
  ];
  if (showsClass(metrics, baselines, asked)) parts.push(...auxiliaryFacts(baselines));
  if (level === 'inconclusive') parts.push(...doubts(metrics, asked));
  return { level, sentence: parts.join(' '), advice: advise(level) };
}

/**
 * The verdict where members and non-members differ without any model: what rests on one lying closer than the other
 * falls away; that the class shows stands, as the judge decides it alone.
 *
 * @param auc of a classifier that saw inputs and labels only
 * @param found what {@link inversionVerdict} is given
 */
export function shiftedInversion(auc: Metric, ...found: Parameters<typeof inversionVerdict>): Verdict {
  const [metrics, baselines, , asked] = found;
  const split =
    `The split is shifted: without the model, by inputs and labels alone, members rank above non-members in ${percent(auc.value)} of the cases. ` +
    'So that reconstructions lie closer to one than to the other, or to neither, says nothing about the model.';
  const advice =
    'Take members and non-members from one source at random (same time, same filters, same preprocessing), and audit again.';
  if (showsClass(metrics, baselines, asked)) {
    const parts = ['This attack shows what the classes look like.', ...judgeFacts(metrics, asked)];
    return {
      level: 'low',
      sentence: [...parts, ...auxiliaryFacts(baselines), split].join(' '),
      advice: [...advise('low'), advice],
    };
  }
  const { sentence } = inversionVerdict(...found);
  return {
    level: 'inconclusive',
    reason: 'shifted-split',
    sentence: `${split} Taken at face value the figures would read: ${sentence}`,
    advice: [advice],
  };
}
