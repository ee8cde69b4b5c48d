/** Every way in which targets are attacked is one figure, whatever the attack. */

import { describe, expect, it } from 'vitest';
import { around, type SampleTarget, sampleEvidence } from '../../../test/analysis/sample-evidence.ts';
import type { Draft } from '../../../test/report/sample-report.ts';
import { resultId } from '../../report/canonical.ts';
import { ONE_RUN } from '../../report/privacy.ts';
import { attackQuantities } from './quantities.ts';

type Change = Partial<Draft['results'][number]>;

/** Targets with a membership attack, each with further results that are made from it. */
const targetsWith = (...further: readonly (readonly Change[])[]) =>
  sampleEvidence(
    further.map(
      (changes, i): SampleTarget => ({
        ...{ data: 'celeba', model: `model-${i}`, modes: { 'MemInf <B,S>': 0.6 + i / 100 } },
        report: (report) => ({
          ...report,
          results: [
            ...report.results,
            ...changes.map((change) => {
              const result = { ...report.results[0]!, ...change };
              return { ...result, id: resultId(result) };
            }),
          ],
        }),
      }),
    ),
  ).targets;

const named = (targets: ReturnType<typeof targetsWith>) =>
  attackQuantities(targets).map(({ name, label }) => [name, label]);

const MODE = ['MemInf <B,S>', 'membership inference <B,S>, balanced accuracy'];

describe('attackQuantities', () => {
  it('has attacks that are no mode of ML-Doctor, by their headline figure', () => {
    const threshold = (value: number): Change => ({
      attack: 'membership/loss-threshold',
      params: {},
      metrics: { auc: around(value) },
    });
    const targets = targetsWith([threshold(0.7)], [threshold(0.8)], []);
    expect(named(targets)).toEqual([MODE, ['membership/loss-threshold', 'membership/loss-threshold, AUC']]);
    const [mode, own] = attackQuantities(targets);
    expect(targets.map((target) => own!.of(target)?.value)).toEqual([0.7, 0.8, undefined]);
    expect(targets.map((target) => mode!.of(target)?.value)).toEqual([0.6, 0.61, 0.62]);
  });

  it('tells two sets of options of one mode apart, and takes neither for the mode', () => {
    const wide: Change = {
      params: { access: 'black-box', auxiliary: 'shadow', hidden: 9 },
      metrics: { balancedAccuracy: around(0.9) },
    };
    const targets = targetsWith([wide], [wide]);
    const quantities = attackQuantities(targets);
    expect(quantities.map(({ name }) => name)).toEqual([
      'membership/shadow-classifier',
      'membership/shadow-classifier (hidden 9)',
    ]);
    expect(quantities.map((one) => one.of(targets[1]!)?.value)).toEqual([0.61, 0.9]);
  });

  it('tells an attack on a copy from the attack', () => {
    const copied: Change = {
      through: { attack: 'stealing/posterior-matching', params: {}, queries: 100 },
      metrics: { balancedAccuracy: around(0.55) },
    };
    const targets = targetsWith([copied]);
    const [mode, own, ...more] = attackQuantities(targets);
    expect(more).toEqual([]);
    expect([mode!.of(targets[0]!)?.value, own!.of(targets[0]!)?.value]).toEqual([0.6, 0.55]);
    expect(own!.name).toBe('membership/shadow-classifier through stealing/posterior-matching');
  });

  it('takes no audit of a training for an attack', () => {
    const audit: Change = { attack: ONE_RUN, metrics: { epsilonLowerBound: around(1) } };
    expect(named(targetsWith([audit]))).toEqual([MODE]);
  });
});
