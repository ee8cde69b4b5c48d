/** The evaluation of reconstructions that are members, on a table whose columns have ranges of their own. */
import { parquetReadObjects } from 'hyparquet';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { byHandContext, finished } from '../../../../test/study/by-hand.ts';
import { trainedJudge } from '../../../../test/study/made-judge.ts';
import { batch, createDataset } from '../../../data/dataset.ts';
import { splitQuarters } from '../../../data/split.ts';
import type { TaskOutput } from '../../task.ts';
import { dataRef } from '../data-ref.ts';
import { JUDGE_TRAINING, recordsIn, trainingRecords } from '../record-sets.ts';
import { toBytes } from '../typed-bytes.ts';
import {
  type EvaluateInversionResult,
  evaluateInversionTask,
  type GalleryEntry,
} from './evaluate-inversion.ts';
import { judge } from './judge.ts';

const made = vi.hoisted(() => ({ sets: new Map<string, unknown>() }));
vi.mock('../../../data/load-dataset.ts', () => ({ loadDataset: async (id: string) => made.sets.get(id) }));

const SIZE = 160;
const CLASSES = 3;
const split = { seed: 4, perRole: 40 };
const roles = splitQuarters(SIZE, split);

/** As shares of the scale of its column a record is largest where its class is. */
const raw = (i: number) => {
  const [record, column] = [Math.floor(i / CLASSES), i % CLASSES];
  return [1, 10, 100][column]! * (Math.cos(31 * i) + (column === record % CLASSES ? 4 : 2));
};
const data = createDataset({
  id: 'made',
  recordShape: [CLASSES],
  x: Float32Array.from({ length: SIZE * CLASSES }, (_, i) => raw(i)),
  y: Int32Array.from({ length: SIZE }, (_, i) => i % CLASSES),
  classes: ['a', 'b', 'c'],
  normalisation: { scale: 1, mean: [0, 0, 0], std: [0.5, 5, 50] },
});
made.sets.set('made', data);

/** Two members of each class. */
const wanted = Int32Array.of(0, 0, 1, 1, 2, 2);
const ofClass = (ids: Uint32Array, label: number) => [...ids].filter((id) => data.y[id] === label);
const shownIds = [0, 1, 2].flatMap((label) => ofClass(roles['target-train'], label).slice(0, 2));
const starts = new Float32Array(wanted.length * CLASSES).fill(1);
const confidence = Float64Array.of(0.2, 0.9, 0.8, 0.1, 0.5, 0.4);

const ranges = Array.from({ length: CLASSES }, (_, column) => {
  const all = data.x.filter((_, i) => i % CLASSES === column);
  return { low: Math.min(...all), high: Math.max(...all), std: data.normalisation.std[column]! };
});
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const at = (id: number, column: number) => data.x[id * CLASSES + column]!;

let output: TaskOutput<EvaluateInversionResult>;
beforeAll(async () => {
  const population = recordsIn('population', SIZE, split);
  const params = { data: dataRef(data), split };
  const trained = trainedJudge(CLASSES);
  const inverted = finished({
    result: { reconstructions: 6, queries: 77, notes: ['from the attack'] },
    blobs: {
      wanted: toBytes(wanted),
      values: toBytes(batch(data, shownIds).x),
      starts: toBytes(starts),
      confidence: toBytes(confidence),
    },
  });
  const all = { right: 40, records: 40 };
  const asked = finished({
    result: { classes: CLASSES, correct: { 'shadow-train': all, 'shadow-test': all } },
    blobs: { ids: toBytes(population), logits: toBytes(batch(data, population).x) },
  });
  const judged = finished(await judge.run(params, [trained], byHandContext));
  output = await evaluateInversionTask.run(
    { ...params, guided: true },
    [inverted, trained, judged, asked],
    byHandContext,
  );
});

