/** Whether a record's answer depends on that record alone: asked in a batch, and one by one. */
import type { Graph } from 'onnx-grad';
import { elements } from '../../data/dataset.ts';
import { AuditError } from '../../errors.ts';
import { posterior } from '../../stats/log-posterior.ts';
import { ask, type Rows } from './ask.ts';
import type { OutputKind } from './form-words.ts';
import { DYNAMIC_BATCH } from './open-batch.ts';

/** As many of the probe as are asked one by one. */
const RECORDS = 8;
/** Rounding differs with the size of a batch. */
const CLOSE = 1e-3;

/**
 * @throws {AuditError} MLD_MODEL_INPUT where the posteriors of a batch are others than one by one, MLD_MODEL_OUTPUT where they
 *   are no numbers
 */
export async function checkRecordsApart(
  graph: Graph,
  recordShape: readonly number[],
  probe: Rows,
  kind: OutputKind,
  file: string,
): Promise<void> {
  const rows = Math.min(RECORDS, probe.rows);
  if (rows === 0) return;
  const length = elements(recordShape);
  const part = (from: number, to: number): Rows => ({
    values: probe.values.subarray(from * length, to * length),
    rows: to - from,
  });
  const single = Array.from({ length: rows }, (_, i) => part(i, i + 1));
  const [together, ...alone] = await ask(graph, 'logits', recordShape, [part(0, rows), ...single], file);
  const classes = together?.dims[1] ?? 0;
  alone.forEach(({ values }, i) => {
    const inBatch = together?.values.subarray(i * classes, (i + 1) * classes) ?? new Float32Array(0);
    for (const row of [values, inBatch])
      if (row.some(Number.isNaN) || !Number.isFinite(Math.max(...row)))
        throw new AuditError(
          'MLD_MODEL_OUTPUT',
          `'${file}' answers record ${i} of the probe with [${row.subarray(0, 10).join(', ')}${row.length > 10 ? ', …' : ''}]`,
          'Check that records are scaled as the model expects them, and what kind of output it has.',
        );
    if (values.length !== inBatch.length || !sameAnswer(values, inBatch, kind))
      throw new AuditError(
        'MLD_MODEL_INPUT',
        `'${file}' answers a record otherwise in a batch of ${rows} than alone: a batch size is fixed inside, or it was exported in training mode`,
        `${DYNAMIC_BATCH} In PyTorch call model.eval() first.`,
      );
  });
}

/** The logarithm of a tiny probability says nothing of it: rounding of a sum of trees may make it 0. */
function sameAnswer(a: Float32Array, b: Float32Array, kind: OutputKind): boolean {
  const [p, q] = [posterior(a), posterior(b)];
  if (p.some((own, k) => !(Math.abs(own - (q[k] as number)) <= CLOSE))) return false;
  if (kind === 'probabilities') return true;
  const size = 1 + a.reduce((most, z) => Math.max(most, Number.isFinite(z) ? Math.abs(z) : 0), 0);
  return a.every((z, k) => z === b[k] || Math.abs(z - (b[k] as number)) <= CLOSE * size);
}
