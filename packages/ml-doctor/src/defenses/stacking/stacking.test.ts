import { decodeModel, encodeModel, float32, floats, type Graph, predict } from 'onnx-grad';
import { describe, expect, test } from 'vitest';
import {
  learnable,
  learnerOptions,
  meanLossOf,
  plainly,
  resumed,
  sameFile,
} from '../../../test/defenses/learning.ts';
import { batchSource } from '../../models/batch-source.ts';
import { trainModel } from '../../models/train-model.ts';
import { trainMetaModel } from './meta-model.ts';
import { stacking } from './stacking.ts';
import { threeParts } from './three-parts.ts';

const { data, members, strangers } = learnable();
const options = learnerOptions(data, members);
const { learner } = stacking.configure({});
const train = (changes = {}) => learner!.train({ ...options, ...changes });
const C = 3;
/** Trained once for the tests that only look at it. */
const whole = train();

const posteriorsOf = async (model: Graph, records: Uint32Array) => {
  const logits = floats(await predict(model, batchSource(data, records)));
  return Array.from(records, (_, i) => {
    const row = [...logits.subarray(i * C, (i + 1) * C)];
    const powers = row.map((logit) => Math.exp(logit - Math.max(...row)));
    const sum = powers.reduce((a, b) => a + b);
    return powers.map((power) => power / sum);
  });
};

describe('stacking', () => {
  test('is the three models run one after another', async () => {
    const { model, parameters } = await whole;
    const parts = threeParts(members, options.seed);
    const network = await trainModel({ ...options, records: parts.network });
    const forest = await trainModel({
      ...options,
      architecture: 'random-forest',
      records: parts.forest,
    });
    expect(parameters).toBe(network.parameters + forest.parameters + 2 * C * C + C);
    const inputs = [
      await posteriorsOf(network.model, strangers),
      await posteriorsOf(forest.model, strangers),
    ];
    const stored = (end: string) => {
      const name = [...model.initializers.keys()].find((key) => key.endsWith(end))!;
      return floats(model.initializers.get(name)!);
    };
    const [weights, biases] = [stored('meta.weight'), stored('meta.bias')];
    expect(weights.some((weight) => Math.abs(weight) > 0.1)).toBe(true);
    // The meta model has learnt from the third part, and from no other.
    const level = await Promise.all([network, forest].map(({ model: of }) => posteriorsOf(of, parts.meta)));
    const seen = level[0]!.flatMap((row, i) => [...row, ...level[1]![i]!]);
    const meta = await trainMetaModel(
      float32([parts.meta.length, 2 * C], Float32Array.from(seen)),
      Int32Array.from(parts.meta, (record) => data.y[record]!),
      C,
      options,
      () => {},
    );
    floats(meta.initializers.get('meta.weight')!).forEach((weight, i) => {
      expect(Math.abs(weights[i]! - weight)).toBeLessThan(0.02 * (1 + Math.abs(weight)));
    });
    const logits = floats(await predict(model, batchSource(data, strangers)));
    strangers.forEach((_, i) => {
      const row = [...inputs[0]![i]!, ...inputs[1]![i]!];
      for (let c = 0; c < C; c++) {
        const sum = row.reduce((total, value, k) => total + value * weights[c * 2 * C + k]!, biases[c]!);
        expect(Math.abs(logits[i * C + c]! - sum)).toBeLessThan(1e-3 * (1 + Math.abs(sum)));
      }
    });
  });

  test('is one file with one input and logits, and the same after it is written and read', async () => {
    const { model } = await whole;
    expect(model.inputs.map(({ name, shape }) => [name, shape])).toEqual([['x', ['N', 10]]]);
    expect([...model.outputs.keys()]).toEqual(['logits']);
    const answers = (of: Graph) => predict(of, batchSource(data, strangers));
    expect(await answers(decodeModel(encodeModel(model)))).toEqual(await answers(model));
  });

  test('closes most of the gap between members and strangers', async () => {
    const gap = async (model: Graph) =>
      (await meanLossOf(model, data, strangers)) - (await meanLossOf(model, data, members));
    const [plain, stacked] = [await plainly(options), await whole];
    expect(await gap(stacked.model)).toBeLessThan(0.5 * (await gap(plain.model)));
  });

  test('tells of its progress from 0 to 1, and of the network as trained', async () => {
    const fractions: number[] = [];
    const { losses, steps } = await train({
      progress: ({ fraction }: { fraction: number }) => fractions.push(fraction),
    });
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    expect(losses).toHaveLength(60);
    expect(steps).toBe(60);
  });

  test('gives the same bytes again and when resumed, and others for another seed', async () => {
    const { model } = await whole;
    expect(sameFile((await train()).model, model)).toBe(true);
    expect(sameFile((await resumed(train)).model, model)).toBe(true);
    expect(sameFile((await train({ seed: 2 })).model, model)).toBe(false);
  });

  test('refuses too few records, in its check and when it trains', async () => {
    const facts = {
      ...{ architecture: 'mlp', classes: C, records: 8, recipe: options.recipe },
      build: () => {
        throw new Error();
      },
    };
    expect(() => learner!.check(facts)).toThrow(expect.objectContaining({ code: 'MLD_DEFENSE_UNSUITED' }));
    expect(() => learner!.check({ ...facts, records: 9 })).not.toThrow();
    await expect(train({ records: members.subarray(0, 8) })).rejects.toMatchObject({
      code: 'MLD_DEFENSE_UNSUITED',
    });
    expect(learner!.gradients).toBe(false);
  });
});
