/** Task kind `invert`: one inversion attack on a target. */
import type { AttackParameters } from '../../../attacks/attack-context.ts';
import { pluggedAttackDigest } from '../../../attacks/find-attack.ts';
import {
  type ConfiguredInversion,
  chosenClasses,
  type InversionInput,
} from '../../../attacks/inversion/inversion-attack.ts';
import { inversionAttackOf } from '../../../attacks/inversion/registry.ts';
import { boundsOf } from '../../../data/bounds.ts';
import { batch, type Dataset } from '../../../data/dataset.ts';
import { featureKind } from '../../../data/feature-kind.ts';
import { modelAccess } from '../../../targets/model-access.ts';
import type { FinishedTask, TaskHandler } from '../../task.ts';
import { type DataRef, loadRef, type SplitRef } from '../data-ref.ts';
import { openTarget } from '../open-target.ts';
import { readGenerator } from '../read-generator.ts';
import { recordsIn } from '../record-sets.ts';
import { toBytes } from '../typed-bytes.ts';

export type InvertParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
  readonly attack: string;
  /** Complete parameters of the attack. */
  readonly params: AttackParameters;
};

export type InvertResult = {
  readonly reconstructions: number;
  /** Rows the attacker sent to the target; gradients from the weights in his hands are none. */
  readonly queries: number;
  /** Sentences for the reader of the report. */
  readonly notes: readonly string[];
};

/**
 * Inputs: the `train` task of the target, and the `train-generator` task where the attack wants one. Blobs: `wanted`
 * (int32, the class of each reconstruction), `values` and `starts` (float32, reconstructions × record length,
 * normalised) and `confidence` (float64).
 */
export const invert: TaskHandler<InvertParams, InvertResult> = {
  code: [
    'onnx-grad',
    'ml-doctor/data',
    'ml-doctor/stats',
    'ml-doctor/targets',
    'ml-doctor/attacks/attack-context',
    'ml-doctor/attacks/find-attack',
    'ml-doctor/attacks/inversion',
    'ml-doctor/attacks/target-graph',
    'ml-doctor/generators/max-margin',
    'ml-doctor/study/kinds/inversion/invert',
    'ml-doctor/defenses/output',
    'ml-doctor/study/kinds/connect',
    'ml-doctor/study/kinds/open-target',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/read-generator',
    'ml-doctor/study/kinds/record-sets',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  userCode: ({ attack }) => pluggedAttackDigest(attack),
  run: async (params, [trained, made], { seed, threads, device, signal, places, progress }) => {
    const attack = inversionAttackOf(params.attack).configure(params.params);
    const data = await loadRef(params.data, places);
    const live = await openTarget(
      trained as FinishedTask,
      data,
      { threads, device, signal, places },
      (records) => batch(data, records.ids).x,
    );
    try {
      const target = modelAccess({ classes: data.classes.length, saved: [], live });
      const input = inversionInput(attack, data, params.split);
      const generator = made && (await readGenerator(made));
      const found = await attack.run(
        { ...input, target, ...(generator && { generator }) },
        {
          ...{ seed, threads, device, signal },
          progress: (fraction, figures) => progress({ fraction, ...(figures && { figures }) }),
        },
      );
      return {
        result: {
          reconstructions: input.wanted.length,
          queries: target.queries,
          notes: [...(found.notes ?? [])],
        },
        blobs: {
          wanted: toBytes(input.wanted),
          values: toBytes(found.values),
          starts: toBytes(found.starts),
          confidence: toBytes(found.confidence),
        },
      };
    } finally {
      await live.dispose();
    }
  },
};

/** What an attacker is told and holds, the target and the generator aside. */
const inversionInput = (
  configured: ConfiguredInversion,
  data: Dataset,
  split: SplitRef,
): Omit<InversionInput<never>, 'target' | 'generator'> => {
  const { needs } = configured;
  const ids = needs.auxiliary === 'shadow' ? recordsIn('population', data.size, split) : new Uint32Array(0);
  const own = batch(data, ids);
  return {
    wanted: wantedClasses(configured, data),
    space: {
      recordShape: data.recordShape,
      features: featureKind(data),
      bounds: boundsOf(data),
      oneHot: data.oneHot ?? [],
    },
    population: { values: own.x, labels: own.y },
  };
};

/** The class of each reconstruction, ascending. */
export const wantedClasses = (
  { classes, perClass }: Pick<ConfiguredInversion, 'classes' | 'perClass'>,
  data: Dataset,
): Int32Array =>
  Int32Array.from(
    chosenClasses(classes, data.classes.length).flatMap((index) => Array<number>(perClass).fill(index)),
  );
