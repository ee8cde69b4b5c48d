import { type DecisionTree, decodeModel, encodeModel, predict, stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { everyRecord, smallData } from '../../../test/models/small-data.ts';
import { walkForest } from '../../../test/models/walk-trees.ts';
import { elements } from '../../data/dataset.ts';
import { batchSource } from '../batch-source.ts';
import { forestGraph } from './forest-graph.ts';
import { growForest } from './grow-forest.ts';

/** Few different values, so that equal records with different labels make leaves that are not pure. */
const grown = async (recordShape: readonly number[], classes: number) => {
  const width = elements(recordShape);
  const x = stream(1, 'x').integers(new Uint32Array(120 * width), width > 4 ? 9 : 3);
  const data = smallData(
    Array.from({ length: 120 }, (_, i) => [...x.subarray(i * width, (i + 1) * width)]),
    [...stream(1, 'y').integers(new Uint32Array(120), classes)],
    { classes, recordShape },
  );
  const trees = await growForest({
    ...{ data, trees: 30, seed: 3, signal: new AbortController().signal, onTree: () => {} },
    records: everyRecord(data).subarray(0, 60),
  });
  return { data, trees };
};

const purity = (trees: readonly DecisionTree[]) =>
  new Set(trees.flatMap(({ votes }) => [...votes.weight])).size;

describe('forestGraph', () => {
  it.each([
    { recordShape: [3], classes: 3, pure: false, zeros: true },
    { recordShape: [2], classes: 2, pure: false, zeros: false },
    { recordShape: [7], classes: 2, pure: true, zeros: true },
    { recordShape: [2, 3, 2], classes: 5, pure: true, zeros: true },
    { recordShape: [6], classes: 1, pure: true, zeros: false },
  ])(
    'answers as its trees do: $recordShape, $classes classes',
    async ({ recordShape, classes, pure, zeros }) => {
      const { data, trees } = await grown(recordShape, classes);
      expect(purity(trees) === 1).toBe(pure);
      const graph = forestGraph(trees, recordShape, classes);
      expect(graph.inputs.map(({ name, shape }) => [name, shape])).toEqual([['x', ['N', ...recordShape]]]);
      expect([...graph.outputs.keys()]).toEqual(['logits']);
      expect(graph.outputs.get('logits')?.shape).toEqual(['N', classes]);
      const width = elements(recordShape);
      for (const model of [graph, decodeModel(encodeModel(graph))]) {
        const { dims, data: logits } = await predict(model, batchSource(data, everyRecord(data)), {
          batchSize: 50,
        });
        expect(dims).toEqual([data.size, classes]);
        let none = 0;
        for (let record = 0; record < data.size; record++) {
          const row = data.x.subarray(record * width, (record + 1) * width);
          const said = walkForest(trees, row, classes);
          const found = [...(logits as Float32Array).subarray(record * classes, (record + 1) * classes)];
          said.forEach((probability, label) => {
            if (probability > 0) {
              expect(Math.abs(Math.exp(found[label]!) - probability)).toBeLessThan(1e-6);
              return;
            }
            none++;
            expect(found[label]).toBe(Number.NEGATIVE_INFINITY);
          });
          expect(Math.max(...found)).toBe(found[said.indexOf(Math.max(...said))]);
        }
        expect(none > 0).toBe(zeros);
      }
    },
  );
});
