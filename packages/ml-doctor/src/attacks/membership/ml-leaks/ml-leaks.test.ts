import { predict } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { world } from '../../../../test/attacks/membership-bench.ts';
import { bare } from '../../../audit/selftest/bench/bare-input.ts';
import { bench, context } from '../../../audit/selftest/bench/membership-bench.ts';
import { crossEntropyLoss, posterior } from '../../../stats/log-posterior.ts';
import { savedOutputs } from '../../../targets/saved-outputs.ts';
import { attackNetwork } from './attack-model.ts';
import { mlLeaks } from './ml-leaks.ts';
import { mlLeaksOptions } from './options.ts';

const trained = { posteriors: 3, hidden: 64, epochs: 50, batchSize: 10, learningRate: 0.01, l2: 1e-6 };

describe('the options of ML-Leaks', () => {
  it.each([
    [{}, { ...trained, adversary: 1, architecture: 'target' }],
    [
      { adversary: 2, data: 'adult' },
      { ...trained, adversary: 2, data: 'adult', architecture: 'target' },
    ],
    [{ adversary: 3 }, { adversary: 3, statistic: 'maximum', queries: 1000, percentile: 10 }],
    [
      { adversary: 'combining', posteriors: 2 },
      {
        ...trained,
        posteriors: 2,
        adversary: 'combining',
        architectures: ['mlp', 'random-forest', 'logistic-regression'],
      },
    ],
  ])('%j are completed, and accepted when given back', (given, complete) => {
    expect(mlLeaks.configure(given).params).toEqual(complete);
    expect(mlLeaks.configure(complete).params).toEqual(complete);
  });

  it.each([
    [{ adversary: 1, data: 'adult' }, /data/],
    [{ adversary: 'combining', data: 'adult' }, /data/],
    [{ adversary: 2 }, /adversary 2 needs data/],
    [{ adversary: 2, data: 'no such data' }, /data/],
    [{ statistic: 'entropy' }, /statistic/],
    [{ adversary: 1, queries: 10 }, /queries/],
    [{ adversary: 2, data: 'adult', percentile: 5 }, /percentile/],
    ...Object.keys(trained).map((option) => [{ adversary: 3, [option]: 1 }, new RegExp(option)] as const),
    [{ adversary: 3, architecture: 'mlp' }, /architecture/],
    [{ adversary: 'combining', architecture: 'mlp' }, /architecture/],
    [{ architectures: ['mlp'] }, /architectures/],
    [{ adversary: 'combining', architectures: ['mlp', 'mlp'] }, /architectures/],
    [{ adversary: 'combining', architectures: [] }, /architectures/],
    [{ architecture: 'no such model' }, /architecture/],
    [{ adversary: 4 }, /adversary/],
    [{ adversary: '3' }, /adversary/],
  ] as const)('%j are refused', (given, named) => {
    expect(() => mlLeaks.configure(given)).toThrow(
      expect.objectContaining({ code: 'MLD_USAGE', message: expect.stringMatching(named) }),
    );
  });

  it('are known to editors, closed', () => {
    const schema = z.toJSONSchema(mlLeaksOptions, { io: 'input' });
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(Object.keys(schema.properties ?? {})).toEqual(
      expect.arrayContaining(['adversary', 'data', 'statistic', 'architectures', ...Object.keys(trained)]),
    );
  });

  it('say what is needed of the target, and which models', () => {
    const blackBox = { access: 'black-box', record: 'xy' };
    const disjoint = { kind: 'disjoint' };
    expect(mlLeaks.configure()).toMatchObject({
      needs: { ...blackBox, auxiliary: 'shadow', output: 'topK' },
      references: { count: 1, pool: disjoint },
    });
    expect(mlLeaks.configure().references).not.toHaveProperty('architectures');
    expect(mlLeaks.configure().needs).not.toHaveProperty('inputs');
    expect(mlLeaks.configure({ posteriors: 1, architecture: 'mlp' })).toMatchObject({
      needs: { output: 'top1' },
      references: { count: 1, architectures: ['mlp'] },
    });
    expect(mlLeaks.configure({ adversary: 2, data: 'adult', architecture: 'random-forest' })).toMatchObject({
      needs: { ...blackBox, auxiliary: 'other', output: 'topK' },
      references: { count: 1, pool: { kind: 'other', data: 'adult' }, architectures: ['random-forest'] },
    });
    expect(mlLeaks.configure({ adversary: 3 })).toMatchObject({
      needs: { ...blackBox, auxiliary: 'none', output: 'posteriors', inputs: 'any' },
      references: { count: 0 },
    });
    expect(mlLeaks.configure({ adversary: 'combining' })).toMatchObject({
      needs: { ...blackBox, auxiliary: 'shadow', output: 'topK' },
      references: {
        count: 3,
        pool: { ...disjoint, same: true },
        architectures: ['mlp', 'random-forest', 'logistic-regression'],
      },
    });
  });
});

