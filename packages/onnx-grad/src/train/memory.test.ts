/** Training does not grow: native tensors and sessions are given back. */
import { expect, test } from 'vitest';
import { draws } from '../../test/gradients/draws.ts';
import { rowsSource } from '../../test/train/toy.ts';
import { Graph } from '../graph/graph.ts';
import { Relu } from '../graph/ops/index.ts';
import { dense } from '../nn/layers.ts';
import { crossEntropy } from '../nn/losses.ts';
import { sgd } from '../optim/sgd.ts';
import { fit } from './fit.ts';

test('3,000 steps of a small network leave the resident memory where it was', async () => {
  const draw = draws(1);
  const rows = Array.from({ length: 160 }, () => Array.from({ length: 64 }, draw));
  const graph = new Graph();
  const hidden = Relu(dense(graph.input('x', 'float32', ['N', 64]), { name: 'f1', seed: 1, units: 128 }));
  graph.output('logits', dense(hidden, { name: 'f2', seed: 1, units: 10 }));
  const resident = new Map<number, number>();
  const data = rowsSource(
    rows,
    rows.map((_, i) => i % 10),
  );
  const result = await fit({
    model: graph,
    loss: crossEntropy(),
    optimizer: sgd({ learningRate: 0.01, momentum: 0.9 }),
    data,
    // A session for the validation loss is opened and closed after each epoch.
    validation: data,
    epochs: 350,
    batchSize: 16,
    seed: 1,
    onEvent: (event) => {
      if (event.type === 'step' && event.step % 500 === 0)
        resident.set(event.step, process.memoryUsage.rss());
    },
  });
  expect(result.steps).toBe(3500);
  const growth = ((resident.get(3500) as number) - (resident.get(500) as number)) / 2 ** 20;
  // Parameters and momentum are 74 kB a step: kept, 3,000 steps would be 217 MB.
  expect(growth).toBeLessThan(60);
});
