/** Figures over seeds: what belongs together, and mean, spread and interval as worked out by hand. */

import { describe, expect, it } from 'vitest';
import { sampleAbout, sampleAudits, sampleStudy } from '../../../test/report/sample-study.ts';
import type { Metric } from '../schema.ts';
import { repeatsOf } from './repeats.ts';
import { studyJsonSchema, studySchema } from './study-schema.ts';
import { summariseStudy } from './summarise-study.ts';

/** One model under these seeds, its first attack with this metric. */
function repeated(
  figures: readonly (Metric | undefined)[],
  spoil?: (audits: ReturnType<typeof sampleAudits>) => void,
) {
  const defenses = [{ name: 'none', params: {} }];
  const audits = sampleAudits({ data: ['d'], models: ['m'], defenses, seeds: figures.map((_, i) => i) });
  audits.forEach(({ report }, i) => {
    report.results.splice(1);
    const figure = figures[i];
    report.results[0]!.metrics = figure === undefined ? {} : { auc: { ...figure } };
  });
  spoil?.(audits);
  return summariseStudy(audits, sampleAbout()).repeats;
}

const metric = (value: number, reach: number): Metric => ({
  value,
  low: value - reach,
  high: value + reach,
  method: 'x',
});

describe('repeatsOf', () => {
  it('gives mean, standard deviation, and an interval of sampling and seed', () => {
    const [repeat] = repeated([metric(0.6, 0.02), metric(0.7, 0.02), metric(0.65, 0.02)]);
    const { mean, spread, seeds } = repeat!.metrics.auc!;
    expect(repeat!.seeds).toEqual([0, 1, 2]);
    expect(seeds).toBe(3);
    expect(mean.value).toBeCloseTo(0.65, 12);
    // Of .6, .65 and .7 around .65, by n - 1.
    expect(spread).toBeCloseTo(0.05, 12);
    // Student's t for 2 degrees of freedom, 4.302653; seeds' part and the sampling part that all share, in squares.
    const reach = Math.sqrt((4.302652729911275 ** 2 * 0.05 ** 2) / 3 + 0.02 ** 2);
    expect(mean.low).toBeCloseTo(0.65 - reach, 9);
    expect(mean.high).toBeCloseTo(0.65 + reach, 9);
  });

  it('is not narrowed by seeds that agree', () => {
    const [repeat] = repeated(Array.from({ length: 8 }, () => metric(0.6, 0.03)));
    expect(repeat!.metrics.auc).toMatchObject({ spread: 0, seeds: 8 });
    expect(repeat!.metrics.auc!.mean.low).toBeCloseTo(0.57, 12);
  });

  it('has no interval where a seed has an open end, and no figure of one seed only', () => {
    const open = { ...metric(0.7, 0.02), high: null };
    const [repeat] = repeated([metric(0.6, 0.02), open]);
    expect(repeat!.metrics.auc!.mean).toMatchObject({ low: null, high: null });
    expect(repeat!.metrics.auc!.mean.value).toBeCloseTo(0.65, 12);
    expect(repeat!.metrics.auc!.spread).toBeCloseTo(0.1 / Math.SQRT2, 12);
    expect(repeated([metric(0.6, 0.02), undefined])[0]!.metrics).toEqual({});
    expect(repeated([metric(0.6, 0.02)])).toEqual([]);
  });

  it('takes a seed that comes twice once', () => {
    const twice = repeated([metric(0.6, 0.02), metric(0.7, 0.02), metric(0.9, 0.02)], (audits) => {
      audits[2]!.report.seed = 1;
    });
    expect(twice[0]!.seeds).toEqual([0, 1]);
    expect(twice[0]!.metrics.auc!.mean.value).toBeCloseTo(0.65, 12);
  });

  it.each<[string, (audits: ReturnType<typeof sampleAudits>) => void]>([
    ['parameters', (audits) => Object.assign(audits[1]!.report.results[0]!, { params: { k: 2 } })],
    [
      'what the attacker sees',
      (audits) => Object.assign(audits[1]!.report.results[0]!.threatModel, { output: 'label' }),
    ],
    ['training', (audits) => Object.assign(audits[1]!.report.config, { target: { train: { epochs: 1 } } })],
    ['data', (audits) => Object.assign(audits[1]!.report.config, { data: { recordsPerRole: 7 } })],
    [
      'defence',
      (audits) => Object.assign(audits[1]!.report.results[0]!, { defense: { name: 'l2', params: {} } }),
    ],
  ])('keeps apart what differs in %s', (_, spoil) => {
    expect(repeated([metric(0.6, 0.02), metric(0.7, 0.02)], spoil)).toEqual([]);
  });

  it('has one for each attack on each repeated target of a grid, in its order', () => {
    const { study } = sampleStudy();
    expect(repeatsOf(study.audits)).toEqual(study.repeats);
    // Of 16 targets under 3 seeds, the first lost a result of its second attack and both of another seed.
    expect(study.repeats).toHaveLength(31);
    expect(study.repeats.slice(0, 2).map(({ attack, seeds }) => [attack, seeds])).toEqual([
      ['membership/loss-threshold', [0, 2]],
      ['membership/loss-threshold', [0, 1, 2]],
    ]);
    expect(studySchema.parse(study).repeats).toEqual(study.repeats);
    expect(JSON.stringify(studyJsonSchema())).toContain('"repeats"');
  });
});
