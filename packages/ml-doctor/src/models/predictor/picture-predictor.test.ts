import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { quiet } from '../../../test/models/planted-examples.ts';
import { createDataset } from '../../data/dataset.ts';
import { trainPicturePredictor } from './picture-predictor.ts';

/** Noise with a bright square whose corner, and how bright it is, are drawn for each picture. */
const pictures = (size: number, side = 12) => {
  const x = Uint8Array.from(stream(1, 'noise').integers(new Uint32Array(size * side * side), 60));
  const corner = Int32Array.from(stream(1, 'corner').integers(new Uint32Array(size), 4));
  const light = stream(1, 'light')
    .uniform(new Float32Array(size))
    .map((u) => 60 + 180 * u);
  for (let i = 0; i < size; i++)
    for (let p = 0; p < 25; p++) {
      const row = (p % 5) + (corner[i]! & 1 ? side - 5 : 0);
      const column = Math.floor(p / 5) + (corner[i]! & 2 ? side - 5 : 0);
      x[i * side * side + row * side + column] = light[i]!;
    }
  const data = createDataset({
    id: 'squares',
    recordShape: [1, side, side],
    x,
    y: new Int32Array(size),
    classes: ['any'],
    normalisation: { scale: 1 / 255, mean: [0.5], std: [0.5] },
  });
  return { data, corner, light };
};
const indices = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);

describe('trainPicturePredictor', () => {
  it('sees in which corner the square is', async () => {
    const { data, corner } = pictures(500);
    const records = indices(0, 400).reverse();
    const truth = Int32Array.from(records, (i) => corner[i]!);
    const predictor = await trainPicturePredictor({ data, records, truth, categories: 5, context: quiet() });
    expect(predictor.chosen).toBe('simple-cnn');
    const asked = indices(400, 500);
    const { predicted, beliefs } = await predictor.predict(asked);
    expect(asked.filter((record, i) => predicted[i] === corner[record]).length).toBeGreaterThanOrEqual(99);
    expect(beliefs).toHaveLength(500);
    for (let i = 0; i < 100; i++)
      expect(beliefs!.subarray(5 * i, 5 * i + 5).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    const turned = await predictor.predict(asked.slice().reverse());
    expect([...turned.predicted].reverse()).toEqual([...predicted]);
    expect([...turned.beliefs!.subarray(-5)]).toEqual([...beliefs!.subarray(0, 5)]);
    const one = await predictor.predict(asked.subarray(70, 71));
    expect([...one.beliefs!]).toEqual([...beliefs!.subarray(350, 355)]);
    expect((await predictor.predict(new Uint32Array(0))).predicted).toHaveLength(0);
  });

  it('sees how bright the square is', async () => {
    const { data, light } = pictures(500);
    const [records, asked] = [indices(0, 400), indices(400, 500)];
    const truth = light.slice(0, 400);
    const { predict } = await trainPicturePredictor({ data, records, truth, context: quiet() });
    const { predicted, beliefs } = await predict(asked);
    expect(beliefs).toBeUndefined();
    // Always the median is 45 off.
    const error = asked.reduce((sum, record, i) => sum + Math.abs(light[record]! - predicted[i]!), 0) / 100;
    expect(error).toBeLessThan(15);
  });

  it('takes small pictures as rows', async () => {
    const { data, corner } = pictures(60, 8);
    const truth = corner.slice(0, 50).map((c) => c & 1);
    const { predict, chosen } = await trainPicturePredictor({
      ...{ data, truth, categories: 2 },
      records: indices(0, 50),
      context: quiet(),
    });
    expect(chosen).not.toBe('simple-cnn');
    const { predicted } = await predict(indices(50, 60));
    expect(predicted.filter((guess, i) => guess === (corner[50 + i]! & 1)).length).toBeGreaterThan(7);
  });

  it('has a guess when all known values are the same, or none is known', async () => {
    const { data } = pictures(20);
    const same = { data, records: indices(0, 9), truth: new Float32Array(9).fill(4), context: quiet() };
    expect([...(await (await trainPicturePredictor(same)).predict(indices(0, 2))).predicted]).toEqual([4, 4]);
    const none = { ...same, records: new Uint32Array(0), truth: new Int32Array(0), categories: 2 };
    expect([...(await (await trainPicturePredictor(none)).predict(indices(0, 1))).beliefs!]).toEqual([
      0.5, 0.5,
    ]);
  });
});