describe('evaluate-inversion', () => {
  it('takes the records that the target was trained on for members', () => {
    const { metrics, records } = output.result;
    const each = [0, 1, 2].map((label) =>
      Math.min(ofClass(roles['target-train'], label).length, ofClass(roles['target-test'], label).length),
    );
    const compared = each.reduce((a, b) => a + b);
    expect(compared).toBeLessThan(40);
    expect(records).toEqual({ members: compared, nonMembers: compared });
    expect(metrics).toMatchObject({
      memberCloser: { value: 1 },
      memberCloserFeatures: { value: 1 },
      nearestMemberDistance: { value: 0 },
      nearestMemberFeatureDistance: { value: 0 },
    });
    expect(metrics['nearestNonMemberDistance']!.value).toBeGreaterThan(0.001);
    expect(metrics['memberCloserP']!.value).toBeLessThan(0.05);
  });

  it('gives errors in unit space and as the model receives records', () => {
    const error = (scale: (column: number) => number) =>
      mean(
        shownIds.flatMap((id) =>
          ranges.map((_, column) => {
            const own = ofClass(roles['target-train'], data.y[id]!).map((each) => at(each, column));
            return ((at(id, column) - mean(own)) / scale(column)) ** 2;
          }),
        ),
      );
    const { mse, mseNormalised } = output.result.metrics;
    expect(mse!.value).toBeCloseTo(
      error((column) => ranges[column]!.high - ranges[column]!.low),
      6,
    );
    expect(mseNormalised!.value).toBeCloseTo(
      error((column) => ranges[column]!.std),
      5,
    );
  });

  it('measures the start and what the attacker held beside it', () => {
    const { baselines, queries, notes } = output.result;
    expect(baselines.map(({ name }) => name)).toEqual([
      'class mean of auxiliary data',
      'best auxiliary record',
      'unoptimised sample of the guided generator',
      'all-zero input',
    ]);
    // Real records are recognised; of the same number everywhere the judge says the first class.
    expect(output.result.metrics['judgeAccuracy']!.value).toBe(1);
    expect(baselines.map(({ metrics }) => metrics['judgeAccuracyGain']!.value)).toEqual([
      ...[0, 0, 2 / 3, 2 / 3].map((gain) => expect.closeTo(gain, 12)),
    ]);
    expect([queries, notes[0]]).toEqual([77, 'from the attack']);
    // Neither is ever wrong here.
    expect(notes.join()).toContain('no stronger than the target');
  });

  it('takes its class means from auxiliary data that the judge has not learnt', () => {
    const learnt = new Set(trainingRecords(JUDGE_TRAINING, SIZE, split));
    const known = recordsIn('population', SIZE, split).filter((id) => !learnt.has(id));
    const error = mean(
      [0, 1, 2].flatMap((label) =>
        ranges.map(({ low, high }, column) => {
          const [own, members] = [known, roles['target-train']].map((ids) =>
            mean(ofClass(ids, label).map((id) => at(id, column))),
          );
          return ((own! - members!) / (high - low)) ** 2;
        }),
      ),
    );
    expect(output.result.baselines[0]!.metrics['mse']!.value).toBeCloseTo(error, 6);
  });

  it('shows of each class the reconstruction that the target is surest of, beside what is nearest to it', () => {
    const gallery: GalleryEntry[] = JSON.parse(new TextDecoder().decode(output.blobs!['gallery.json']));
    expect(gallery.map((one) => [one.class, one.confidence])).toEqual([
      ['a', 0.9],
      ['b', 0.8],
      ['c', 0.5],
    ]);
    gallery.forEach(({ reconstruction, nearestMember, nearestNonMember }, label) => {
      const id = shownIds[[1, 2, 4][label]!]!;
      const cells = ranges.map((_, column) => ({
        name: `column ${column + 1}`,
        value: Number(at(id, column).toPrecision(4)),
      }));
      expect(reconstruction).toEqual({ values: cells });
      expect(nearestMember).toEqual(reconstruction);
      expect(nearestNonMember).not.toEqual(reconstruction);
    });
  });

  it('leaves a table of the reconstructions that others can read', async () => {
    const bytes = output.blobs!['reconstructions.parquet']!;
    const rows = await parquetReadObjects({ file: bytes.slice().buffer as ArrayBuffer });
    expect(rows.map((row) => [row['class'], row['nearestMember'], row['nearestMemberDistance']])).toEqual(
      shownIds.map((id, i) => [wanted[i], id, 0]),
    );
  });
});
