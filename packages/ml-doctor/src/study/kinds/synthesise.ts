/** Task kind `synthesise`: records an attacker makes up to train shadow models on, as many as the shadow data has. */
import type { Synthesis } from '../../attacks/membership/membership-attack.ts';
import { synthesise as make } from '../../attacks/membership/shokri/synthesis/synthesise.ts';
import { batch, type Dataset } from '../../data/dataset.ts';
import type { ValuesInMemory } from '../../data/values.ts';
import type { TaskHandler } from '../task.ts';
import { type DataRef, loadRef, type SplitRef } from './data-ref.ts';
import { openTarget } from './open-target.ts';
import { recordsIn } from './record-sets.ts';
import { toBytes } from './typed-bytes.ts';

export type SynthesiseParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
  readonly synthesis: Synthesis;
};

export type SynthesisResult = {
  readonly records: number;
  /** Rows sent to the target. */
  readonly queries: number;
  readonly notes: readonly string[];
};

/** Input: the `train` task of the target, where the method asks it. Blobs: `x`, before normalisation, and `y` (int32). */
export const synthesise: TaskHandler<SynthesiseParams, SynthesisResult> = {
  code: [
    'onnx-grad',
    'ml-doctor/data',
    'ml-doctor/targets',
    'ml-doctor/attacks/membership/shokri/synthesis',
    'ml-doctor/models',
    'ml-doctor/stats',
    'ml-doctor/study/kinds/synthesise',
    'ml-doctor/defenses/output',
    'ml-doctor/study/kinds/connect',
    'ml-doctor/study/kinds/open-target',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/record-sets',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  run: async (params, [trained], { seed, threads, device, signal, places, progress }) => {
    const data = await loadRef(params.data, places);
    const population = recordsIn('population', data.size, params.split);
    const target = trained && (await openTarget(trained, data, { signal, threads, device, places }));
    try {
      const made = await make(params.synthesis, {
        data,
        population,
        count: population.length,
        classes: data.classes.length,
        answers: (raw, rows) => {
          if (!target) throw new Error(`internal: ${params.synthesis.method} asks a target it was not given`);
          return target.answers({ values: normalised(data, raw, rows), rows });
        },
        seed,
        signal,
        progress: (fraction) => progress({ fraction }),
      });
      return {
        result: { records: made.y.length, queries: made.queries, notes: made.notes },
        blobs: { x: toBytes(made.x), y: toBytes(made.y) },
      };
    } finally {
      await target?.dispose();
    }
  },
};

/** Raw records as the model receives them. */
const normalised = (data: Dataset, raw: ValuesInMemory, rows: number): Float32Array =>
  batch(
    { ...data, x: raw, y: new Int32Array(rows), size: rows },
    Array.from({ length: rows }, (_, i) => i),
  ).x;