describe('ML-Leaks', () => {
  /** The loss of the first epoch, which takes all records in one step too small to change a weight. */
  const firstLoss = async (params: object, worlds: readonly ReturnType<typeof world>[]) => {
    const { table, records } = worlds[0]!;
    const references = worlds.flatMap((one) => one.references);
    const losses: (number | undefined)[] = [];
    await mlLeaks
      .configure({ epochs: 1, learningRate: 1e-30, batchSize: 1000, ...params })
      .run(
        { ...bare, target: savedOutputs(table), records, references },
        { ...context, progress: (_, figures) => losses.push(figures?.['loss']) },
      );
    expect(losses).toHaveLength(1);
    return losses[0];
  };

  /** The same from the definition: members of every reference are class 1, through one softmax. */
  const expectedLoss = async (width: number, worlds: readonly ReturnType<typeof world>[]) => {
    const network = attackNetwork(width, 64, context.seed);
    let [sum, count] = [0, 0];
    for (const { model, members, nonMembers } of worlds.flatMap((one) => one.references))
      for (const [label, group] of [nonMembers, members].entries()) {
        const { logits, classes } = await model.query(group);
        const size = group.ids.length;
        const data = new Float32Array(size * width);
        for (let i = 0; i < size; i++)
          data.set(
            [...posterior(logits.subarray(i * classes, (i + 1) * classes))]
              .sort((a, b) => b - a)
              .slice(0, width),
            i * width,
          );
        const x = { dtype: 'float32', dims: [size, width], data } as const;
        const target = { dtype: 'int64', dims: [size], data: new BigInt64Array(size) } as const;
        const answers = (await predict(network, { size, batch: () => ({ inputs: { x }, target }) }))
          .data as Float32Array;
        for (let i = 0; i < size; i++) sum += crossEntropyLoss(answers.subarray(2 * i, 2 * i + 2), label);
        count += size;
      }
    return sum / count;
  };

  it('shows the attack model the largest posteriors, members as class 1', async () => {
    const one = [world({ seed: 8, lead: 3, size: 30 })];
    expect(await firstLoss({ l2: 0 }, one)).toBeCloseTo(await expectedLoss(3, one), 5);
    expect(await firstLoss({ l2: 0, posteriors: 2 }, one)).toBeCloseTo(await expectedLoss(2, one), 5);
  });

  it('stacks what all shadow models say, each as often as it has records', async () => {
    const two = [world({ seed: 8, lead: 3, size: 30 }), world({ seed: 9, lead: 0, size: 20 })];
    const loss = await firstLoss({ l2: 0, adversary: 'combining', architectures: ['mlp'] }, two);
    expect(loss).toBeCloseTo(await expectedLoss(3, two), 5);
  });

  it('sees no more posteriors than target and shadow model both have', async () => {
    // Two classes there, five here.
    const few = [
      { ...world({ seed: 8, lead: 3, size: 30 }), references: [] },
      world({ seed: 9, lead: 3, size: 30, classes: 2 }),
    ];
    const loss = await firstLoss({ l2: 0, adversary: 2, data: 'adult' }, few);
    expect(loss).toBeCloseTo(await expectedLoss(2, few), 5);
    // Five there, two here.
    const more = [
      { ...world({ seed: 8, lead: 3, size: 30, classes: 2 }), references: [] },
      world({ seed: 9, lead: 3, size: 30 }),
    ];
    expect(await firstLoss({ l2: 0, adversary: 2, data: 'adult' }, more)).toBeCloseTo(
      await expectedLoss(2, more),
      5,
    );
    const binary = [world({ seed: 9, lead: 3, size: 30, classes: 2 })];
    expect(await firstLoss({ l2: 0 }, binary)).toBeCloseTo(await expectedLoss(2, binary), 5);
  });

  it('by adversary 3 asks the target about the candidates and the random inputs, and nobody else', async () => {
    const attack = mlLeaks.configure({ adversary: 3, queries: 300, percentile: 50 });
    const { input, close } = await bench(attack, { seed: 2, leak: 'leaky', size: 30 });
    const { threshold, scores } = await attack.run(input, context);
    expect(input.target.queries).toBe(60 + 300);
    const least = await attack.run(input, { ...context, seed: 9 });
    expect(least.scores).toEqual(scores);
    expect(least.threshold).not.toBe(threshold);
    await close();
  });

  it('stops when told to', async () => {
    const { table, records, references } = world({ seed: 10, lead: 2, size: 40 });
    const abort = new AbortController();
    const running = mlLeaks
      .configure({ epochs: 1000 })
      .run(
        { ...bare, target: savedOutputs(table), records, references },
        { ...context, signal: abort.signal, progress: () => abort.abort() },
      );
    await expect(running).rejects.toMatchObject({ code: 'OG_ABORTED' });
  });
});
