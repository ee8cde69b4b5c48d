/** The plain protocol of docs/training-services.md, for a service of one's own or a few lines in front of another. */
import { createHash } from 'node:crypto';
import { AuditError } from '../../errors.ts';
import { jsonFrom, notSpoken, quoted, type ServiceRequest } from './client.ts';
import type { TrainingData } from './service.ts';
import { checkedSettings } from './settings.ts';
import type { Trainer, TrainerTools, TrainingState } from './trainer.ts';

/** Numbers that are sent inside JSON at most; as text they take about 10 bytes each. */
const INLINE_NUMBERS = 20_000_000;

export const jsonTrainer = ({ choice, secrets, ask }: TrainerTools): Trainer => {
  const { data: way = 'inline' } = checkedSettings(choice, { required: {}, optional: ['data'] });
  if (way !== 'inline' && way !== 'upload')
    throw new AuditError(
      'MLD_CONFIG',
      `the setting "data" of the training service is "${way}"`,
      'Set it to "inline" (records in the request) or "upload" (records sent before, as float32).',
    );
  const base = choice.url.replace(/\/+$/, '');
  const headers = Object.fromEntries(
    Object.entries(choice.headers).map(([name, value]) => [name.toLowerCase(), secrets.expand(value)]),
  );
  const call = async (request: ServiceRequest, signal: AbortSignal) =>
    jsonFrom(request, await ask(request, signal), secrets);

  const records = async (data: TrainingData, signal: AbortSignal) => {
    if (way === 'inline') return { records: nested(data) };
    const body = littleEndian(data.values);
    const hash = createHash('sha256').update(body).digest('hex');
    const type = { 'content-type': 'application/octet-stream' };
    await call(
      { method: 'PUT', url: `${base}/data/${hash}`, headers: { ...headers, ...type }, body },
      signal,
    );
    return { data: hash };
  };

  return {
    // The label goes along as a key under which the service starts one training only, so `again` makes no difference.
    start: async (data, label, _again, signal) => {
      const { recordShape, labels, classes } = data;
      const what = await records(data, signal);
      const reply = await call(
        {
          method: 'POST',
          url: `${base}/trainings`,
          headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': label },
          body: JSON.stringify({ name: label, recordShape, classes, labels: [...labels], ...what }),
        },
        signal,
      );
      const id = reply['id'];
      if ((typeof id !== 'string' && typeof id !== 'number') || id === '')
        throw notSpoken(
          `POST ${base}/trainings was answered without an "id": ${quoted(JSON.stringify(reply), secrets)}`,
        );
      return String(id);
    },

    look: async (job, _label, _notes, signal): Promise<TrainingState> => {
      const url = `${base}/trainings/${encodeURIComponent(job)}`;
      const { state, endpoint, reason } = await call({ method: 'GET', url, headers }, signal);
      if (state === 'queued' || state === 'running') return { state: 'running' };
      if (state === 'failed') return { state, reason: typeof reason === 'string' ? reason : '' };
      if (state === 'done' && typeof endpoint === 'string' && endpoint !== '') return { state, endpoint };
      throw notSpoken(
        state === 'done'
          ? `GET ${url} says "done" without an "endpoint"`
          : `GET ${url} says state ${JSON.stringify(state)}, none of queued, running, done and failed`,
      );
    },
  };
};

/** Records as nested arrays of their shape. */
const nested = ({ values, labels, recordShape }: TrainingData): readonly unknown[] => {
  if (values.length > INLINE_NUMBERS)
    throw new AuditError(
      'MLD_SERVICE',
      `${values.length} numbers are too many for one JSON request`,
      'Set "data: upload" under the settings of the service, or train on fewer records.',
    );
  const level = (start: number, length: number, [outer = 1, ...inner]: readonly number[]): unknown[] => {
    if (inner.length === 0) return [...values.subarray(start, start + length)];
    return Array.from({ length: outer }, (_, i) =>
      level(start + (i * length) / outer, length / outer, inner),
    );
  };
  return level(0, values.length, [labels.length, ...recordShape]);
};

const littleEndian = (values: Float32Array): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(values.byteLength);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i] as number, true);
  return bytes;
};
