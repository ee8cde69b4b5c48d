/** The plain protocol of docs/training-services.md as a service: trains, hides how, and serves the result. */
import { createHash } from 'node:crypto';
import { type HiddenModel, trainHidden } from './hidden-training.ts';
import { type Loopback, type Received, type Sent, startLoopback } from './loopback.ts';

export interface JsonServiceOptions {
  /** Really trains; otherwise its models know nothing and say so of every record. */
  readonly learns?: boolean;
  /** Looks at a training that say queued and running before it is done; 1 each by default. */
  readonly queued?: number;
  readonly running?: number;
  /** Fails every training for this reason. */
  readonly fails?: string;
  /** Demanded in `authorization`. */
  readonly token?: string;
  /** The first training is started, and whoever asked never hears of it. */
  readonly losesReply?: boolean;
  /** Answers in place of the service: undefined leaves the request to it. */
  readonly instead?: (request: Received, count: number) => Sent | 'hang' | 'drop' | undefined;
}

export interface JsonService extends Loopback {
  /** By id, as they were asked for. */
  readonly trainings: ReadonlyMap<
    string,
    { readonly name: string; readonly records: unknown; readonly labels: readonly number[] }
  >;
  /** What no client may know. */
  readonly models: ReadonlyMap<string, HiddenModel>;
}

interface Wanted {
  readonly name: string;
  readonly recordShape: readonly number[];
  readonly classes: readonly string[];
  readonly labels: readonly number[];
  readonly records?: readonly unknown[];
  readonly data?: string;
}

export const startJsonService = async (options: JsonServiceOptions = {}): Promise<JsonService> => {
  const {
    learns = false,
    queued = 1,
    running = 1,
    fails,
    token,
    losesReply = false,
    instead = () => undefined,
  } = options;
  const trainings = new Map<string, { name: string; records: unknown; labels: readonly number[] }>();
  const models = new Map<string, HiddenModel>();
  const ids = new Map<string, string>();
  const looks = new Map<string, number>();
  const uploads = new Map<string, Float32Array>();
  let count = 0;

  const start = async (wanted: Wanted, key: string): Promise<Sent> => {
    const known = ids.get(key);
    if (known !== undefined) return { body: { id: known } };
    const width = wanted.recordShape.reduce((a, b) => a * b, 1);
    const flat = wanted.data === undefined ? undefined : uploads.get(wanted.data);
    if (wanted.records === undefined && flat === undefined)
      return { status: 404, body: { error: 'no such data' } };
    const records =
      flat === undefined
        ? (wanted.records ?? []).map((record) => [record].flat(9) as number[])
        : wanted.labels.map((_, i) => [...flat.subarray(i * width, (i + 1) * width)]);
    if (records.some((record) => record.length !== width))
      return { status: 422, body: { error: 'odd shape' } };
    const id = `job-${ids.size + 1}`;
    ids.set(key, id);
    trainings.set(id, { name: wanted.name, records, labels: wanted.labels });
    const sent = { records, labels: wanted.labels, classes: wanted.classes.length };
    if (fails === undefined) models.set(id, learns ? await trainHidden(sent, 7) : ignorant(sent.classes));
    return { status: 201, body: { id } };
  };

  const look = (id: string): Sent => {
    if (!trainings.has(id)) return { status: 404, body: { error: 'no such training' } };
    const seen = looks.get(id) ?? 0;
    looks.set(id, seen + 1);
    if (seen < queued) return { body: { state: 'queued' } };
    if (seen < queued + running) return { body: { state: 'running' } };
    if (fails !== undefined) return { body: { state: 'failed', reason: fails } };
    return { body: { state: 'done', endpoint: `/models/${id}` } };
  };

  const server = await startLoopback(async (request) => {
    count += 1;
    const other = instead(request, count);
    if (other !== undefined) return other;
    const { method, path, headers, body } = request;
    if (token !== undefined && headers.authorization !== `Bearer ${token}`)
      return { status: 401, body: { error: 'who are you?' } };
    const [, room, name = ''] = path.split('/');
    if (method === 'PUT' && room === 'data') {
      if (createHash('sha256').update(body).digest('hex') !== name) return { status: 400, text: 'damaged' };
      uploads.set(name, new Float32Array(new Uint8Array(body).buffer));
      return { status: 204, text: '' };
    }
    if (method === 'POST' && room === 'trainings') {
      const first = ids.size === 0;
      const sent = await start(JSON.parse(String(body)) as Wanted, String(headers['idempotency-key']));
      return losesReply && first ? 'drop' : sent;
    }
    if (method === 'GET' && room === 'trainings') return look(name);
    const model = room === 'models' ? models.get(name) : undefined;
    if (method !== 'POST' || model === undefined) return { status: 404, body: { error: 'nothing here' } };
    const { inputs } = JSON.parse(String(body)) as { inputs: unknown[] };
    return { body: { outputs: await model.answer(inputs.map((record) => [record].flat(9) as number[])) } };
  });
  return { ...server, trainings, models };
};

const ignorant = (classes: number): HiddenModel => ({
  answer: async (records) => records.map(() => Array<number>(classes).fill(1 / classes)),
  heldBack: [],
  epochs: 0,
});
