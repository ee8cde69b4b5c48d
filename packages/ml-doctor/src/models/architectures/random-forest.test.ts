import { readFileSync } from 'node:fs';
import { accuracy, predict } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../data/load-dataset.ts';
import { batchSource } from '../batch-source.ts';
import { trainModel } from '../train-model.ts';

type Spread = { readonly mean: number; readonly deviation: number };
type Figures = Readonly<Record<'testAccuracy' | 'nodes' | 'trainProbability' | 'testProbability', Spread>>;

/** What twenty forests of scikit-learn come to on the same records, made by the script beside it. */
const golden = JSON.parse(
  readFileSync(new URL('../../../test/golden/random-forest.json', import.meta.url), 'utf8'),
) as Record<string, Figures>;

/** A forest of ours is one more draw; beyond four deviations comes one normal draw of 16,000. */
const expectTypical = (found: number, { mean, deviation }: Spread, what: string) =>
  expect(Math.abs(found - mean) / deviation, `${what}: ${found}, scikit-learn ${mean}`).toBeLessThan(4);

describe('random-forest', () => {
  it.each(['fashion-mnist-10k', 'adult'])('is what scikit-learn grows on %s', async (name) => {
    const data = await loadDataset(name);
    const range = (start: number) => Uint32Array.from({ length: 1000 }, (_, i) => start + i);
    const { model, parameters } = await trainModel({
      ...{ architecture: 'random-forest', data, records: range(0), seed: 0 },
      ...{ threads: 1, device: 'cpu', signal: new AbortController().signal, progress: () => {} },
    });
    const answers = async (records: Uint32Array) => {
      const logits = await predict(model, batchSource(data, records));
      const labels = Int32Array.from(records, (record) => data.y[record]!);
      const own = labels.reduce(
        (sum, label, i) => sum + Math.exp((logits.data as Float32Array)[i * data.classes.length + label]!),
        0,
      );
      return { accuracy: accuracy(logits, labels), probability: own / records.length };
    };
    const [train, test] = [await answers(range(0)), await answers(range(1000))];
    const figures = golden[name]!;
    expect(train.accuracy).toBe(1);
    expectTypical(test.accuracy, figures.testAccuracy, 'test accuracy');
    expectTypical(parameters, figures.nodes, 'nodes');
    expectTypical(train.probability, figures.trainProbability, 'probability of members’ labels');
    expectTypical(test.probability, figures.testProbability, 'probability of non-members’ labels');
  });
});
