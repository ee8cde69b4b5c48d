import { describe, expect, it } from 'vitest';
import { context } from '../../../audit/selftest/bench/membership-bench.ts';
import { attackNetwork, memberScores, trainAttackModel } from './attack-model.ts';

const training = { hidden: 0, epochs: 1, batchSize: 10, learningRate: 0.01, l2: 0 };

describe('the attack network', () => {
  const shapesOf = (hidden: number) => {
    const graph = attackNetwork(3, hidden, 1);
    const weights = [...graph.initializers].filter(([name]) => graph.parameters.has(name));
    return {
      shapes: Object.fromEntries(weights.map(([name, { dims }]) => [name, [...dims]])),
      operators: graph.nodes.map(({ op }) => op),
    };
  };

  it('has one hidden layer with ReLU, and no softmax: the loss has it', () => {
    const { shapes, operators } = shapesOf(64);
    expect(shapes).toEqual({
      'hidden.weight': [64, 3],
      'hidden.bias': [64],
      'out.weight': [2, 64],
      'out.bias': [2],
    });
    expect(operators.filter((op) => op === 'Relu')).toHaveLength(1);
    expect(operators.filter((op) => /softmax|sigmoid/i.test(op))).toEqual([]);
  });

  it('is a softmax regression without hidden units', () => {
    const { shapes, operators } = shapesOf(0);
    expect(shapes).toEqual({ 'out.weight': [2, 3], 'out.bias': [2] });
    expect(operators).not.toContain('Relu');
  });
});

describe('trainAttackModel', () => {
  /** Features of 0: nothing but the biases speaks. */
  const blank = { size: 10, width: 2, values: new Float32Array(20) };

  it('finds the log odds of members, drawn to 0 by the sum of squares', async () => {
    const membership = Uint8Array.of(1, 1, 1, 0, 1, 1, 1, 1, 0, 1);
    // With biases ±d/2 the loss −.8 ln σ(d) − .2 ln σ(−d) + λ d²/2 is least where σ(d) − .8 + λ d = 0.
    const optimum = (l2: number) => {
      let [low, high] = [0, 10];
      for (let i = 0; i < 60; i++) {
        const d = (low + high) / 2;
        if (1 / (1 + Math.exp(-d)) - 0.8 + l2 * d < 0) low = d;
        else high = d;
      }
      return low;
    };
    expect(optimum(0)).toBeCloseTo(Math.log(4), 9);
    for (const l2 of [0, 0.3]) {
      const model = await trainAttackModel(blank, membership, { ...training, epochs: 700, l2 }, context);
      const [score] = await memberScores(model, blank, context);
      expect(score).toBeCloseTo(optimum(l2), 2);
    }
  });

  it('learns which posteriors members have, by a line and by a network', async () => {
    // Members .9 and .8, others .5 and .6, over and over.
    const size = 40;
    const top = [0.9, 0.5, 0.8, 0.6];
    const values = Float32Array.from({ length: 2 * size }, (_, i) => {
      const p = top[Math.floor(i / 2) % 4]!;
      return i % 2 === 0 ? p : 1 - p;
    });
    const features = { size, width: 2, values };
    const membership = Uint8Array.from({ length: size }, (_, i) => (i % 2 === 0 ? 1 : 0));
    for (const hidden of [0, 16]) {
      const options = { ...training, hidden, epochs: 60, learningRate: 0.1 };
      const model = await trainAttackModel(features, membership, options, context);
      const scores = await memberScores(model, features, context);
      expect(scores.map((score) => (score > 0 ? 1 : 0))).toEqual(Float64Array.from(membership));
    }
  });
});
