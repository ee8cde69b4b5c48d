/** Evidence made for tests: a target that sees classes through noise, copies that see the target through theirs. */
import { stream } from 'onnx-grad';
import type { StealingEvidence } from '../../src/evaluate/stealing/evidence.ts';

export interface MadeStealing {
  readonly records?: number;
  readonly classes?: number;
  /** By how many standard deviations of its noise the true class stands out for the target, and for the baseline. */
  readonly clear?: number;
  readonly baseline?: number;
  /** Standard deviation of what each copy adds to the target's logits, by rising number of queries. */
  readonly off?: readonly number[];
  readonly baselines?: number;
  readonly seed?: number;
}

/** Record ids start at 5; copies have 100, 200, … queries. */
export function madeStealing({
  records = 200,
  classes = 3,
  clear = 2,
  baseline = 1.2,
  off = [2, 1, 0.5],
  baselines = 1,
  seed = 0,
}: MadeStealing = {}): StealingEvidence {
  const noise = (...purpose: readonly (string | number)[]) =>
    stream(seed, 'made', ...purpose).normal(new Float32Array(records * classes));
  const labels = Int32Array.from(stream(seed, 'made', 'labels').integers(new Uint32Array(records), classes));
  const seen = (z: Float32Array, how: number) =>
    z.map((value, i) => value + (i % classes === labels[Math.floor(i / classes)] ? how : 0));
  const target = seen(noise('target'), clear);
  return {
    ids: Uint32Array.from({ length: records }, (_, i) => 5 + i),
    labels,
    classes: Array.from({ length: classes }, (_, c) => `class ${c}`),
    target,
    copies: off.map((spread, c) => ({
      queries: 100 * (c + 1),
      logits: noise('copy', c).map((value, i) => target[i]! + spread * value),
    })),
    baselines: Array.from({ length: baselines }, (_, b) => ({
      name: ['own', 'random'][b]!,
      logits: seen(noise('baseline', b), baseline),
    })),
    seed,
  };
}

/** The same records in another order. */
export function reorderedStealing(evidence: StealingEvidence, order: readonly number[]): StealingEvidence {
  const width = evidence.classes.length;
  const rows = (logits: Float32Array) =>
    Float32Array.from(order.flatMap((from) => Array.from(logits.subarray(from * width, (from + 1) * width))));
  return {
    ...evidence,
    ids: Uint32Array.from(order, (from) => evidence.ids[from]!),
    labels: Int32Array.from(order, (from) => evidence.labels[from]!),
    target: rows(evidence.target),
    copies: evidence.copies.map((copy) => ({ ...copy, logits: rows(copy.logits) })),
    baselines: evidence.baselines.map((each) => ({ ...each, logits: rows(each.logits) })),
  };
}

/** Two classes: logits that answer 0 or 1, as told. */
export const answering = (answers: readonly number[], sureness = 1): Float32Array =>
  Float32Array.from(answers.flatMap((answer) => (answer === 0 ? [sureness, 0] : [0, sureness])));

/** Records of two classes, by the answers of the target, of one copy and of one baseline. */
export function ofAnswers(
  labels: readonly number[],
  target: readonly number[],
  copy: readonly number[],
  baseline?: readonly number[],
): StealingEvidence {
  return {
    ids: Uint32Array.from(labels.keys()),
    labels: Int32Array.from(labels),
    classes: ['no', 'yes'],
    target: answering(target),
    copies: [{ queries: 10, logits: answering(copy) }],
    baselines: baseline ? [{ name: 'own', logits: answering(baseline) }] : [],
    seed: 1,
  };
}
