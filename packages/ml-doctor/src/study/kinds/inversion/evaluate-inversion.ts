/** Task kind `evaluate-inversion`: what reconstructions show of classes and of members, by the judge and by distance. */
import { decodeModel } from 'onnx-grad';
import { boundsOf } from '../../../data/bounds.ts';
import { batch, type Dataset } from '../../../data/dataset.ts';
import { featureKind } from '../../../data/feature-kind.ts';
import { splitQuarters } from '../../../data/split.ts';
import { evaluateInversion } from '../../../evaluate/inversion/evaluate-inversion.ts';
import { reconstructionTable } from '../../../evaluate/inversion/reconstruction-table.ts';
import type { Metric } from '../../../stats/metric.ts';
import type { FinishedTask, TaskHandler } from '../../task.ts';
import { type DataRef, loadRef, type SplitRef } from '../data-ref.ts';
import type { QueryResult } from '../query.ts';
import { readOutputs } from '../read-outputs.ts';
import { JUDGE_TRAINING, trainingRecords } from '../record-sets.ts';
import { fromBytes } from '../typed-bytes.ts';
import { baselinesOf } from './baselines.ts';
import type { InvertResult } from './invert.ts';
import type { JudgeResult } from './judge.ts';
import { judgeAnswers } from './judge-answers.ts';
import { type Shown, shown, toUnit } from './pictures.ts';

export type EvaluateInversionParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
  /** Whether the attack set out from a generator that the target had guided. */
  readonly guided: boolean;
};

type Metrics = { readonly [name: string]: { readonly [part in keyof Metric]: Metric[part] } };

export type EvaluateInversionResult = {
  readonly metrics: Metrics;
  readonly baselines: readonly { readonly name: string; readonly metrics: Metrics }[];
  readonly records: { readonly members: number; readonly nonMembers: number };
  readonly queries: number;
  readonly notes: readonly string[];
};

/** What the report shows of a class: the blob `gallery.json` is a list of these. */
export interface GalleryEntry {
  readonly class: string;
  readonly confidence: number;
  readonly reconstruction: Shown;
  readonly nearestMember: Shown | null;
  readonly nearestNonMember: Shown | null;
  readonly metrics: Metrics;
}

/**
 * Inputs: the `invert` task, the `train` task of the judge, the `judge` task, and the target's answers on the auxiliary
 * data. Blobs: `reconstructions.parquet`, one row a reconstruction, and `gallery.json`.
 */
