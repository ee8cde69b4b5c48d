import { createSession, float32, Graph, int64, ops, type Tensor } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import {
  against,
  distance,
  drawn,
  inputFor,
  linearGenerator,
  linearTarget,
  plus,
  rbfTarget,
  rowsOf,
  times,
} from '../../../../test/attacks/inversion/latent-worlds.ts';
import { context } from '../../../audit/selftest/bench/membership-bench.ts';
import { maxMargin } from '../../../generators/max-margin.ts';
import { firstLatents, latentRows } from '../latent/rows.ts';
import { marginOf } from './margin-of.ts';
import { guessing, plg } from './plg.ts';
import { viewFeeds } from './random-views.ts';

const NAME = 'inversion/plg';

describe('the parameters', () => {
  it("are the paper's", () => {
    expect(plg.configure()).toMatchObject({
      perClass: 5,
      needs: { access: 'white-box', output: 'posteriors', auxiliary: 'shadow', record: 'none' },
      params: { restarts: 1, steps: 600, learningRate: 0.1, views: 2 },
      generator: { latent: 128, guided: { top: 30, alpha: 0.2 } },
    });
  });

  it('make the generator', () => {
    const given = { latent: 7, width: 8, ganEpochs: 2, ganBatchSize: 16, ganLearningRate: 0.1, ganBeta1: 0 };
    expect(plg.configure({ ...given, top: 4, alpha: 0 }).generator).toEqual({
      latent: 7,
      width: 8,
      epochs: 2,
      batchSize: 16,
      learningRate: 0.1,
      beta1: 0,
      guided: { top: 4, alpha: 0 },
    });
  });

  it.each([{ steps: 0 }, { views: -1 }, { top: 0 }, { alpha: -1 }, { clip: 1 }])(
    '%j are refused',
    (given) => {
      expect(() => plg.configure(given)).toThrow(expect.objectContaining({ code: 'MLD_USAGE' }));
    },
  );
});

it('the margin is how far the best other class is ahead', async () => {
  const rows = [
    [1, 5, 2],
    [1, 5, 2],
    [-3, -4, -8],
    [2, 2, 2],
    [Number.NEGATIVE_INFINITY, -1, -2],
  ];
  const labels = [1, 2, 0, 0, 1];
  const expected = [-3, 3, -1, 0, -1];
  const graph = new Graph('margin');
  const logits = graph.input('logits', 'float32', ['N', 3]);
  graph.output('margin', maxMargin(logits, graph.input('y', 'int64', ['N'])));
  await using session = await createSession(graph);
  const { margin } = await session.run({ logits: float32([5, 3], rows.flat()), y: int64([5], labels) });
  expect([...(margin!.data as Float32Array)]).toEqual(expected);
  expect(rows.map((row, i) => marginOf(Float32Array.from(row), labels[i]!))).toEqual(expected);
});

