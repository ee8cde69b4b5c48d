import { describe, expect, test } from 'vitest';
import {
  learnable,
  learnerOptions,
  meanLossOf,
  plainly,
  resumed,
  sameFile,
} from '../../../test/defenses/learning.ts';
import { relaxLoss } from './relax-loss.ts';

const { data, members, strangers } = learnable();
const options = learnerOptions(data, members);
const train = async (params = {}, changes = {}) =>
  relaxLoss.configure(params).learner!.train({ ...options, ...changes });

describe('relax-loss', () => {
  test('holds the loss near its level where plain training forgets nothing', async () => {
    const level = Math.log10(3);
    const { losses } = await train();
    const late = losses.slice(-20);
    const mean = late.reduce((a, b) => a + b) / late.length;
    expect(mean).toBeGreaterThan(0.6 * level);
    expect(mean).toBeLessThan(1.5 * level);
    expect((await plainly(options)).losses.at(-1)).toBeLessThan(0.1 * level);
  });

  test('closes most of the gap between members and strangers', async () => {
    const gap = async (model: Parameters<typeof meanLossOf>[0]) =>
      (await meanLossOf(model, data, strangers)) - (await meanLossOf(model, data, members));
    const [plain, relaxed] = [await plainly(options), await train()];
    expect(await gap(relaxed.model)).toBeLessThan(0.5 * (await gap(plain.model)));
  });

  test('a level that is never reached is plain training', async () => {
    const { model, losses } = await train({ alpha: 1e-9 });
    const plain = await plainly(options);
    expect(sameFile(model, plain.model)).toBe(true);
    losses.forEach((loss, epoch) => {
      expect(loss).toBeCloseTo(plain.losses[epoch]!, 6);
    });
  });

  test('flattens posteriors in odd epochs alone', async () => {
    const after = async (epochs: number, upper: number) =>
      (await train({ alpha: 2.2, upper }, { recipe: { ...options.recipe, epochs } })).model;
    expect(sameFile(await after(1, 1), await after(1, 0.1))).toBe(true);
    expect(sameFile(await after(2, 1), await after(2, 0.1))).toBe(false);
  });

  test('goes on to the same bits', async () => {
    const whole = await train();
    expect(sameFile((await resumed((changes) => train({}, changes))).model, whole.model)).toBe(true);
  });

  test('refuses levels that chance has', () => {
    expect(() => relaxLoss.configure({ alpha: Math.log(10) })).toThrow(/alpha/);
    expect(() => relaxLoss.configure({ alpha: 0 })).toThrow(/alpha/);
    expect(() => relaxLoss.configure({ upper: 1.1 })).toThrow(/upper/);
  });
});