export const evaluateInversionTask: TaskHandler<EvaluateInversionParams, EvaluateInversionResult> = {
  code: [
    'onnx-grad',
    'ml-doctor/data',
    'ml-doctor/stats',
    'ml-doctor/evaluate',
    'ml-doctor/files/png',
    'ml-doctor/targets/last-layer',
    'ml-doctor/study/kinds/inversion',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/read-outputs',
    'ml-doctor/study/kinds/record-sets',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  run: async ({ data: ref, split, guided }, inputs, { seed, threads, device, signal, places, progress }) => {
    const [inverted, trainedJudge, judged, asked] = inputs as readonly [
      FinishedTask,
      FinishedTask,
      FinishedTask,
      FinishedTask,
    ];
    const data = await loadRef(ref, places);
    const bounds = boundsOf(data);
    const wanted = fromBytes(Int32Array, await inverted.blob('wanted'));
    const values = fromBytes(Float32Array, await inverted.blob('values'));
    const starts = fromBytes(Float32Array, await inverted.blob('starts'));
    const confidence = fromBytes(Float64Array, await inverted.blob('confidence'));
    const classes = [...new Set(wanted)];
    const baselines = baselinesOf({
      ...{ data, classes, perClass: wanted.length / classes.length, guided },
      population: await readOutputs(asked),
      learnt: new Set(trainingRecords(JUDGE_TRAINING, data.size, split)),
      attack: { starts, wanted },
    });
    const sets = [{ values, wanted }, ...baselines];
    const answers = await judgeAnswers(
      decodeModel(await trainedJudge.blob('model.onnx')),
      sets.map((set) => ({ values: set.values, rows: set.wanted.length })),
      {
        ...{ recordShape: data.recordShape, threads, device, signal },
        progress: (fraction) => progress({ fraction: fraction / 2 }),
      },
    );
    const [reconstructions, ...others] = sets.map((set, i) => ({
      values: toUnit(set.values, bounds),
      normalised: set.values,
      wanted: set.wanted,
      ...(answers[i] as (typeof answers)[number]),
    }));
    if (!reconstructions) throw new Error('internal: an attack without reconstructions');
    const real = await realRecords(data, split, judged, bounds);
    const attack = { ...reconstructions, confidence };
    const evaluated = evaluateInversion({
      ...real,
      classes: data.classes.length,
      classNames: data.classes,
      recordShape: data.recordShape,
      features: featureKind(data),
      reconstructions: attack,
      baselines: baselines.map(({ name }, i) => ({ name, pictures: others[i] as (typeof others)[number] })),
      judge: judged.result as JudgeResult,
      target: unseenBy(asked),
      seed,
    });
    const at = (source: Float32Array, row: number) => {
      const length = values.length / wanted.length;
      return shown(data, source.subarray(row * length, (row + 1) * length), bounds);
    };
    const record = (id: number | null) => (id === null ? null : at(batch(data, [id]).x, 0));
    const gallery = evaluated.gallery.map(
      (one): GalleryEntry => ({
        class: data.classes[one.class] as string,
        confidence: confidence[one.shown] as number,
        reconstruction: at(values, one.shown),
        nearestMember: record(one.member),
        nearestNonMember: record(one.nonMember),
        metrics: Object.fromEntries(
          Object.entries(one.metrics).map(([name, value]) => [name, single(value)]),
        ),
      }),
    );
    const { queries, notes } = inverted.result as InvertResult;
    return {
      result: {
        metrics: evaluated.metrics as Metrics,
        baselines: evaluated.baselines as EvaluateInversionResult['baselines'],
        records: compared(classes, real.members.labels, real.nonMembers.labels),
        queries,
        notes: [...notes, ...evaluated.notes],
      },
      blobs: {
        'reconstructions.parquet': reconstructionTable(evaluated.rows),
        'gallery.json': new TextEncoder().encode(JSON.stringify(gallery)),
      },
    };
  },
};

/** The records that reconstructions are compared with: those of the classes asked for, of each class equally many. */
const compared = (classes: readonly number[], members: Int32Array, nonMembers: Int32Array) => {
  const of = (labels: Int32Array, wanted: number) => labels.filter((label) => label === wanted).length;
  const each = classes.reduce((sum, one) => sum + Math.min(of(members, one), of(nonMembers, one)), 0);
  return { members: each, nonMembers: each };
};

/** How the target does on auxiliary records, none of which it has seen. */
const unseenBy = (asked: FinishedTask) => {
  const roles = Object.values((asked.result as QueryResult).correct);
  const sum = (part: 'right' | 'records') => roles.reduce((total, role) => total + role[part], 0);
  return { right: sum('right'), records: sum('records') };
};

/** A figure of one reconstruction alone. */
const single = (value: number): Metric => ({ value, low: value, high: value, method: 'one reconstruction' });

/** Members and non-members, with what the judge's last layer receives of them. */
const realRecords = async (
  data: Dataset,
  split: SplitRef,
  judged: FinishedTask,
  bounds: ReturnType<typeof boundsOf>,
) => {
  const ids = fromBytes(Uint32Array, await judged.blob('ids'));
  const features = fromBytes(Float32Array, await judged.blob('features'));
  const width = features.length / ids.length;
  const rowOf = new Map(Array.from(ids, (id, row) => [id, row]));
  const of = (records: Uint32Array) => {
    const { x: normalised, y: labels } = batch(data, records);
    const own = new Float32Array(records.length * width);
    records.forEach((id, i) => {
      const row = rowOf.get(id);
      if (row === undefined) throw new Error(`internal: record ${id} was not judged`);
      own.set(features.subarray(row * width, (row + 1) * width), i * width);
    });
    return { ids: records, labels, values: toUnit(normalised, bounds), normalised, features: own };
  };
  const roles = splitQuarters(data.size, split);
  return {
    members: of(roles['target-train'].slice().sort()),
    nonMembers: of(roles['target-test'].slice().sort()),
  };
};
