import { predict } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { world } from '../../../../test/attacks/membership-bench.ts';
import { bare } from '../../../audit/selftest/bench/bare-input.ts';
import { bench } from '../../../audit/selftest/bench/membership-bench.ts';
import { crossEntropyLoss } from '../../../stats/log-posterior.ts';
import { savedOutputs } from '../../../targets/saved-outputs.ts';
import { memberScores } from './attack-model.ts';
import { blackBoxNetwork } from './attack-networks.ts';
import { batchOf, blackBoxFeatures } from './features.ts';
import { shadowClassifier } from './shadow-classifier.ts';

const context = {
  seed: 3,
  threads: 1,
  device: 'cpu',
  signal: new AbortController().signal,
  progress: () => {},
} as const;

describe('shadowClassifier', () => {
  it('has the published training as its defaults', () => {
    expect(shadowClassifier.configure()).toMatchObject({
      params: { epochs: 50, batchSize: 64, learningRate: 1e-5 },
      needs: { access: 'black-box', auxiliary: 'shadow', output: 'posteriors', record: 'xy' },
      references: { count: 1, pool: { kind: 'disjoint' } },
    });
  });

  it('needs gradients for white-box access, live ones of a shadow model, and known records or a shadow model', () => {
    const of = (access: string, auxiliary: string) => {
      const { needs, references } = shadowClassifier.configure({ access, auxiliary });
      return [needs.access, needs.auxiliary, needs.output, references.count, references.live];
    };
    expect(of('black-box', 'shadow')).toEqual(['black-box', 'shadow', 'posteriors', 1, false]);
    expect(of('black-box', 'partial')).toEqual(['black-box', 'partial', 'posteriors', 0, false]);
    expect(of('white-box', 'shadow')).toEqual(['white-box', 'shadow', 'posteriors', 1, true]);
    expect(of('white-box', 'partial')).toEqual(['white-box', 'partial', 'posteriors', 0, false]);
  });

  it.each(['black-box', 'white-box'] as const)(
    'with partial data asks the target %s about known and scored records alike',
    async (access) => {
      const configured = shadowClassifier.configure({ access, auxiliary: 'partial', epochs: 1 });
      const { input, close } = await bench(configured, { seed: 1, leak: 'leaky', size: 30 });
      const { members, nonMembers } = input.known!;
      await configured.run(input, context);
      await close();
      const records = members.ids.length + nonMembers.ids.length + input.records.ids.length;
      expect(records).toBe(40);
      // Gradients are computed from the weights and ask nobody.
      expect(input.target.queries).toBe(records);
    },
  );

  it('learns by cross-entropy on the logits, through one softmax, with members as class 1', async () => {
    const { table, records, references } = world({ seed: 8, lead: 3, size: 48 });
    const [{ model, members, nonMembers }] = references as [(typeof references)[0]];
    const losses: number[] = [];
    // So small a step changes no weight: the loss of the epoch is that of the first weights.
    await shadowClassifier
      .configure({ epochs: 1, learningRate: 1e-30, batchSize: 96 })
      .run(
        { ...bare, target: savedOutputs(table), records, references },
        { ...context, progress: (_, figures) => losses.push(figures?.loss ?? Number.NaN) },
      );
    let expected = 0;
    for (const [label, group] of [nonMembers, members].entries()) {
      const seen = await blackBoxFeatures(model, group);
      const { size } = seen;
      const target = { dtype: 'int64', dims: [size], data: new BigInt64Array(size) } as const;
      const source = { size, batch: (indices: Uint32Array) => ({ inputs: batchOf(seen, indices), target }) };
      const logits = (await predict(blackBoxNetwork(5, context.seed), source)).data as Float32Array;
      for (let i = 0; i < size; i++) expected += crossEntropyLoss(logits.subarray(2 * i, 2 * i + 2), label);
    }
    expect(losses).toHaveLength(1);
    expect(losses[0]).toBeCloseTo(expected / 96, 5);
  });

  it('follows its seed, its epochs and its learning rate', async () => {
    const { table, records, references } = world({ seed: 9, lead: 2, size: 40 });
    const run = async (params: object, seed = 0) =>
      (
        await shadowClassifier
          .configure({ epochs: 2, learningRate: 1e-3, ...params })
          .run({ ...bare, target: savedOutputs(table), records, references }, { ...context, seed })
      ).scores;
    const base = await run({});
    expect(await run({})).toEqual(base);
    for (const other of [run({}, 1), run({ epochs: 3 }), run({ learningRate: 2e-3 }), run({ batchSize: 32 })])
      expect(await other).not.toEqual(base);
  });

  it('computes, in training and on the target, on the device it is given', async () => {
    const { table, records, references } = world({ seed: 10, lead: 2, size: 40 });
    const elsewhere = { ...context, device: 'no such device' as 'cpu' };
    const missing = { code: 'OG_DEVICE_MISSING' };
    await expect(
      shadowClassifier
        .configure()
        .run({ ...bare, target: savedOutputs(table), records, references }, elsewhere),
    ).rejects.toMatchObject(missing);
    const inputs = await blackBoxFeatures(savedOutputs(table), records);
    const network = blackBoxNetwork(table.classes, 0);
    expect(await memberScores(network, inputs, context)).toHaveLength(inputs.size);
    await expect(memberScores(network, inputs, elsewhere)).rejects.toMatchObject(missing);
  });

  it('stops when told to', async () => {
    const { table, records, references } = world({ seed: 10, lead: 2, size: 40 });
    const abort = new AbortController();
    const running = shadowClassifier
      .configure({ epochs: 1000 })
      .run(
        { ...bare, target: savedOutputs(table), records, references },
        { ...context, signal: abort.signal, progress: () => abort.abort() },
      );
    await expect(running).rejects.toMatchObject({ code: 'OG_ABORTED' });
  });
});
