/** Task kind `evaluate-attribute`: the guesses of an attack against the truth, beside those of others. */
import { type Sensitive, sensitiveOf, valuesOf } from '../../../data/sensitive.ts';
import { evaluateAttribute } from '../../../evaluate/attribute/evaluate-attribute.ts';
import type { Guessed } from '../../../evaluate/attribute/evidence.ts';
import { guessTable } from '../../../evaluate/attribute/guess-table.ts';
import { majorityPredictor } from '../../../models/predictor/frequency.ts';
import type { Metric } from '../../../stats/metric.ts';
import type { FinishedTask, TaskHandler } from '../../task.ts';
import { type DataRef, loadRef, type SplitRef } from '../data-ref.ts';
import { attributeRecords, type KnownAndAsked, type KnownFrom } from './attribute-records.ts';
import { guessesOf, readGuesses } from './guesses-blobs.ts';
import type { InferResult } from './infer.ts';

export type EvaluateAttributeParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
  readonly attribute: string;
  readonly from: KnownFrom;
};

type Metrics = { readonly [name: string]: { readonly [part in keyof Metric]: Metric[part] } };
type Counts = { readonly members: number; readonly nonMembers: number };

export type EvaluateAttributeResult = {
  readonly metrics: Metrics;
  readonly baselines: readonly { readonly name: string; readonly metrics: Metrics }[];
  readonly slices: readonly {
    readonly by: string;
    readonly value: string;
    readonly records: Counts;
    readonly metrics: Metrics;
  }[];
  readonly records: Counts;
  readonly queries: number;
  /** Records whose attribute the attacker knew. */
  readonly known: number;
  readonly notes: readonly string[];
};

/**
 * Inputs: the `infer` task, the `impute` task of somebody who knows what the attacker knows, and, where the attacker
 * does not see records, the `impute` task of somebody who does. Blob `guesses.parquet`: one row a record.
 */
export const evaluateAttributeTask: TaskHandler<EvaluateAttributeParams, EvaluateAttributeResult> = {
  code: [
    'onnx-grad',
    'ml-doctor/data',
    'ml-doctor/stats',
    'ml-doctor/evaluate',
    'ml-doctor/models',
    'ml-doctor/study/kinds/attribute',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/record-sets',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  run: async ({ data: ref, split, attribute, from }, inputs, { seed, places }) => {
    const [inferred, imputed, fromRecord] = inputs as readonly [FinishedTask, FinishedTask, FinishedTask?];
    const data = await loadRef(ref, places);
    const sensitive = sensitiveOf(data, attribute);
    const roles = attributeRecords(data.size, split, from);
    const guessed = await guessersOf(sensitive, inferred, imputed, fromRecord);
    const evidence = {
      attribute: sensitive,
      members: guessed(roles.members),
      nonMembers: guessed(roles.nonMembers),
      seed,
    };
    const { metrics, baselines, slices, notes } = evaluateAttribute(evidence);
    const { queries, known, notes: ofAttack } = inferred.result as InferResult;
    return {
      result: {
        metrics: metrics as Metrics,
        baselines: baselines as EvaluateAttributeResult['baselines'],
        slices: slices as EvaluateAttributeResult['slices'],
        records: { members: roles.members.asked.length, nonMembers: roles.nonMembers.asked.length },
        ...{ queries, known },
        notes: [...ofAttack, ...notes],
      },
      blobs: { 'guesses.parquet': guessTable(evidence) },
    };
  },
};

/** What each of the guessers says about some records. */
const guessersOf = async (
  sensitive: Sensitive,
  inferred: FinishedTask,
  imputed: FinishedTask,
  fromRecord: FinishedTask | undefined,
): Promise<(question: KnownAndAsked) => Guessed> => {
  const attack = await readGuesses(inferred);
  const imputation = await readGuesses(imputed);
  const seen = fromRecord && (await readGuesses(fromRecord));
  const categories = sensitive.categories?.length;
  return ({ known, asked: ids }) => ({
    ids,
    truth: valuesOf(sensitive, ids),
    attack: guessesOf(attack, ids),
    imputation: guessesOf(imputation, ids),
    ...(seen && { fromRecord: guessesOf(seen, ids) }),
    majority: majorityPredictor({
      truth: valuesOf(sensitive, known),
      ...(categories !== undefined && { categories }),
    }).predict(ids.length),
  });
};
