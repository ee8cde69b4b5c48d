/** Labels that the target itself gives to the attacker's records: each class gets those it is surest about. */
import { type Device, type Graph, predict } from 'onnx-grad';
import { crossEntropyLoss } from '../stats/log-posterior.ts';
import type { AuxiliaryData } from './auxiliary-data.ts';

export interface LabelledRecords {
  /** Indices of records; one may stand under several classes. */
  readonly records: Uint32Array;
  /** Parallel to `records`, ascending. */
  readonly labels: Int32Array;
}

/**
 * For every class the `top` records with the highest posterior of it, the surest first, equal ones by index; all of
 * them where there are fewer (PLG-MI, Yuan et al. 2023: top-n selection). They are compared by −ln of the posterior,
 * which still tells apart what rounds to 1.
 * @param logits `[records, classes]`, row-major
 */
export const topRecords = (logits: Float32Array, classes: number, top: number): LabelledRecords => {
  const count = logits.length / classes;
  const kept = Math.min(top, count);
  const records = new Uint32Array(classes * kept);
  const labels = new Int32Array(classes * kept);
  for (let c = 0; c < classes; c++) {
    const doubt = Float64Array.from({ length: count }, (_, i) =>
      crossEntropyLoss(logits.subarray(i * classes, (i + 1) * classes), c),
    );
    const order = Uint32Array.from({ length: count }, (_, i) => i).sort(
      (a, b) => (doubt[a] as number) - (doubt[b] as number) || a - b,
    );
    records.set(order.subarray(0, kept), c * kept);
    labels.fill(c, c * kept, (c + 1) * kept);
  }
  return { records, labels };
};

/** The records that the target labels best, `top` of each class. */
export const pseudoLabels = async (
  target: Graph,
  classes: number,
  top: number,
  options: {
    readonly data: AuxiliaryData;
    readonly threads: number;
    readonly device: Device;
    readonly signal: AbortSignal;
  },
): Promise<LabelledRecords> => {
  const { data, threads, device, signal } = options;
  const { values, count, recordShape } = data;
  const length = values.length / count;
  const name = target.inputs[0]?.name ?? 'x';
  const batch = (indices: Uint32Array) => {
    const rows = new Float32Array(indices.length * length);
    indices.forEach((record, i) => {
      rows.set(values.subarray(record * length, (record + 1) * length), i * length);
    });
    return {
      inputs: { [name]: { dtype: 'float32' as const, dims: [indices.length, ...recordShape], data: rows } },
      target: { dtype: 'int64' as const, dims: [indices.length], data: new BigInt64Array(indices.length) },
    };
  };
  const answers = await predict(target, { size: count, batch }, { threads, device, signal });
  return topRecords(answers.data as Float32Array, classes, top);
};
