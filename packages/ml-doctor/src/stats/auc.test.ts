import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { percentileInterval, stratifiedBootstrap } from '../../test/stats/bootstrap.ts';
import { auc, aucMetric } from './auc.ts';
import { groupScores } from './roc.ts';

const sorted = (values: Float64Array) => values.sort();
const noise = (purpose: string, size: number) =>
  Float64Array.from(stream(3, 'bootstrap-test', purpose).normal(new Float32Array(size)));

describe('aucMetric', () => {
  it("agrees, by DeLong's deviation, with the bootstrap", () => {
    const members = sorted(noise('members', 300).map((v) => v + 0.7));
    const others = sorted(noise('others', 200));
    const replicates = stratifiedBootstrap(
      ([m, n]) =>
        auc({
          positives: sorted(Float64Array.from(m!, (i) => members[i]!)),
          negatives: sorted(Float64Array.from(n!, (i) => others[i]!)),
        }),
      { groups: [300, 200], seed: 1, replicates: 1000 },
    );
    const metric = aucMetric(
      groupScores([...members, ...others], [...members.map(() => 1), ...others.map(() => 0)]),
    );
    const { low, high } = percentileInterval(replicates);
    expect(Math.abs((high - low) / (metric.high - metric.low) - 1)).toBeLessThan(0.1);
    expect(Math.abs(low - metric.low)).toBeLessThan(0.01);
    expect(Math.abs(high - metric.high)).toBeLessThan(0.01);
  });
});

describe('the bootstrap these tests lean on', () => {
  it("has the interval of a mean, from the values' deviation over √n", () => {
    const values = noise('mean', 200);
    const centre = values.reduce((sum, v) => sum + v, 0) / 200;
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / 200 / 200);
    const { low, high } = percentileInterval(
      stratifiedBootstrap(([indices]) => indices!.reduce((sum, i) => sum + values[i]!, 0) / 200, {
        groups: [200],
        seed: 1,
        replicates: 4000,
      }),
    );
    expect(Math.abs((low - centre) / deviation + 1.96)).toBeLessThan(0.2);
    expect(Math.abs((high - centre) / deviation - 1.96)).toBeLessThan(0.2);
  });
});
