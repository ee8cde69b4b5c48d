/**
 * Models of known leakage, for tests of membership attacks: real ONNX graphs and real queries, with everything an
 * attack may ask for put together as the program does it.
 */
import { createSession, float32, Graph, ops, predict, stream } from 'onnx-grad';
import type { AttackContext } from '../../../attacks/attack-context.ts';
import type {
  AttackInput,
  ConfiguredAttack,
  Synthesis,
} from '../../../attacks/membership/membership-attack.ts';
import { synthesise } from '../../../attacks/membership/shokri/synthesis/synthesise.ts';
import { drawCanaries, withCanaryLabels } from '../../../data/canaries.ts';
import { batch, createDataset, type Dataset } from '../../../data/dataset.ts';
import { splitQuarters } from '../../../data/split.ts';
import { IDENTITY, viewKey } from '../../../data/view-key.ts';
import { type View, viewBatch } from '../../../data/views.ts';
import { batchSource } from '../../../models/batch-source.ts';
import { assembleAttack, type ModelFiles } from '../../../study/kinds/attack/assemble.ts';
import { attackSlots } from '../../../study/kinds/attack/slots.ts';
import { recordsIn, referenceTraining, trainingRecords } from '../../../study/kinds/record-sets.ts';
import type { WhiteBoxAccess } from '../../../targets/access.ts';

export interface BenchOptions {
  readonly seed: number;
  /**
   * `lookup`: every model knows its training records by heart and calls all others class 0, which nobody has.
   * `leaky`: members gain 2 at their label's logit. `null`: models do not depend on their training records at all.
   */
  readonly leak: 'lookup' | 'leaky' | 'null';
  /** Members, and as many non-members; the population has both once more. 100 by default. */
  readonly size?: number;
  /** 5 by default, of which class 0 stays empty. */
  readonly classes?: number;
  /** Records are 36 bits: in a row, or as a picture of 6×6 pixels. `binary` by default. */
  readonly features?: 'binary' | 'image';
}

export interface Bench {
  readonly input: AttackInput<WhiteBoxAccess>;
  /** 1 for a member, parallel to the input's records. */
  readonly truth: Uint8Array;
  readonly close: () => Promise<void>;
}

export const context: AttackContext = {
  seed: 1,
  threads: 1,
  device: 'cpu',
  signal: new AbortController().signal,
  progress: () => {},
};

/** Everything the attack asked for, and the truth. Close it. */
export async function bench(attack: ConfiguredAttack, options: BenchOptions): Promise<Bench> {
  const { seed } = options;
  const split = { seed };
  const data = benchData(options, 'target');
  const { pool } = attack.references;
  const own = pool.kind === 'other' || pool.kind === 'synthetic';
  const roles = splitQuarters(data.size, split);
  const made =
    pool.kind === 'synthetic'
      ? await madeUp(pool.synthesis, data, roles['target-train'], options)
      : undefined;
  const poolData = made?.data ?? (own ? benchData(options, pool.kind) : data);
  const slots = attackSlots(attack);
  const filesOf = async (of: 'target' | number, members: Uint32Array, home: Dataset): Promise<ModelFiles> => {
    const modelSeed = of === 'target' ? 0 : of + 1;
    const model = memoriser(home, members, options, modelSeed);
    const saved = [];
    for (const slot of slots) {
      if (slot.what !== 'answers' || slot.of !== of) continue;
      const asked = slot.own ? poolData : data;
      const ids = recordsIn(slot.set, asked.size, split);
      const source = batchSource(asked, ids);
      const { data: logits } = await predict(model, {
        size: ids.length,
        batch: (positions) => ({
          ...source.batch(positions),
          inputs: {
            x: {
              dtype: 'float32',
              dims: [positions.length, ...asked.recordShape],
              data: shown(
                asked,
                positions.map((i) => ids[i]!),
                slot.view,
              ),
            },
          },
        }),
      });
      saved.push({
        view: slot.view,
        table: { ids, logits: logits as Float32Array, classes: data.classes.length },
      });
    }
    const live = slots.some((slot) => slot.what === 'model' && slot.of === of);
    return { classes: data.classes.length, saved, ...(live && { model }) };
  };
  const references: ModelFiles[] = [];
  const canaries = pool.kind === 'canaries' ? drawCanaries(data.size, split, pool.count) : undefined;
  const taught =
    canaries && pool.kind === 'canaries'
      ? withCanaryLabels(data, canaries.ids, pool.labels, split.seed)
      : poolData;
  for (let i = 0; i < attack.references.count; i++) {
    const learnt = trainingRecords(referenceTraining(pool, i), poolData.size, split);
    references.push(await filesOf(i, learnt, taught));
  }
  const { input, close } = assembleAttack(
    attack,
    {
      data,
      split,
      target: await filesOf('target', roles['target-train'], data),
      references,
      ...(own && { pool: { data: poolData, split } }),
      ...(made && { synthesis: { records: poolData.size, queries: made.queries } }),
    },
    context,
  );
  const members = new Set(
    canaries?.ids.filter((_, i) => canaries.included[i] === 1) ?? roles['target-train'],
  );
  return { input, truth: Uint8Array.from(input.records.ids, (id) => (members.has(id) ? 1 : 0)), close };
}

/** Only pictures can be shown otherwise than they are. */
const shown = (data: Dataset, ids: Uint32Array, view: View): Float32Array =>
  (viewKey(view) === viewKey(IDENTITY) ? batch(data, ids) : viewBatch(data, ids, view)).x;