describe('the descent', () => {
  const [latent, width, classes] = [3, 4, 3];
  const wanted = [0, 1, 1, 2];

  it.each([1, 2, 3])('takes the steps of Adam by hand, the class fixed (world %i)', async (seed) => {
    const a = drawn(seed, 'a', latent, width);
    const offsets = drawn(seed, 'b', classes, width);
    const w = drawn(seed, 'w', width, classes);
    const v = drawn(seed, 'v', 1, classes)[0]!;
    const generator = linearGenerator({ a, offsets, d: [0, 0, 0, 0] });
    const [steps, learningRate] = [7, 0.05];
    const { values, starts, confidence } = await plg
      .configure({ steps, learningRate })
      .run(inputFor(generator, linearTarget(w, v), wanted, width), context);
    const first = rowsOf(
      firstLatents(latentRows(Int32Array.from(wanted), 1, context.seed, NAME), latent),
      latent,
    );
    wanted.forEach((label, i) => {
      const logitsOf = (z: readonly number[]) => plus(times(plus(times(z, a), offsets[label]!), w), v);
      let z = first[i]!;
      let [m, s] = [z.map(() => 0), z.map(() => 0)];
      for (let t = 1; t <= steps; t++) {
        const logits = logitsOf(z);
        const other = logits.indexOf(Math.max(...logits.filter((_, c) => c !== label)));
        const inLogits = logits.map((_, c) => (c === other ? 1 : 0) - (c === label ? 1 : 0));
        const g = against(a, against(w, inLogits));
        m = m.map((mi, k) => 0.9 * mi + 0.1 * g[k]!);
        s = s.map((si, k) => 0.999 * si + 0.001 * g[k]! ** 2);
        z = z.map(
          (zk, k) =>
            zk - (learningRate * (m[k]! / (1 - 0.9 ** t))) / (Math.sqrt(s[k]! / (1 - 0.999 ** t)) + 1e-8),
        );
      }
      const x = plus(times(z, a), offsets[label]!);
      expect(distance(rowsOf(values, width)[i]!, x)).toBeLessThan(1e-3);
      const from = plus(times(first[i]!, a), offsets[label]!);
      expect(distance(rowsOf(starts, width)[i]!, from)).toBeLessThan(1e-5);
      const weights = logitsOf(z).map(Math.exp);
      expect(confidence[i]).toBeCloseTo(weights[label]! / weights.reduce((p, q) => p + q), 3);
    });
  });

  // A generator that shows a class nowhere but under its own label.
  const a = [
    [0.5, 0, 0, 0],
    [0, 0.5, 0, 0],
  ];
  const offsets = [
    [0, 0, 1, 0],
    [0, 0, 0, 1],
    [0, 0, -1, 0],
  ];
  const centres = offsets.map((offset, c) => plus(offset, [0.2 * c, -0.3, 0, 0]));

  it('finds the peaks of classes, with the generator under the right label', async () => {
    const { values, confidence } = await plg
      .configure({ steps: 200, learningRate: 0.05, restarts: 2 })
      .run(
        inputFor(linearGenerator({ a, offsets, d: [0, 0, 0, 0] }), rbfTarget(centres), wanted, 4),
        context,
      );
    rowsOf(values, 4).forEach((x, i) => {
      expect(distance(x, centres[wanted[i]!]!)).toBeLessThan(0.05);
      expect(confidence[i]!).toBeGreaterThan(0.5);
    });
  });

  it('shows every record under its own label, in one batch or several', async () => {
    const many = [...new Array<number>(150).fill(0), ...new Array<number>(110).fill(1), 2];
    const { values, starts } = await plg
      .configure({ steps: 1 })
      .run(inputFor(linearGenerator({ a, offsets, d: [0, 0, 0, 0] }), rbfTarget(centres), many, 4), context);
    // The last two numbers are the label's alone.
    const shown = many.map((label) => offsets[label]!.slice(2));
    expect(rowsOf(values, 4).map((row) => row.slice(2))).toEqual(shown);
    expect(rowsOf(starts, 4).map((row) => row.slice(2))).toEqual(shown);
  });

  it('says so when it runs away', async () => {
    const running = plg
      .configure({ steps: 3, learningRate: 1e38 })
      .run(inputFor(linearGenerator({ a, offsets, d: [0, 0, 0, 0] }), rbfTarget(centres), [1], 4), context);
    await expect(running).rejects.toMatchObject({
      code: 'MLD_ATTACK_UNSUITED',
      message: expect.stringContaining('class 1'),
    });
  });

  it('refuses a target without a gradient before it searches', async () => {
    const model = new Graph('steps');
    model.output('logits', ops.Sign(model.input('x', 'float32', ['N', 4])));
    const generator = linearGenerator({ a, offsets, d: [0, 0, 0, 0] });
    const progress = () => expect.unreachable();
    const found = plg.configure().run(inputFor(generator, model, [0], 4), { ...context, progress });
    await expect(found).rejects.toMatchObject({
      code: 'MLD_ATTACK_UNSUITED',
      message: expect.stringContaining('Sign'),
    });
  });
});

describe('views', () => {
  const shape = [1, 4, 4] as const;
  const model = () => {
    const graph = new Graph('target');
    const x = graph.input('x', 'float32', ['N', ...shape]);
    const w = graph.constant(float32([16, 3], drawn(1, 'views', 16, 3).flat()));
    graph.output('logits', ops.MatMul(ops.Flatten(x), w));
    return graph;
  };
  const { space } = inputFor(linearGenerator({ a: [[1]], offsets: [[0]], d: [1] }), model(), [0], 16);
  const pictures = { ...space, recordShape: shape, features: 'image' as const };
  const rows = latentRows(Int32Array.of(2, 0), 1, 1, NAME);
  const labels = [2, 0];
  const x = float32([2, ...shape], drawn(2, 'pictures', 2, 16).flat());

  const losses = async (views: number, feeds: Readonly<Record<string, Tensor>>) => {
    const graph = new Graph('loss');
    const parts = { x: graph.input('x', 'float32', ['N', ...shape]), y: graph.input('y', 'int64', ['N']) };
    graph.output('loss', guessing(model(), pictures, views).loss(parts));
    await using session = await createSession(graph);
    const { loss } = await session.run({ x, y: int64([2], labels), ...feeds });
    return [...(loss!.data as Float32Array)];
  };

  it('count alike', async () => {
    const feeds = viewFeeds(rows, 5, 2, [4, 4]);
    const of = (view: number) => ({
      'view 0 rows': feeds[`view ${view} rows`]!,
      'view 0 columns': feeds[`view ${view} columns`]!,
    });
    const [both, one, other] = [await losses(2, feeds), await losses(1, of(0)), await losses(1, of(1))];
    both.forEach((loss, i) => {
      expect(loss).toBeCloseTo((one[i]! + other[i]!) / 2, 5);
      expect(Math.abs(one[i]! - other[i]!)).toBeGreaterThan(0.01);
    });
    expect(guessing(model(), pictures, 2).feeds?.(rows, 5)).toEqual(feeds);
  });

  it('are none where none are wanted, and of records that are no pictures', async () => {
    const plain = rowsOf(x.data as Float32Array, 16).map((row, i) => {
      const logits = times(row, drawn(1, 'views', 16, 3));
      return marginOf(Float32Array.from(logits), labels[i]!);
    });
    (await losses(0, {})).forEach((loss, i) => {
      expect(loss).toBeCloseTo(plain[i]!, 5);
    });
    expect(guessing(model(), pictures, 0).feeds).toBeUndefined();
    expect(guessing(model(), space, 2).feeds).toBeUndefined();
  });
});
