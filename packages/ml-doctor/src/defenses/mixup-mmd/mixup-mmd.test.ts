import { stream } from 'onnx-grad';
import { describe, expect, test } from 'vitest';
import {
  learnable,
  learnerOptions,
  meanLossOf,
  plainly,
  resumed,
  sameFile,
} from '../../../test/defenses/learning.ts';
import { smallData } from '../../../test/models/small-data.ts';
import { holdOut } from './hold-out.ts';
import { mixupMmd } from './mixup-mmd.ts';

const { data, members, strangers } = learnable();
const options = learnerOptions(data, members);
const train = async (params = {}, changes = {}) =>
  mixupMmd.configure(params).learner!.train({ ...options, ...changes });

describe('mixup-mmd', () => {
  test('closes most of the gap between members and strangers', async () => {
    const gap = async (model: Parameters<typeof meanLossOf>[0]) =>
      (await meanLossOf(model, data, strangers)) - (await meanLossOf(model, data, members));
    const [plain, defended] = [await plainly(options), await train()];
    expect(await gap(defended.model)).toBeLessThan(0.5 * (await gap(plain.model)));
    expect(defended.parameters).toBe(plain.parameters);
    expect(defended.losses).toHaveLength(60);
  });

  test('a heavier MMD brings kept records nearer to those held out', async () => {
    const { kept, validation } = holdOut(data, members, 0.2, options.seed);
    const apart = Uint32Array.from(validation.flatMap((own) => [...own]));
    const gap = async (weight: number) => {
      const { model } = await train({ alpha: 0, weight });
      return (await meanLossOf(model, data, apart)) - (await meanLossOf(model, data, kept));
    };
    expect(await gap(10)).toBeLessThan(0.7 * (await gap(0)));
  });

  test('without mixing and weight it is plain training on the records that are kept', async () => {
    const { kept } = holdOut(data, members, 0.2, options.seed);
    const recipe = { ...options.recipe, epochs: 5, learningRate: 0.02 };
    const defended = await train({ alpha: 0, weight: 0 }, { recipe });
    const plain = await plainly({ ...options, recipe, records: kept });
    defended.losses.forEach((loss, epoch) => {
      expect(loss).toBeCloseTo(plain.losses[epoch]!, 4);
    });
    expect(await meanLossOf(defended.model, data, strangers)).toBeCloseTo(
      await meanLossOf(plain.model, data, strangers),
      4,
    );
  });

  test('goes on to the same bits', async () => {
    const whole = await train();
    expect(sameFile((await resumed((changes) => train({}, changes))).model, whole.model)).toBe(true);
  });

  test('trains a network with batch normalisation and dropout', async () => {
    const noise = stream(0, 'pictures').uniform(new Float32Array(12 * 64));
    const pictures = smallData(
      Array.from({ length: 12 }, (_, i) => [...noise.subarray(64 * i, 64 * (i + 1))]),
      Array.from({ length: 12 }, (_, i) => i % 2),
      { classes: 2, recordShape: [1, 8, 8] },
    );
    const records = Uint32Array.from({ length: 12 }, (_, i) => i);
    const recipe = { ...options.recipe, epochs: 2, batchSize: 5 };
    const { model } = await train({}, { architecture: 'resnet', data: pictures, records, recipe });
    expect([...model.initializers.keys()].filter((name) => name.includes('::'))).toEqual([]);
    expect(model.inputs.map(({ name }) => name)).toEqual(['x']);
    expect(
      [...(model.initializers.get('stem.norm.running_mean')!.data as Float32Array)].some((v) => v !== 0),
    ).toBe(true);
    expect(Number.isFinite(await meanLossOf(model, pictures, records))).toBe(true);
  });

  test('refuses too few records, in its check and when it trains', async () => {
    const { check } = mixupMmd.configure({}).learner!;
    const facts = {
      architecture: 'mlp',
      classes: 3,
      recipe: options.recipe,
      build: () => {
        throw new Error();
      },
    };
    expect(() => check({ ...facts, records: 6 })).not.toThrow();
    expect(() => check({ ...facts, records: 5 })).toThrow(
      expect.objectContaining({ code: 'MLD_DEFENSE_UNSUITED', message: expect.stringMatching(/6 .*5/) }),
    );
    await expect(train({}, { records: members.subarray(0, 5) })).rejects.toMatchObject({
      code: 'MLD_DEFENSE_UNSUITED',
    });
    expect(() => mixupMmd.configure({ validation: 0 })).toThrow(/validation/);
    expect(() => mixupMmd.configure({ alpha: -1 })).toThrow(/alpha/);
    expect(() => mixupMmd.configure({ weight: -1 })).toThrow(/weight/);
  });
});