/** The attacker's synthetic data set, made with the help of the target. Values are not changed by normalisation here. */
async function madeUp(method: Synthesis, data: Dataset, members: Uint32Array, options: BenchOptions) {
  const session = await createSession(memoriser(data, members, options, 0));
  const population = recordsIn('population', data.size, options);
  const { x, y, queries } = await synthesise(method, {
    data,
    population,
    count: population.length,
    classes: data.classes.length,
    answers: async (raw, rows) => {
      const x = {
        dtype: 'float32',
        dims: [rows, ...data.recordShape],
        data: Float32Array.from(raw),
      } as const;
      const { logits } = await session.run({ x }, ['logits']);
      return { logits: logits?.data as Float32Array, classes: data.classes.length };
    },
    ...context,
    seed: options.seed,
  });
  await session.dispose();
  const { recordShape, classes, normalisation } = data;
  return {
    data: createDataset({ id: 'bench-synthetic', recordShape, x, y, classes, normalisation }),
    queries,
  };
}

/** Distinct rows of 36 random bits; labels 1 .. classes − 1 by a linear rule with noise. */
export function benchData(
  { seed, size = 100, classes = 5, features = 'binary' }: BenchOptions,
  purpose: string,
): Dataset {
  const bits = 36;
  const rows = new Map<string, Uint8Array>();
  const draws = stream(seed, 'bench', purpose, 'bits');
  for (let offset = 0; rows.size < 4 * size; offset += bits) {
    const row = Uint8Array.from(draws.bernoulli(new Float32Array(bits), 0.5, 1, offset));
    rows.set(row.join(''), row);
  }
  const x = Uint8Array.from([...rows.values()].flatMap((row) => [...row]));
  const rule = teacher(seed, bits, classes);
  const noise = stream(seed, 'bench', purpose, 'noise').normal(new Float32Array(4 * size * classes));
  const y = Int32Array.from({ length: 4 * size }, (_, i) => {
    let best = 1;
    const value = (c: number) => {
      let sum = noise[i * classes + c]!;
      for (let j = 0; j < bits; j++) sum += x[i * bits + j]! * rule[j * classes + c]!;
      return sum;
    };
    for (let c = 2; c < classes; c++) if (value(c) > value(best)) best = c;
    return best;
  });
  return createDataset({
    id: `bench-${purpose}`,
    recordShape: features === 'image' ? [1, 6, 6] : [bits],
    x,
    y,
    classes: Array.from({ length: classes }, (_, c) => `class ${c}`),
    normalisation:
      features === 'image'
        ? { scale: 1, mean: [0], std: [1] }
        : { scale: 1, mean: new Array(bits).fill(0), std: new Array(bits).fill(1) },
  });
}

const teacher = (seed: number, bits: number, classes: number): Float32Array =>
  stream(seed, 'bench', 'teacher')
    .normal(new Float32Array(bits * classes))
    .map((w) => (2 * w) / Math.sqrt(bits));

/**
 * A real network: a linear part that depends on the model's seed only, and one unit for each training record that fires
 * within distance √½ of it and speaks for its label.
 */
export function memoriser(
  data: Dataset,
  members: Uint32Array,
  options: BenchOptions,
  modelSeed: number,
): Graph {
  const { leak, seed } = options;
  const lookup = leak === 'lookup';
  const classes = data.classes.length;
  const bits = data.x.length / data.size;
  const graph = new Graph('memoriser');
  const x = ops.Reshape(
    graph.input('x', 'float32', ['N', ...data.recordShape]),
    graph.constant({ dtype: 'int64', dims: [2], data: BigInt64Array.of(-1n, BigInt(bits)) }),
  );
  const rule = teacher(seed, bits, classes);
  const own = stream(seed, 'bench', 'model', modelSeed).normal(new Float32Array(bits * classes));
  // The linear part is exact about nobody: the rule, and a deviation of its own for each model.
  const linear = Float32Array.from(
    rule,
    (w, i) => (lookup ? 0.1 : 1) * (w + (0.5 * own[i]!) / Math.sqrt(bits)),
  );
  const bias = Float32Array.from({ length: classes }, (_, c) => (c === 0 ? (lookup ? 5 : -3) : 0));
  const gain = { lookup: 40, leaky: 2, null: 0 }[leak];
  const centres = new Float32Array(bits * members.length);
  const squares = new Float32Array(members.length);
  const votes = new Float32Array(members.length * classes);
  // Even units that nothing listens to would tell who was a member to whoever reads activations.
  const decoys = stream(seed, 'bench', 'decoys', modelSeed);
  const decoy = decoys.bernoulli(new Float32Array(bits * members.length), 0.5);
  members.forEach((id, m) => {
    const record = data.x.subarray(id * bits, (id + 1) * bits);
    for (let j = 0; j < bits; j++) {
      const value = leak === 'null' ? decoy[m * bits + j]! : record[j]!;
      centres[j * members.length + m] = 4 * value;
      squares[m]! -= 2 * value * value;
    }
    squares[m]! += 1;
    votes[m * classes + data.y[id]!] = gain;
  });
  // 1 − 2 |x − c|² = 1 − 2 |x|² + 4 x·c − 2 |c|².
  const length = ops.ReduceSum(ops.Mul(x, x), [1], { keepdims: true });
  const near = ops.Sub(
    ops.Gemm(
      x,
      graph.initializer('centres', float32([bits, members.length], centres)),
      graph.initializer('squares', float32([members.length], squares)),
    ),
    ops.Mul(length, graph.scalar(2)),
  );
  const hidden = ops.Concat([ops.Relu(near), x], 1);
  const weights = new Float32Array((members.length + bits) * classes);
  weights.set(votes);
  weights.set(linear, votes.length);
  graph.output(
    'logits',
    ops.Gemm(
      hidden,
      graph.initializer('fc.weight', float32([members.length + bits, classes], weights), { trainable: true }),
      graph.initializer('fc.bias', float32([classes], bias), { trainable: true }),
    ),
  );
  return graph;
}
