import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { auc, aucMetric } from './auc.ts';
import { percentileInterval, stratifiedBootstrap } from './bootstrap.ts';
import { groupScores } from './roc.ts';

const sorted = (values: Float64Array) => values.sort();
const noise = (purpose: string, size: number) =>
  Float64Array.from(stream(3, 'bootstrap-test', purpose).normal(new Float32Array(size)));

describe('stratifiedBootstrap', () => {
  const values = noise('mean', 200);
  const mean = ([indices]: readonly Uint32Array[]) =>
    indices!.reduce((sum, i) => sum + values[i]!, 0) / indices!.length;

  it("has the standard error of a mean, the values' deviation over √n", () => {
    const { standardError } = stratifiedBootstrap(mean, {
      groups: [200],
      seed: 1,
      purpose: 'mean',
      replicates: 4000,
    });
    const centre = values.reduce((sum, v) => sum + v, 0) / 200;
    const variance = values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / 200;
    // The estimate's own relative error is 1/√8000 = 1.1 %.
    expect(Math.abs(standardError / Math.sqrt(variance / 200) - 1)).toBeLessThan(0.05);
  });

  it("agrees with DeLong's deviation of the AUC", () => {
    const members = sorted(noise('members', 300).map((v) => v + 0.7));
    const others = sorted(noise('others', 200));
    const bootstrap = stratifiedBootstrap(
      ([m, n]) =>
        auc({
          positives: sorted(Float64Array.from(m!, (i) => members[i]!)),
          negatives: sorted(Float64Array.from(n!, (i) => others[i]!)),
        }),
      { groups: [300, 200], seed: 1, purpose: 'auc', replicates: 1000 },
    );
    const metric = aucMetric(
      groupScores([...members, ...others], [...members.map(() => 1), ...others.map(() => 0)]),
    );
    const { low, high } = percentileInterval(bootstrap);
    expect(Math.abs((high - low) / (metric.high - metric.low) - 1)).toBeLessThan(0.1);
    expect(Math.abs(low - metric.low)).toBeLessThan(0.01);
    expect(Math.abs(high - metric.high)).toBeLessThan(0.01);
  });

  it('draws within each group, as many as it has', () => {
    stratifiedBootstrap(
      ([a, b]) => {
        expect([a!.length, b!.length]).toEqual([5, 3]);
        expect(Math.max(...a!)).toBeLessThan(5);
        expect(Math.max(...b!)).toBeLessThan(3);
        return 0;
      },
      { groups: [5, 3], seed: 0, purpose: 'range', replicates: 50 },
    );
  });

  it('draws for two groups independently', () => {
    stratifiedBootstrap(
      ([a, b]) => {
        expect(a).not.toEqual(b);
        return 0;
      },
      { groups: [30, 30], seed: 0, purpose: 'range', replicates: 5 },
    );
  });

  it('continues a shorter run, and depends on seed and purpose', () => {
    const draws = (replicates: number, seed = 1, purpose = 'a') => {
      const drawn: string[] = [];
      stratifiedBootstrap((indices) => drawn.push(indices.join(';')), {
        groups: [9, 4],
        seed,
        purpose,
        replicates,
      });
      return drawn;
    };
    expect(draws(20).slice(0, 5)).toEqual(draws(5));
    expect(draws(5, 2)).not.toEqual(draws(5));
    expect(draws(5, 1, 'b')).not.toEqual(draws(5));
    expect(new Set(draws(20)).size).toBe(20);
  });

  it('cuts equal shares off both ends', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => i);
    expect(percentileInterval({ values, standardError: 0 })).toEqual({ low: 25, high: 974 });
  });
});
