/** Stealing without any data: a generator makes the inputs on which copy and target differ most. */
import { elementCount, type Graph, OnnxGradError } from 'onnx-grad';
import { elements } from '../../../data/dataset.ts';
import type { RecordSpace } from '../../../generators/auxiliary-data.ts';
import { untrainedPair } from '../../../generators/networks.ts';
import type { TrainingCheckpoint } from '../../../models/recipe.ts';
import type { Oracle } from '../../../targets/oracle.ts';
import type { AttackContext } from '../../attack-context.ts';
import type { DataFreeRecipe } from '../stealing-attack.ts';
import { Memory } from './memory.ts';
import { openNetworks } from './networks.ts';
import { UNROUNDED } from './recovered-logits.ts';
import { playRound, startingProgress } from './round.ts';
import {
  curveFingerprint,
  decodeTheft,
  encodeTheft,
  partFingerprint,
  type TheftProgress,
  type TheftState,
} from './theft-state.ts';

export interface DataFreeOptions extends AttackContext {
  /** Shows posteriors; its budget is that of this part of the curve. */
  readonly oracle: Oracle;
  readonly space: RecordSpace;
  /** The copy with fresh weights: one input `x`, one output `logits`. */
  readonly student: Graph;
  readonly recipe: DataFreeRecipe;
  /** Where the last point of the curve left off; absent at the first. */
  readonly state?: Uint8Array;
  /** The last budget of the curve, by which rates fall. */
  readonly total: number;
  /** Kept while it runs, so that a stop loses little. */
  readonly checkpoint?: TrainingCheckpoint;
}

export interface DataFreeCopy {
  /** The copy as it is now. */
  readonly model: Graph;
  readonly parameters: number;
  /** To go on from at the next point. */
  readonly state: Uint8Array;
  /** Steps of the student so far, over all points. */
  readonly steps: number;
  /** Rows asked about so far, over all points, also those before a stop that this run went on from. */
  readonly queries: number;
  readonly notes: readonly string[];
}

/**
 * DFME (Truong et al., CVPR 2021) in rounds: the generator takes a step up the disagreement of target and student, the
 * student `studentSteps` down it on records of the generator's making, then `replays` on records asked about before.
 * Beyond the paper, before each batch of new records the generator takes a step that asks nothing, towards records that
 * the student finds to be of every class: a budget of some 10⁵ queries allows few of the steps that ask.
 * The budget of the oracle is spent to the last row and never exceeded, and what the last answers say is learnt. The
 * same options give the same bits, wherever a part of the curve was stopped and gone on with.
 * @throws {AuditError} MLD_ATTACK_UNSUITED for pictures that are too small for a generator
 * @throws {OnnxGradError} OG_DIVERGED when a loss is no finite number any more, OG_ABORTED when stopped
 */
export const stealWithoutData = async (options: DataFreeOptions): Promise<DataFreeCopy> => {
  const { oracle, space, student, recipe, seed, signal, checkpoint, progress: report } = options;
  const length = elements(space.recordShape);
  const { generator } = untrainedPair({
    space,
    // A view is what a discriminator sees by; none plays here.
    view: { centre: new Float32Array(length), gain: new Float32Array(length).fill(1) },
    latent: recipe.latent,
    width: recipe.width,
    classes: oracle.classes,
    seed,
  });
  const memory = new Memory(length, oracle.classes);
  const curve = curveFingerprint(options);
  const part = checkpoint && partFingerprint(options);
  const networks = await openNetworks(
    { generator, space, student, recipe, seed },
    { threads: options.threads, device: options.device },
  );
  try {
    const saved = await checkpoint?.load();
    const resumed = saved && part && decodeTheft(saved, memory, part);
    let state: TheftState = resumed
      ? withinBudget(resumed, oracle.left)
      : beginning(options, memory, curve, networks.initialTensors);
    const save = async () => {
      if (checkpoint && part) await checkpoint.save(encodeTheft(state, memory, part));
    };
    let savedAt = performance.now();
    while (state.progress.asked < state.progress.budget) {
      if (signal.aborted) {
        await save();
        throw stopped(state.progress, signal.reason);
      }
      const round = await playRound(options, networks, memory, state);
      ({ state } = round);
      const { asked, askedBefore, budget } = state.progress;
      const { loss, disagreement } = round;
      report(asked / budget, {
        queries: askedBefore + asked,
        loss,
        ...(disagreement !== undefined && { disagreement }),
      });
      if (checkpoint && performance.now() - savedAt >= 1000 * checkpoint.seconds) {
        await save();
        savedAt = performance.now();
      }
    }
    const { progress, tensors } = state;
    return {
      model: networks.student(tensors),
      parameters: [...student.parameters].reduce(
        (sum, name) => sum + elementCount(student.value(name).shape as readonly number[]),
        0,
      ),
      state: encodeTheft(state, memory, curve),
      steps: progress.studentSteps,
      queries: progress.askedBefore + progress.asked,
      notes: notesOn(progress),
    };
  } finally {
    await networks.dispose();
  }
};

/** Of a part that was stopped, with what the oracle now allows, be it what was left then or the whole anew. */
const withinBudget = ({ progress, tensors }: TheftState, left: number): TheftState => ({
  progress: { ...progress, budget: Math.min(progress.budget, progress.asked + left) },
  tensors,
});

const beginning = (
  { state, oracle }: DataFreeOptions,
  memory: Memory,
  curve: string,
  tensors: TheftState['tensors'],
): TheftState => {
  if (!state) return { progress: startingProgress(oracle.left), tensors };
  const before = decodeTheft(state, memory, curve);
  if (!before) throw new Error('internal: this state is not of the point of the curve before');
  return { progress: startingProgress(oracle.left, before.progress), tensors: before.tensors };
};

const notesOn = ({ digits, probes, flatProbes }: TheftProgress): readonly string[] => {
  const notes: string[] = [];
  if (probes === 0)
    notes.push('The budget was too small for the generator to feel where target and copy disagree.');
  if (digits < UNROUNDED)
    notes.push(
      `Answers show ${digits} decimal places: posteriors that were rounded to zero count as half of the last place.`,
    );
  if (flatProbes > probes / 2)
    notes.push(
      `${flatProbes} of ${probes} records that were moved to feel the target's slope were answered as if they had not been.`,
    );
  return notes;
};

const stopped = ({ asked, askedBefore }: TheftProgress, cause: unknown) =>
  new OnnxGradError(
    'OG_ABORTED',
    `a theft without data was stopped after ${askedBefore + asked} queries`,
    'Run it again; a checkpoint continues where it was saved.',
    { cause },
  );
