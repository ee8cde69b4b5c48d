/** Task kind `explain`: what the members that a membership attack finds have in common, held against non-members. */
import { splitQuarters } from '../../../data/split.ts';
import { classGaps } from '../../../evaluate/factors/class-gap.ts';
import { type Explained, explainExposure } from '../../../evaluate/factors/explain.ts';
import { RECORD_FIGURES, type RecordFigures } from '../../../evaluate/factors/record-factors.ts';
import { argmax } from '../../../stats/argmax.ts';
import type { Json } from '../../canonical-json.ts';
import type { FinishedTask, TaskHandler } from '../../task.ts';
import { type DataRef, loadRef, type SplitRef } from '../data-ref.ts';
import type { QueryResult } from '../query.ts';
import { fromBytes } from '../typed-bytes.ts';

export type ExplainParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
};

/** Null where the attack scored too few of the records that are judged. */
export type ExplainResult = { readonly explained: Explained | null };

/**
 * What is held against scores, in the order of reports; more of each is what is suspected of exposing a record. Distances
 * to the nearest of its own and of another class go in as their ratio: above 1 a record lies nearer to another class.
 */
const factorsOf = (figures: RecordFigures): Readonly<Record<string, Float64Array>> => ({
  smallClass: figures.classSize.map((size) => -size),
  meanDistance: figures.meanDistance,
  localOutlier: figures.localOutlier,
  otherClassNear: figures.nearestOwnClass.map((own, i) => {
    const other = figures.nearestOtherClass[i] as number;
    return own === other ? 1 : own / other;
  }),
  labelDisagreement: figures.labelDisagreement,
  duplicates: figures.duplicates,
  nearDuplicates: figures.nearDuplicates,
});

/** Inputs: the `attack` task, the `record-factors` task of the same records, and the `query` task of the target. */
export const explain: TaskHandler<ExplainParams> = {
  code: [
    'onnx-grad/random',
    'ml-doctor/data',
    'ml-doctor/stats',
    'ml-doctor/evaluate',
    'ml-doctor/study/kinds/factors/explain',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  run: async ({ data: ref, split }, [attack, records, answers], { seed, places }) => {
    const data = await loadRef(ref, places);
    const scored = await scoresOf(attack as FinishedTask);
    const judged = records as FinishedTask;
    const ids = fromBytes(Uint32Array, await judged.blob('ids'));
    const figures = Object.fromEntries(
      await Promise.all(
        RECORD_FIGURES.map(
          async (name) => [name, fromBytes(Float64Array, await judged.blob(`${name}.f64`))] as const,
        ),
      ),
    ) as RecordFigures;
    const members = new Set(splitQuarters(data.size, split)['target-train']);
    const gaps = await gapsOf(answers as FinishedTask, data.y, members, seed);
    const at = Uint32Array.from(ids.keys()).filter((i) => scored.has(ids[i] as number));
    const chosen = Object.entries({
      overfitClass: Float64Array.from(ids, (id) => gaps.get(id) ?? Number.NaN),
      ...factorsOf(figures),
    });
    const explained = explainExposure({
      ofClass: {
        labels: Int32Array.from(at, (i) => data.y[ids[i] as number] as number),
        names: ['overfitClass', 'smallClass'],
      },
      scores: Float64Array.from(at, (i) => scored.get(ids[i] as number) as number),
      truth: Uint8Array.from(at, (i) => (members.has(ids[i] as number) ? 1 : 0)),
      factors: Object.fromEntries(
        chosen.map(([name, values]) => [name, Float64Array.from(at, (i) => values[i] as number)]),
      ),
    });
    return { result: { explained: (explained ?? null) as unknown as Json } };
  },
};

const scoresOf = async (attack: FinishedTask): Promise<ReadonlyMap<number, number>> => {
  const ids = fromBytes(Uint32Array, await attack.blob('ids'));
  const scores = fromBytes(Float64Array, await attack.blob('scores'));
  return new Map(Array.from(ids, (id, i) => [id, scores[i] as number]));
};

/** Of every record that the target was asked about: how overfitted its class is. */
const gapsOf = async (
  answers: FinishedTask,
  labels: ArrayLike<number>,
  members: ReadonlySet<number>,
  seed: number,
): Promise<ReadonlyMap<number, number>> => {
  const ids = fromBytes(Uint32Array, await answers.blob('ids'));
  const logits = fromBytes(Float32Array, await answers.blob('logits'));
  const { classes } = answers.result as QueryResult;
  const gaps = classGaps(
    {
      labels: Int32Array.from(ids, (id) => labels[id] as number),
      truth: Uint8Array.from(ids, (id) => (members.has(id) ? 1 : 0)),
      right: Uint8Array.from(ids, (id, i) =>
        argmax(logits.subarray(i * classes, (i + 1) * classes)) === labels[id] ? 1 : 0,
      ),
    },
    seed,
  );
  return new Map(Array.from(ids, (id, i) => [id, gaps[i] as number]));
};
