import { createSession, float32, Graph, type Loss, stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { bench, context } from '../../../audit/selftest/bench/membership-bench.ts';
import { auc } from '../../../stats/auc.ts';
import { normalQuantile } from '../../../stats/normal.ts';
import { groupScores } from '../../../stats/roc.ts';
import { gaussianLoss, pinballLoss } from './losses.ts';
import { hingeScore, quantile } from './quantile.ts';
import { trainRegressor } from './regressor.ts';

const lossOf = async (loss: Loss, outputs: readonly (readonly number[])[], targets: readonly number[]) => {
  const graph = new Graph('loss');
  const [rows, width] = [outputs.length, outputs[0]?.length as number];
  const output = graph.input('output', 'float32', ['N', width]);
  const { dtype, shape } = loss.target(output);
  graph.output('loss', loss.perExample(output, graph.input('target', dtype, shape)));
  const session = await createSession(graph);
  const { loss: found } = await session.run({
    output: float32([rows, width], Float32Array.from(outputs.flat())),
    target: float32([rows, 1], Float32Array.from(targets)),
  });
  await session.dispose();
  expect(found?.dims).toEqual([rows]);
  return Array.from(found?.data as Float32Array);
};

describe('losses', () => {
  it('gaussian is ln σ + (s − μ)² / 2σ²', async () => {
    const found = await lossOf(
      gaussianLoss(),
      [
        [1, 0],
        [1, Math.log(2)],
        [-1, -1],
      ],
      [3, 3, -1],
    );
    [2, Math.log(2) + 0.5, -1].forEach((expected, i) => {
      expect(found[i]).toBeCloseTo(expected, 5);
    });
  });

  it('pinball weighs what lies above by the level, what lies below by the rest', async () => {
    const found = await lossOf(pinballLoss(0.9), [[1], [1], [1]], [3, -1, 1]);
    [1.8, 0.2, 0].forEach((expected, i) => {
      expect(found[i]).toBeCloseTo(expected, 5);
    });
  });
});

describe('trainRegressor', () => {
  /** Scores with mean 5 x₀ and deviation 10^x₁, so that one threshold for all would be far off for many. */
  const drawn = (seed: number, size: number) => {
    const values = stream(seed, 'x')
      .uniform(new Float32Array(2 * size))
      .map((u) => 2 * u - 1);
    const noise = stream(seed, 'noise').normal(new Float32Array(size));
    const scores = Float64Array.from(
      noise,
      (e, i) => 5 * (values[2 * i] as number) + 10 ** (values[2 * i + 1] as number) * e,
    );
    return { rows: { values, size, width: 2 }, scores };
  };

  it.each(['gaussian', 'pinball'] as const)(
    '%s: a share α of new records lies above, at small and at large deviations',
    async (loss) => {
      const alpha = 0.1;
      const known = drawn(1, 3000);
      const training = {
        loss,
        alpha,
        hidden: 24,
        epochs: 25,
        batchSize: 64,
        learningRate: 5e-3,
        weightDecay: 0,
      };
      const { expect: predict, heldOut } = await trainRegressor(known.rows, known.scores, training, context);
      expect(heldOut).toHaveLength(600);
      const fresh = drawn(2, 6000);
      const { centre, deviation } = await predict(fresh.rows);
      const threshold = loss === 'gaussian' ? normalQuantile(1 - alpha) : 0;
      for (const small of [true, false]) {
        const chosen = [...fresh.scores.keys()].filter(
          (i) => (fresh.rows.values[2 * i + 1] as number) < 0 === small,
        );
        const above = chosen.filter(
          (i) =>
            ((fresh.scores[i] as number) - (centre[i] as number)) / (deviation[i] as number) >= threshold,
        );
        // Of 3,000 records the standard error is .0055; the rest is for what the network has not learned.
        expect(Math.abs(above.length / chosen.length - alpha)).toBeLessThan(0.04);
      }
    },
  );

  it('manages with scores that are all the same, and with too few rows to hold any out', async () => {
    const rows = { values: Float32Array.of(0, 1, 2, 3), size: 4, width: 1 };
    const training = {
      loss: 'gaussian',
      alpha: 0.1,
      hidden: 4,
      epochs: 3,
      batchSize: 4,
      learningRate: 1e-3,
      weightDecay: 0,
    } as const;
    const regressor = await trainRegressor(rows, new Float64Array(4).fill(7), training, context);
    expect(regressor.heldOut).toHaveLength(0);
    const { centre, deviation } = await regressor.expect(rows);
    for (const value of [...centre, ...deviation]) expect(Number.isFinite(value)).toBe(true);
  });
});

describe('quantile', () => {
  it('scores an answer by how far the label leads', () => {
    expect(hingeScore([1, 5, 2], 1)).toBe(3);
    expect(hingeScore([1, 5, 2], 0)).toBe(-4);
    expect(hingeScore([1, Number.NEGATIVE_INFINITY, 2], 1)).toBe(-104);
    expect(hingeScore([Number.NEGATIVE_INFINITY, 0], 1)).toBe(104);
  });

  const quick = { hidden: 16, epochs: 8, learningRate: 3e-3 };

  it.each(['gaussian', 'pinball'])(
    '%s: keeps false alarms near alpha, and ranks members of a leaky model higher',
    async (loss) => {
      const attack = quantile.configure({ ...quick, loss, alpha: 0.1 });
      const { input, truth, close } = await bench(attack, { seed: 6, leak: 'leaky', size: 300 });
      const { scores, threshold, notes } = await attack.run(input, context);
      await close();
      expect(threshold).toBeCloseTo(loss === 'gaussian' ? 1.2815515655446004 : 0, 12);
      const alarms = scores.filter((score, i) => truth[i] === 0 && score >= (threshold as number)).length;
      expect(alarms / 300).toBeGreaterThan(0.03);
      expect(alarms / 300).toBeLessThan(0.2);
      expect(auc(groupScores(scores, truth))).toBeGreaterThan(0.6);
      expect(notes?.[0]).toMatch(
        /aims at 10 % of non-members; of the 120 shadow records .* takes \d+ for members/,
      );
      // The population and the candidates, each once.
      expect(input.target.queries).toBe(1200);
    },
  );
});
