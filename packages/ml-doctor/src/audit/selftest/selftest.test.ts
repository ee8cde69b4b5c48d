/** Every check of the self-test holds here, and is seen to fail when what it checks is broken. */

import { gradients, stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { trainStudent } from '../../attacks/stealing/train-student.ts';
import { trainModel } from '../../models/train-model.ts';
import { epsilonOf } from '../../privacy/epsilon.ts';
import { auc } from '../../stats/auc.ts';
import { clopperPearson } from '../../stats/binomial.ts';
import { operatingPoint } from '../../stats/tpr-at-fpr.ts';
import { inlineExecutor } from '../../study/executors/inline.ts';
import { handlers } from '../../study/kinds/handlers.ts';
import type { TaskHandler } from '../../study/task.ts';
import type { Check } from './check.ts';
import { engineChecks } from './known-gradients.ts';
import { statisticsChecks } from './known-statistics.ts';
import { familyChecks } from './other-families.ts';
import { firstCases, leakChecks } from './planted-leaks.ts';
import { type CheckResult, installationChecks, runChecks } from './run-selftest.ts';
import { sameBitsChecks } from './same-bits.ts';

const { signal } = new AbortController();

/** Names of those that fail. */
const failing = async (checks: readonly Check[]): Promise<string[]> => {
  const results = await runChecks([{ name: 'all', checks }], signal, () => {});
  return results.filter(({ ok }) => !ok).map(({ name }) => name);
};

describe('quick', () => {
  it('holds on this machine, check by check', async () => {
    const told: CheckResult[] = [];
    const results = await runChecks(installationChecks(true), signal, (result) => told.push(result));
    expect(
      results.flatMap(({ name, findings }) => findings.map((finding) => ({ name, ...finding }))),
    ).toEqual([]);
    expect(told).toEqual(results);
    expect(results.length).toBeGreaterThan(15);
    expect(new Set(results.map(({ name }) => name)).size).toBe(results.length);
  });

  it('is part of the whole', () => {
    const names = (quick: boolean) =>
      installationChecks(quick).flatMap(({ checks }) => checks.map(({ name }) => name));
    expect(names(false)).toEqual(expect.arrayContaining(names(true)));
    expect(names(false).length).toBeGreaterThan(2 * names(true).length);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const run = runChecks(installationChecks(true), stop.signal, () => stop.abort());
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('known answers', () => {
  it.each([
    ['an AUC that counts ties for nothing', { auc: (groups) => auc(groups) - 0.001 }, /^AUC/],
    ['an AUC turned round', { auc: (groups) => 1 - auc(groups) }, /^AUC/],
    [
      'limits that are too narrow',
      { clopperPearson: (k: number, n: number) => clopperPearson(k, n, 0.94) },
      /^Clopper/,
    ],
    [
      'one false positive too many',
      {
        operatingPoint: (groups, fpr) =>
          operatingPoint(groups, Math.min(0.99, fpr + 1 / groups.negatives.length)),
      },
      /^TPR/,
    ],
    [
      'an epsilon that is too small',
      { epsilonOf: (setting, delta, accountant) => 0.99 * epsilonOf(setting, delta, accountant) },
      /^the accountant/,
    ],
    [
      'another generator',
      { stream: (seed, ...purpose) => stream(Number(seed) + 1, ...purpose) },
      /^the random generator/,
    ],
  ] as [string, Parameters<typeof statisticsChecks>[0], RegExp][])('see %s', async (_, broken, name) => {
    expect(await failing(statisticsChecks(broken))).toEqual([expect.stringMatching(name)]);
  });

  it('see an engine that computes a little wrong', async () => {
    const transform = (values: Float32Array) => values.map((value) => value * (1 + 1e-5));
    expect(await failing(engineChecks({ transform }))).toEqual([
      expect.stringMatching(/^onnxruntime computes/),
    ]);
  });

  it('see gradients in the wrong order', async () => {
    const broken: typeof gradients = (target, wrt, options) => {
      const [a, b, ...rest] = gradients(target, wrt, options);
      return [b!, a!, ...rest];
    };
    expect(await failing(engineChecks({ gradients: broken }))).toEqual(['gradients are central differences']);
  });
});

describe('planted leaks', () => {
  const [one] = firstCases().filter(({ attack }) => attack.name === 'membership/loss-threshold');
  /** The attack with other scores. */
  const withScores = (change: (scores: Float64Array, ids: Uint32Array) => Float64Array) => {
    const attack: NonNullable<typeof one>['attack'] = {
      ...one!.attack,
      configure: (params) => {
        const configured = one!.attack.configure(params);
        return {
          ...configured,
          run: async (input, context) => {
            const found = await configured.run(input, context);
            return { ...found, scores: change(found.scores, input.records.ids) };
          },
        };
      },
    };
    return leakChecks({ cases: [{ attack }] });
  };

  it('see an attack whose scores have the wrong sign, and one that is blind', async () => {
    const finds = 'membership/loss-threshold finds the members of a model that knows them';
    expect(await failing(withScores((scores) => scores.map((score) => -score)))).toEqual([finds]);
    expect(await failing(withScores((scores) => scores.fill(0)))).toEqual([finds]);
  });

  it('see an attack that knows who is a member from elsewhere', async () => {
    // Truth of the null bench: whoever the split calls a member, whatever the model says.
    const { splitQuarters } = await import('../../data/split.ts');
    const members = new Set(splitQuarters(400, { seed: 100 })['target-train']);
    const cheating = withScores((_, ids) => Float64Array.from(ids, (id) => (members.has(id) ? 1 : 0)));
    expect(await failing(cheating)).toContain(
      'membership/loss-threshold finds nothing in a model that never saw them',
    );
  });

  it('see a training that does not learn', async () => {
    const idle: typeof trainModel = (options) =>
      trainModel({ ...options, recipe: { ...options.recipe!, epochs: 1, learningRate: 1e-9 } });
    expect(await failing(leakChecks({ cases: [], trainModel: idle }))).toHaveLength(1);
    const { records, ...rest } = { records: Uint32Array.from({ length: 300 }, (_, i) => i) };
    expect(rest).toEqual({});
    // One that learns everybody leaves nobody to tell members from, and that is seen too.
    const greedy: typeof trainModel = (options) => trainModel({ ...options, records });
    expect(await failing(leakChecks({ cases: [], trainModel: greedy }))).toHaveLength(1);
  });

  it('of the other families hold here, and see a thief who learns nothing', async () => {
    expect(await failing(familyChecks())).toEqual([]);
    const idle: typeof trainStudent = (options) =>
      trainStudent({ ...options, recipe: { ...options.recipe, learningRate: 1e-9 } });
    expect(await failing(familyChecks({ train: idle }))).toEqual([expect.stringMatching(/^stealing/)]);
  });
});

describe('determinism', () => {
  it('sees a second run that gives other bits', async () => {
    const train: TaskHandler = handlers['train'] as TaskHandler;
    const drifting: TaskHandler = {
      ...train,
      run: async (params, inputs, context) =>
        train.run(params, inputs, { ...context, seed: context.seed + 1 }),
    };
    const second = (store: Parameters<typeof inlineExecutor>[0]['store']) =>
      inlineExecutor({ store, handlers: { ...handlers, train: drifting } });
    expect(await failing(sameBitsChecks({ second }))).toHaveLength(1);
  });
});
