/** Descent on a generator's latent vectors: what Secret Revealer and PLG-MI have in common. */
import {
  createSession,
  type Feeds,
  float32,
  floats,
  type Graph,
  int64,
  type Optimizer,
  type Session,
  scalar,
  scalarInput,
  type Tensor,
  type Value,
  zeros,
} from 'onnx-grad';
import { AuditError } from '../../../errors.ts';
import type { Generator } from '../../../generators/generator.ts';
import { crossEntropyLoss, expNegative } from '../../../stats/log-posterior.ts';
import type { AttackContext } from '../../attack-context.ts';
import type { Reconstructions } from '../inversion-attack.ts';
import { nextOf, rowsPerRun, stepGraph, viewGraph } from './graphs.ts';
import type { Generated } from './networks.ts';
import { firstLatents, type LatentRow, latentRows } from './rows.ts';

/** What a search makes small. */
export interface LatentObjective {
  /** Appends one number per row, `[N]`, in which no other row plays a part. */
  readonly loss: (generated: Generated) => Value;
  /** What `loss` reads besides the records: values of its own graph inputs at a step, from 0. */
  readonly feeds?: (rows: readonly LatentRow[], step: number) => Feeds;
  /** How far the target is from seeing the class, by its logits of a finished record: the least is kept. */
  readonly identity: (logits: Float32Array, label: number) => number;
}

export interface LatentSearch {
  /** The attack's name: its random numbers are its own. */
  readonly name: string;
  readonly generator: Generator;
  readonly model: Graph;
  readonly wanted: Int32Array;
  /** Starts of each reconstruction, of which the one that ends with the least identity loss is kept. */
  readonly restarts: number;
  readonly steps: number;
  readonly optimizer: Optimizer;
  /** Every latent number is kept within ± this, the first ones too. */
  readonly clip?: number;
  readonly objective: LatentObjective;
}

const PROGRESS_EVERY = 10;

/**
 * The reconstruction of every wanted class; `starts` are the records of the kept rows' first latent vectors.
 * @throws {AuditError} MLD_ATTACK_UNSUITED when a search ends at values that are no numbers
 */
export const searchLatent = async (
  search: LatentSearch,
  context: AttackContext,
): Promise<Reconstructions> => {
  const { name, generator, model, wanted, restarts, clip } = search;
  const rows = latentRows(wanted, restarts, context.seed, name);
  const ends = await descend(search, rows, context);
  const graph = viewGraph(generator, model);
  await using session = await createSession(graph, context);
  const view: View = { session, generator, perRun: rowsPerRun(graph), signal: context.signal };
  const kept = await bestOf(search, rows, ends, view);
  const width = (kept[0] as Best).x.length;
  const values = new Float32Array(wanted.length * width);
  const confidence = new Float64Array(wanted.length);
  kept.forEach(({ row: { label }, identity, x, logits }, i) => {
    if (Number.isNaN(identity)) throw diverged(name, label);
    values.set(x, i * width);
    confidence[i] = expNegative(-crossEntropyLoss(logits, label));
  });
  const starts = new Float32Array(wanted.length * width);
  const first = kept.map(({ row }) => row);
  await look(view, first, firstLatents(first, generator.latent, clip), (i, x) => starts.set(x, i * width));
  return { values, starts, confidence };
};

interface Best {
  readonly row: LatentRow;
  readonly identity: number;
  readonly x: Float32Array;
  readonly logits: Float32Array;
}

const diverged = (name: string, label: number): AuditError =>
  new AuditError(
    'MLD_ATTACK_UNSUITED',
    `${name}: the search for class ${label} ended at values that are no finite numbers`,
    'Give the attack a smaller learningRate.',
  );

