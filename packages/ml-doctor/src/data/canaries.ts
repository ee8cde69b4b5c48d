/** Canaries: records that a training has or has not by the toss of a coin, for audits of the training itself. */
import { stream } from 'onnx-grad';
import { AuditError } from '../errors.ts';
import type { Dataset } from './dataset.ts';
import { type SplitOptions, splitQuarters } from './split.ts';

/** `own`: their own labels; `wrong`: another one for each, which only a model that was trained on it has reason to learn. */
export const CANARY_LABELS = ['own', 'wrong'] as const;
export type CanaryLabels = (typeof CANARY_LABELS)[number];

export interface Canaries {
  /** Ascending, so that their order says nothing. */
  readonly ids: Uint32Array;
  /** Parallel to the ids: 1 for those that are trained on. */
  readonly included: Uint8Array;
  /** Records that are trained on whatever the coins say, ascending. */
  readonly fixed: Uint32Array;
}

/**
 * Half of the canaries are drawn from `target-train`, half from `target-test`; each is trained on by a fair coin of its
 * own, as Steinke, Nasr & Jagielski (NeurIPS 2023, Algorithm 1) ask. What is left of `target-train` is always trained
 * on, so that as many records are expected as the target has.
 *
 * @param count even
 * @throws {AuditError} MLD_SPLIT for more canaries than the two roles have records
 */
export function drawCanaries(size: number, split: SplitOptions, count: number): Canaries {
  if (!(Number.isInteger(count) && count > 0 && count % 2 === 0))
    throw new Error(`internal: ${count} canaries`);
  const roles = splitQuarters(size, split);
  const [members, others] = [roles['target-train'], roles['target-test']];
  const half = count / 2;
  if (half > Math.min(members.length, others.length))
    throw new AuditError(
      'MLD_SPLIT',
      `${count} canaries are more than the ${2 * Math.min(members.length, others.length)} records of target-train and target-test`,
      'Use fewer canaries, or more records per role.',
    );
  const order = (role: string, from: Uint32Array) =>
    stream(split.seed, 'canaries', role).permutation(from.length);
  const places = order('target-train', members);
  const take = (from: Uint32Array, at: Uint32Array) => Array.from(at, (place) => from[place]!);
  const ids = Uint32Array.from([
    ...take(members, places.subarray(0, half)),
    ...take(others, order('target-test', others).subarray(0, half)),
  ]).sort();
  return {
    ids,
    included: Uint8Array.from(stream(split.seed, 'canaries', 'coins').integers(new Uint32Array(count), 2)),
    fixed: Uint32Array.from(take(members, places.subarray(half))).sort(),
  };
}

/**
 * The data set with the labels that its canaries have in training and when they are scored: with `wrong` one of the
 * other classes for each, all equally likely. Labels do not depend on the coins.
 */
export function withCanaryLabels(
  data: Dataset,
  ids: Uint32Array,
  labels: CanaryLabels,
  seed: number,
): Dataset {
  if (labels === 'own') return data;
  const classes = data.classes.length;
  if (classes < 2) throw new Error(`internal: ${data.id} has no wrong label to give`);
  const steps = stream(seed, 'canaries', 'labels').integers(new Uint32Array(ids.length), classes - 1);
  const y = data.y.slice();
  ids.forEach((id, i) => {
    y[id] = (y[id]! + 1 + steps[i]!) % classes;
  });
  // Never written anywhere: it keeps the name and the hash of the data that it is a view of.
  return { ...data, y };
}
