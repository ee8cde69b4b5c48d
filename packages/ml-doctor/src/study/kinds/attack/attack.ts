/** Task kind `attack`: one membership attack on the answers of the target and of the attacker's own models. */

import { decodeModel } from 'onnx-grad';
import type { AttackParameters } from '../../../attacks/attack-context.ts';
import { pluggedAttackDigest } from '../../../attacks/find-attack.ts';
import { membershipAttackOf } from '../../../attacks/membership/registry.ts';
import type { Dataset } from '../../../data/dataset.ts';
import type { FinishedTask, TaskContext, TaskHandler } from '../../task.ts';
import { CONNECT } from '../connect.ts';
import { type DataRef, loadRef, type SplitRef } from '../data-ref.ts';
import { openTarget } from '../open-target.ts';
import { readOutputs } from '../read-outputs.ts';
import { readSynthesis } from '../read-synthesis.ts';
import type { SynthesisResult } from '../synthesise.ts';
import { toBytes } from '../typed-bytes.ts';
import { type AttackParts, assembleAttack, type ModelFiles } from './assemble.ts';
import { attackSlots } from './slots.ts';

export type AttackParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
  readonly attack: string;
  /** Complete parameters of the attack. */
  readonly params: AttackParameters;
  /** The data set of the attack's own pool, where it is another of the catalogue. */
  readonly pool?: { readonly data: DataRef; readonly split: SplitRef };
};

export type AttackResult = {
  readonly threshold: number | null;
  /** Rows the attacker sent to the target. */
  readonly queries: number;
  /** Sentences for the reader of the report. */
  readonly notes: readonly string[];
};

/**
 * Inputs: what {@link attackSlots} lists, in its order. Blobs: `ids` (uint32) and `scores` (float64) of the records
 * attacked.
 */
export const attack: TaskHandler<AttackParams, AttackResult> = {
  code: [
    'onnx-grad',
    'ml-doctor/data',
    'ml-doctor/targets',
    'ml-doctor/attacks/attack-context',
    'ml-doctor/attacks/find-attack',
    'ml-doctor/attacks/membership',
    'ml-doctor/models',
    'ml-doctor/stats',
    'ml-doctor/study/kinds/attack',
    'ml-doctor/defenses/output',
    'ml-doctor/study/kinds/connect',
    'ml-doctor/study/kinds/open-target',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/read-outputs',
    'ml-doctor/study/kinds/record-sets',
    'ml-doctor/study/kinds/read-synthesis',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  userCode: ({ attack }) => pluggedAttackDigest(attack),
  run: async (params, inputs, context) => {
    const { seed, threads, device, signal, places, progress } = context;
    const attack = membershipAttackOf(params.attack).configure(params.params);
    const data = await loadRef(params.data, places);
    const models = await modelsOf(attack, inputs, data, context);
    const { synthesis } = models;
    const parts: AttackParts = { data, split: params.split, ...models };
    const pool = params.pool
      ? { data: await loadRef(params.pool.data, places), split: params.pool.split }
      : synthesis && { data: await readSynthesis(synthesis.task, data), split: params.split };
    const { input, close } = assembleAttack(
      attack,
      { ...parts, ...(pool && { pool }) },
      { threads, device, signal },
    );
    try {
      const found = await attack.run(input, {
        seed,
        threads,
        device,
        signal,
        progress: (fraction, figures) => progress({ fraction, ...(figures && { figures }) }),
      });
      // JSON has no infinity: a threshold above every score accuses nobody, which null could not say.
      const threshold = found.threshold === undefined ? null : clampToFinite(found.threshold);
      const queries = input.target.queries + (synthesis?.queries ?? 0);
      return {
        result: { threshold, queries, notes: [...(synthesis?.notes ?? []), ...(found.notes ?? [])] },
        blobs: { ids: toBytes(input.records.ids), scores: toBytes(found.scores) },
      };
    } finally {
      await close();
    }
  },
};

/** The inputs of the task, sorted by the model they are about. */
const modelsOf = async (
  attack: Parameters<typeof attackSlots>[0],
  inputs: readonly FinishedTask[],
  data: Dataset,
  context: TaskContext,
) => {
  const classes = data.classes.length;
  const models = new Map<
    'target' | number,
    { saved: ModelFiles['saved'][number][]; model?: ModelFiles['model']; remote?: ModelFiles['remote'] }
  >();
  const filesOf = (of: 'target' | number) => {
    const files = models.get(of) ?? { saved: [] };
    models.set(of, files);
    return files;
  };
  let synthesis: (SynthesisResult & { task: FinishedTask }) | undefined;
  const slots = attackSlots(attack);
  if (slots.length !== inputs.length)
    throw new Error(`internal: ${inputs.length} inputs for ${slots.length} slots of ${attack.needs.access}`);
  for (const [i, slot] of slots.entries()) {
    const task = inputs[i] as FinishedTask;
    if (slot.what === 'answers')
      filesOf(slot.of).saved.push({ view: slot.view, table: await readOutputs(task) });
    else if (slot.what === 'model' && task.kind === CONNECT)
      filesOf(slot.of).remote = await openTarget(task, data, context);
    else if (slot.what === 'model') filesOf(slot.of).model = decodeModel(await task.blob('model.onnx'));
    else synthesis = { ...(task.result as SynthesisResult), task };
  }
  const complete = (of: 'target' | number): ModelFiles => {
    const { saved, model, remote } = filesOf(of);
    // A model trained on another data set has classes of its own.
    return {
      classes: saved[0]?.table.classes ?? classes,
      saved,
      ...(model && { model }),
      ...(remote && { remote }),
    };
  };
  return {
    target: complete('target'),
    references: Array.from({ length: attack.references.count }, (_, i) => complete(i)),
    ...(synthesis && { synthesis }),
  };
};

const clampToFinite = (value: number): number =>
  Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