/** The latent vectors after the last step, `rows × latent`. */
const descend = async (
  { generator, steps, optimizer, clip, objective }: LatentSearch,
  rows: readonly LatentRow[],
  context: AttackContext,
): Promise<Float32Array> => {
  const { latent } = generator;
  const graph = stepGraph({
    generator,
    loss: objective.loss,
    optimizer,
    ...(clip !== undefined && { clip }),
  });
  const found = new Float32Array(rows.length * latent);
  await using session = await createSession(graph, context);
  for (const chunk of chunks(rows, rowsPerRun(graph))) {
    const dims = [chunk.rows.length, latent];
    let state: Record<string, Tensor> = { z: float32(dims, firstLatents(chunk.rows, latent, clip)) };
    for (const name of optimizer.state) state[name] = zeros('float32', dims);
    const y = labelsOf(chunk.rows);
    for (let step = 0; step < steps; step++) {
      context.signal.throwIfAborted();
      const feeds: Record<string, Tensor> = { ...state, y, ...objective.feeds?.(chunk.rows, step) };
      for (const [name, value] of Object.entries(optimizer.scalarsAt(step + 1, optimizer.learningRate)))
        feeds[scalarInput(name)] = scalar(value);
      const results = await session.run(feeds);
      state = Object.fromEntries(Object.keys(state).map((name) => [name, results[nextOf(name)] as Tensor]));
      if ((step + 1) % PROGRESS_EVERY > 0 && step + 1 < steps) continue;
      const done = chunk.first + (chunk.rows.length * (step + 1)) / steps;
      context.progress(done / rows.length, { loss: mean(floats(results['loss'] as Tensor)) });
    }
    found.set(floats(state['z'] as Tensor), chunk.first * latent);
  }
  return found;
};

/** The restart of each reconstruction that ends with the least identity loss, the earlier of equals. */
const bestOf = async (
  { objective }: LatentSearch,
  rows: readonly LatentRow[],
  ends: Float32Array,
  view: View,
): Promise<readonly Best[]> => {
  const kept: Best[] = [];
  await look(view, rows, ends, (i, x, logits) => {
    const row = rows[i] as LatentRow;
    const sound = x.every(Number.isFinite) && !logits.some(Number.isNaN);
    const identity = sound ? objective.identity(logits, row.label) : Number.NaN;
    const best = kept[row.of];
    if (best && !(identity < best.identity || Number.isNaN(best.identity))) return;
    kept[row.of] = { row, identity, x: x.slice(), logits: logits.slice() };
  });
  return kept;
};

interface View {
  readonly session: Session;
  readonly generator: Generator;
  readonly perRun: number;
  readonly signal: AbortSignal;
}

/** Shows the record and the target's logits of each row's latent vector. */
const look = async (
  { session, generator: { latent, conditional }, perRun, signal }: View,
  rows: readonly LatentRow[],
  latents: Float32Array,
  show: (row: number, x: Float32Array, logits: Float32Array) => void,
): Promise<void> => {
  for (const { first, end, rows: some } of chunks(rows, perRun)) {
    signal.throwIfAborted();
    const z = float32([some.length, latent], latents.subarray(first * latent, end * latent));
    const { x, logits } = await session.run({ z, ...(conditional && { y: labelsOf(some) }) });
    some.forEach((_, i) => {
      show(first + i, part(x as Tensor, i), part(logits as Tensor, i));
    });
  }
};

const labelsOf = (rows: readonly LatentRow[]): Tensor =>
  int64(
    [rows.length],
    rows.map(({ label }) => label),
  );

interface Chunk {
  readonly first: number;
  readonly end: number;
  readonly rows: readonly LatentRow[];
}

const chunks = (rows: readonly LatentRow[], size: number): readonly Chunk[] =>
  Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => {
    const [first, end] = [i * size, Math.min(rows.length, (i + 1) * size)];
    return { first, end, rows: rows.slice(first, end) };
  });

/** What belongs to row i of a batch. */
const part = (batch: Tensor, i: number): Float32Array => {
  const width = batch.data.length / (batch.dims[0] as number);
  return floats(batch).subarray(i * width, (i + 1) * width);
};

const mean = (values: Float32Array): number => values.reduce((a, b) => a + b, 0) / values.length;
