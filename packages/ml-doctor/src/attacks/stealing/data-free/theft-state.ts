/** How far a theft without data is: what a checkpoint holds, and what the next point of the curve goes on from. */
import { createHash } from 'node:crypto';
import { decodeCheckpoint, encodeCheckpoint, encodeModel, OnnxGradError, type Tensor } from 'onnx-grad';
import type { Memory } from './memory.ts';
import type { DataFreeOptions } from './steal-without-data.ts';

export type TheftProgress = {
  /** Rows asked about: in this part of the curve, and before it. */
  readonly asked: number;
  readonly askedBefore: number;
  /** What this part may ask about. */
  readonly budget: number;
  /** Rounds played in all; what is random in one is addressed by it. */
  readonly round: number;
  readonly generatorSteps: number;
  readonly studentSteps: number;
  /** Of `decimalPlaces`, over all answers. */
  readonly digits: number;
  /** Records moved to estimate a slope, and how many of them were answered as if they had not been. */
  readonly probes: number;
  readonly flatProbes: number;
};

export interface TheftState {
  readonly progress: TheftProgress;
  /** Generator, student and both optimisers. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

const INPUTS = 'memory::inputs';
const ANSWERS = 'memory::answers';

type Stored = { readonly progress: TheftProgress; readonly put: number };

export const encodeTheft = (
  { progress, tensors }: TheftState,
  memory: Memory,
  fingerprint: string,
): Uint8Array => {
  const { put, inputs, answers } = memory.kept();
  const state = new Map([...tensors, [INPUTS, inputs], [ANSWERS, answers]]);
  return encodeCheckpoint<Stored>({ progress: { progress, put }, state, fingerprint });
};

/**
 * Fills the memory as well.
 * @returns undefined for bytes that are damaged or of another theft
 */
export const decodeTheft = (
  bytes: Uint8Array,
  memory: Memory,
  fingerprint: string,
): TheftState | undefined => {
  try {
    const { progress: stored, state, fingerprint: found } = decodeCheckpoint<Stored>(bytes);
    if (found !== fingerprint) return undefined;
    const tensors = new Map(state);
    memory.restore(stored.put, tensors.get(INPUTS) as Tensor, tensors.get(ANSWERS) as Tensor);
    for (const name of [INPUTS, ANSWERS]) tensors.delete(name);
    return { progress: stored.progress, tensors };
  } catch (error) {
    if (error instanceof OnnxGradError && error.code === 'OG_CHECKPOINT') return undefined;
    throw error;
  }
};

/** What must be equal for a state to be of use at another point of the curve. */
export const curveFingerprint = ({ recipe, space, student, total }: DataFreeOptions): string => {
  const { low, high } = space.bounds;
  const hash = createHash('sha256');
  hash.update(JSON.stringify([recipe, total, space.recordShape, space.oneHot]));
  // Not the weights: each point of the curve may be handed a student of its own, of which only the shape counts.
  hash.update(JSON.stringify([...student.parameters].map((name) => [name, student.value(name).shape])));
  for (const { buffer, byteOffset, byteLength } of [low, high])
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
};

/** What must be equal for a stopped part of the curve to be gone on with, bit for bit. */
export const partFingerprint = (options: DataFreeOptions): string => {
  const hash = createHash('sha256').update(curveFingerprint(options));
  hash.update(JSON.stringify([options.seed]));
  hash.update(encodeModel(options.student));
  if (options.state) hash.update(options.state);
  return hash.digest('hex');
};
