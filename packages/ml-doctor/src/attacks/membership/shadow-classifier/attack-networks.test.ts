import { type Graph, predict, stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { blackBoxNetwork, whiteBoxNetwork } from './attack-networks.ts';

const weightsOf = (graph: Graph) => [...graph.initializers].filter(([name]) => graph.parameters.has(name));

const shapesOf = (graph: Graph) =>
  Object.fromEntries(
    weightsOf(graph)
      .filter(([name]) => name.endsWith('weight'))
      .map(([name, { dims }]) => [name, [...dims]]),
  );
const operators = (graph: Graph, pattern: RegExp) => graph.nodes.filter(({ op }) => pattern.test(op)).length;

describe('the black-box attack network', () => {
  const classes = 10;
  const graph = blackBoxNetwork(classes, 5);
  const weights = weightsOf(graph);

  it('has the layers of ML-Doctor', () => {
    expect(shapesOf(graph)).toEqual({
      'posteriors1.weight': [128, classes],
      'posteriors2.weight': [64, 128],
      'correct1.weight': [128, 1],
      'correct2.weight': [64, 128],
      'joint1.weight': [256, 128],
      'joint2.weight': [128, 256],
      'joint3.weight': [64, 128],
      'out.weight': [2, 64],
    });
    const dense = (input: number, output: number) => input * output + output;
    const total =
      dense(classes, 128) + dense(1, 128) + 2 * dense(128, 64) + dense(128, 256) + dense(256, 128);
    expect(weights.reduce((sum, [, { data }]) => sum + data.length, 0)).toBe(
      total + dense(128, 64) + dense(64, 2),
    );
    // ReLU after the first layer of each branch and after each joint one, and no softmax: the loss has it.
    expect(operators(graph, /^Relu$/)).toBe(5);
    expect(operators(graph, /softmax|sigmoid/i)).toBe(0);
    expect(graph.outputs.get('logits')?.shape).toEqual(['N', 2]);
  });

  it('starts with Xavier normal weights, zero biases, and others for another seed', () => {
    for (const [name, { dims, data }] of weights) {
      const values = Array.from(data as Float32Array);
      if (name.endsWith('bias')) {
        expect(new Set(values)).toEqual(new Set([0]));
        continue;
      }
      const [output, input] = dims as [number, number];
      const deviation = Math.sqrt(2 / (input + output));
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const found = Math.sqrt(values.reduce((a, b) => a + b * b, 0) / values.length);
      // Five standard errors each; eight weight matrices fail with probability 1e-5 over a redraw of the seed.
      expect(Math.abs(mean), name).toBeLessThan((5 * deviation) / Math.sqrt(values.length));
      expect(Math.abs(found / deviation - 1), name).toBeLessThan(5 / Math.sqrt(2 * values.length));
      // A uniform distribution of the same deviation would end at 1.73.
      if (values.length > 1000) expect(Math.max(...values) / deviation, name).toBeGreaterThan(2.5);
    }
    const other = blackBoxNetwork(classes, 6).initializers;
    for (const [name, { data }] of weights.filter(([name]) => name.endsWith('weight')))
      expect(other.get(name)?.data).not.toEqual(data);
  });
});

describe('the white-box attack network', () => {
  it('has the layers of ML-Doctor', () => {
    const [classes, inputs] = [10, 128];
    const graph = whiteBoxNetwork(classes, inputs, 5);
    const branch = (name: string, width: number) => ({
      [`${name}1.weight`]: [128, width],
      [`${name}2.weight`]: [64, 128],
    });
    expect(shapesOf(graph)).toEqual({
      ...branch('posteriors', classes),
      ...branch('loss', 1),
      ...branch('label', classes),
      'gradient1.weight': [1, 1, 5, 5],
      'gradient2.weight': [1],
      'gradient3.weight': [256, 5 * 64],
      'gradient4.weight': [128, 256],
      'gradient5.weight': [64, 128],
      'joint1.weight': [256, 256],
      'joint2.weight': [128, 256],
      'joint3.weight': [64, 128],
      'out.weight': [2, 64],
    });
    // One for each of three branches, three in the gradient's, three after it, each of a fifth.
    const dropouts = graph.nodes.filter(({ op }) => op === 'Dropout');
    expect(dropouts).toHaveLength(9);
    const rates = dropouts.map(({ inputs: [, rate] }) => graph.initializers.get(rate?.name ?? '')?.data[0]);
    const stored = dropouts.map(
      ({ inputs: [, rate] }) => (rate?.node?.attributes.value as { data: Float32Array } | undefined)?.data[0],
    );
    for (const [i, rate] of rates.entries()) expect(rate ?? stored[i]).toBeCloseTo(0.2, 6);
    expect(operators(graph, /^Relu$/)).toBe(3 + 3 + 3);
    expect(operators(graph, /^BatchNormalization$/)).toBe(1);
    expect(operators(graph, /softmax|sigmoid/i)).toBe(0);
    for (const [name, { data }] of weightsOf(graph))
      if (name.endsWith('bias')) expect(new Set(data as Float32Array), name).toEqual(new Set([0]));
    // Over 40 seeds the 25 weights of the convolution have variance 1 (25 × Xavier's would be 1): five standard errors.
    const squares = Array.from({ length: 40 }, (_, seed) => {
      const { data } = whiteBoxNetwork(2, 2, seed).initializers.get('gradient1.weight')!;
      return Array.from(data as Float32Array, (v) => v * v);
    }).flat();
    const variance = squares.reduce((a, b) => a + b, 0) / squares.length;
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / squares.length));
  });

  it('pools an odd axis to its end and an axis of one not at all', () => {
    const width = (classes: number, inputs: number) =>
      shapesOf(whiteBoxNetwork(classes, inputs, 1))['gradient3.weight']?.[1];
    expect(width(5, 3)).toBe(3 * 2);
    expect(width(3, 1)).toBe(2);
    expect(width(1, 4)).toBe(2);
  });

  it.each([
    [2, 1],
    [3, 1],
    [2, 5],
    [5, 4],
  ])('sees every class and every input of a last layer of %i × %i', async (classes, inputs) => {
    const graph = whiteBoxNetwork(classes, inputs, 1);
    const size = 2 + classes * inputs;
    const base = stream(1, 'gradient').normal(new Float32Array(classes * inputs));
    const { data } = await predict(graph, {
      size,
      batch: (indices) => {
        const zeros = (width: number) => ({
          dtype: 'float32' as const,
          dims: [indices.length, width],
          data: new Float32Array(indices.length * width),
        });
        // Record 0 is the base, and each of the others but the last has one value of its gradient changed.
        const gradient = Float32Array.from({ length: indices.length * base.length }, (_, place) => {
          const record = indices[Math.floor(place / base.length)]! - 1;
          return base[place % base.length]! + (record === place % base.length ? 40 : 0);
        });
        return {
          inputs: {
            posteriors: zeros(classes),
            loss: zeros(1),
            label: zeros(classes),
            gradient: { dtype: 'float32', dims: [indices.length, 1, classes, inputs], data: gradient },
          },
          target: { dtype: 'int64', dims: [indices.length], data: new BigInt64Array(indices.length) },
        };
      },
    });
    const logits = Array.from({ length: size }, (_, i) =>
      (data as Float32Array).slice(2 * i, 2 * i + 2).join(),
    );
    expect(logits[size - 1]).toBe(logits[0]);
    for (let i = 1; i < size - 1; i++) expect(logits[i], `value ${i - 1}`).not.toBe(logits[0]);
  });
});
