import { Graph } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { withActivations } from '../targets/last-layer.ts';
import { type ArchitectureName, architectures } from './architectures.ts';
import { judgeFor } from './judge.ts';

const shapes: [readonly number[], ArchitectureName][] = [
  [[1, 28, 28], 'resnet'],
  [[3, 32, 32], 'resnet'],
  [[3, 8, 8], 'resnet'],
  [[3, 8, 7], 'wide-mlp'],
  [[8, 8], 'wide-mlp'],
  [[446], 'wide-mlp'],
];

describe('judgeFor', () => {
  it.each(shapes)('records of shape %j: %s, which takes them', (recordShape, expected) => {
    const { architecture, recipe } = judgeFor(recordShape);
    expect(architecture).toBe(expected);
    const found = architectures[architecture];
    if (found.trains !== 'gradient') throw new Error('a judge without features');
    // Its features, in whose space reconstructions are compared, are what the last layer receives.
    const model = found.build({ recordShape, classes: 3, seed: 0 });
    expect(withActivations(model)).toBeInstanceOf(Graph);
    const { milestones, epochs } = recipe;
    expect(milestones).toEqual([...milestones].sort((a, b) => a - b));
    expect(milestones.at(-1)).toBeLessThan(epochs);
  });
});
