import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createSession, floats, type Tensor } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { batch, type Dataset } from '../../data/dataset.ts';
import { loadDataset } from '../../data/load-dataset.ts';
import { argmax } from '../../stats/argmax.ts';
import { checkScaling, type Scaling } from './check-scaling.ts';
import { type Classifier, openClassifier } from './classifier.ts';
import { standardScalings } from './standard-scalings.ts';

const shared = fileURLToPath(new URL('../../../../../../shared/data/', import.meta.url));
const debian = '/usr/share/datasets/';

const plain = { mean: [0], std: [1] };
const plainColours = { mean: [0, 0, 0], std: [1, 1, 1] };
const ours = "the data's own means and deviations";
const imagenet = "ImageNet's means and deviations";

interface RealModel {
  readonly file: string;
  readonly data: 'cifar10-20k' | 'fashion-mnist';
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly layout: string;
  readonly close: readonly string[];
}

/**
 * As in the README of shared/data. `close`: standard scalings that come so near to the right one that the model is right
 * as often with them: nothing can tell them apart, and nothing is lost by them.
 */
const models: readonly RealModel[] = [
  { file: 'cifar10_large', data: 'cifar10-20k', ...plainColours, layout: 'nhwc', close: [] },
  { file: 'cifar10_medium', data: 'cifar10-20k', ...plainColours, layout: 'nhwc', close: [] },
  {
    file: 'resnet_2b',
    ...{ data: 'cifar10-20k' as const, layout: 'nchw', close: [imagenet, ours] },
    ...{ mean: [0.4914, 0.4822, 0.4465], std: [0.2471, 0.2435, 0.2616] },
  },
  {
    file: 'cifar_base_kw',
    ...{ data: 'cifar10-20k' as const, layout: 'nchw', close: [imagenet, ours] },
    ...{ mean: [0.485, 0.456, 0.406], std: [0.225, 0.225, 0.225] },
  },
  { file: 'fashion_mnist.edwin-19', data: 'fashion-mnist', ...plain, layout: 'nchw', close: [] },
];

const folders = { 'cifar10-20k': shared, 'fashion-mnist': debian } as const;
const present = models.filter(
  ({ file, data }) => existsSync(`${shared}onnx/${file}.onnx`) && existsSync(`${folders[data]}${data}`),
);

/** Remembers what was asked: the same scaling is tried from several wrong ones. */
const remembered = (ask: (values: Float32Array, rows: number) => Promise<Int32Array>) => {
  const known = new Map<string, Promise<Int32Array>>();
  return ({ values, rows }: { values: Float32Array; rows: number }) => {
    const key = values.subarray(0, 5000).join();
    const found = known.get(key) ?? ask(values, rows);
    known.set(key, found);
    return found;
  };
};

const asker = async (model: Classifier, recordShape: readonly number[]) => {
  const session = await createSession(model.graph);
  const ask = async (values: Float32Array, rows: number) => {
    const x: Tensor = { dtype: 'float32', dims: [rows, ...recordShape], data: values };
    const logits = floats((await session.run({ x })).logits as Tensor);
    const row = (i: number) => logits.subarray(i * model.classes, (i + 1) * model.classes);
    return Int32Array.from({ length: rows }, (_, i) => argmax(row(i)));
  };
  return { answers: remembered(ask), close: () => session.dispose() };
};

// MNIST is neither in shared/data nor a Debian package: its two models are not among these.
describe.skipIf(present.length === 0)(
  'models in shared/data/onnx (skipped: models or data are absent)',
  () => {
    it.each(present)('$file: the right scaling passes, each wrong one is caught', async (model) => {
      const data = await loadDataset(model.data, { dataDir: folders[model.data] });
      const nonMember = model.data === 'cifar10-20k' ? 10_000 : 60_000;
      const records = Uint32Array.from({ length: 500 }, (_, i) => (i < 250 ? i : nonMember + i - 250));
      const right = { ...data, normalisation: { scale: 1 / 255, mean: model.mean, std: model.std } };
      const found = await openClassifier(readFileSync(`${shared}onnx/${model.file}.onnx`), model.file, {
        recordShape: data.recordShape,
        probe: { values: batch(right, records.subarray(0, 16)).x, rows: 16 },
      });
      expect(found).toMatchObject({ classes: 10, differentiable: true, form: { layout: model.layout } });
      const { answers, close } = await asker(found, data.recordShape);
      const check = (normalisation: Dataset['normalisation']) =>
        checkScaling({ data: { ...data, normalisation }, records, answers });
      const passed = await check(right.normalisation);
      expect(passed.better).toBeUndefined();
      const wrong = standardScalings(right, records).filter(({ name }) => !isClose(model.close, name));
      expect(wrong.length).toBeGreaterThanOrEqual(3);
      for (const scaling of wrong) {
        const { better, declared } = await check(scaling);
        expect(better, scaling.name).toBeDefined();
        expect(better?.right, scaling.name).toBeGreaterThanOrEqual(declared.right + 50);
        // What is proposed is as good as the right one, within chance.
        expect(better?.right).toBeGreaterThanOrEqual(passed.declared.right - 15);
      }
      await close();
    });
  },
);

const isClose = (close: readonly string[], name: Scaling['name']): boolean => close.includes(name);
