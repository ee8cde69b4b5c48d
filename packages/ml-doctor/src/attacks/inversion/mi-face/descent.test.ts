import { createSession, type Feeds, stream, type Tensor } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { context, linearModel, spaceOf } from '../../../audit/selftest/bench/inversion-targets.ts';
import { costGraph } from './cost-graph.ts';
import { type DescentOptions, descend, type Search } from './descent.ts';

const size = 6;
const space = spaceOf([size], [-1, 1]);
const weights = [0, 1, 2].map((c) => [...stream(c, 'weights').normal(new Float32Array(size))]);
const bias = [0.5, -1, 0.25];
const defaults: DescentOptions = {
  objective: 'probability',
  smoothness: 0,
  step: 'gradient',
  learningRate: 0.1,
  iterations: 300,
  patience: 20,
  threshold: 0.999,
  denoise: 0,
  clamp: true,
};

const run = { space, signal: context.signal, progress: () => {} };

/** What was fed in each run, one list of rows a run. */
const recorded = async (searches: readonly Search[], options: DescentOptions, within = space) => {
  const session = await createSession(costGraph(linearModel([size], weights, bias), within, options));
  const fed: Float32Array[][] = [];
  const spy = {
    run: (feeds: Feeds, wanted?: readonly string[]) => {
      const data = (feeds['x'] as Tensor).data as Float32Array;
      fed.push(Array.from({ length: data.length / size }, (_, i) => data.slice(i * size, (i + 1) * size)));
      return session.run(feeds, wanted);
    },
  };
  const found = await descend(searches, options, { ...run, space: within, session: spy });
  await session.dispose();
  return { fed, found };
};

/** Algorithm 1 on the linear model, row by row in plain numbers: every iterate, and their costs. */
const plainly = (start: ArrayLike<number>, label: number, options: DescentOptions, within = space) => {
  const { objective, step, learningRate, iterations, patience, threshold, clamp } = options;
  const { low, high } = within.bounds;
  const range = Array.from(low, (least, j) => high[j]! - least);
  const posteriors = (x: readonly number[]) => {
    const logits = weights.map((w, c) => w.reduce((sum, v, j) => sum + v * x[j]!, bias[c]!));
    const total = logits.reduce((sum, z) => sum + Math.exp(z), 0);
    return logits.map((z) => Math.exp(z) / total);
  };
  const costAt = (x: readonly number[]) => {
    const p = posteriors(x)[label]!;
    return objective === 'log' ? -Math.log(p) : 1 - p;
  };
  const goal = objective === 'log' ? -Math.log(threshold) : 1 - threshold;
  let x = Array.from(start);
  const iterates = [x];
  const costs = [costAt(x)];
  for (let i = 1; i <= iterations; i++) {
    const p = posteriors(x);
    const gradient = x.map((_, j) => {
      const mean = p.reduce((sum, share, c) => sum + share * weights[c]![j]!, 0);
      return -(weights[label]![j]! - mean) * (objective === 'log' ? 1 : p[label]!);
    });
    const length = Math.sqrt(gradient.reduce((sum, g, j) => sum + (g * range[j]!) ** 2, 0) / size);
    x = x.map((v, j) => {
      const by = step === 'gradient' ? gradient[j]! : (gradient[j]! / length) * range[j]! ** 2;
      const to = v - learningRate * by;
      return clamp ? Math.min(Math.max(to, low[j]!), high[j]!) : to;
    });
    iterates.push(x);
    costs.push(costAt(x));
    const now = costs[i]!;
    if (i >= patience && now >= Math.max(...costs.slice(i - patience, i)) - 1e-12) break;
    if (now <= goal) break;
  }
  return { iterates, costs };
};

describe('descend', () => {
  const start = Float32Array.of(0.25, -0.5, 0.75, 0, -0.125, 1);
  const uneven = {
    ...space,
    bounds: { low: Float32Array.of(-1, -3, -1, 0, -1, -9), high: Float32Array.of(1, 3, 7, 0.5, 1, 9) },
  };

  it.each([
    { ends: 'at the threshold', options: { clamp: false } },
    { ends: 'at the threshold of the log', options: { clamp: false, objective: 'log' as const } },
    { ends: 'when nothing is won any more, at the bounds', options: {} },
    { ends: 'after the last step', options: { iterations: 12 } },
    {
      ends: 'with steps of one length',
      options: { step: 'normalised' as const, learningRate: 0.02 },
      within: uneven,
    },
  ])('takes the steps of a plain loop, one by one: it ends $ends', async ({ options, within = space }) => {
    const given = { ...defaults, ...options };
    const { fed, found } = await recorded([{ label: 1, start }], given, within);
    const { iterates, costs } = plainly(start, 1, given, within);
    expect(fed).toHaveLength(iterates.length);
    iterates.forEach((iterate, i) => {
      iterate.forEach((value, j) => {
        const range = within.bounds.high[j]! - within.bounds.low[j]!;
        expect(Math.abs(value - fed[i]![0]![j]!), `step ${i}, place ${j}`).toBeLessThan(1e-5 * range);
      });
    });
    expect(found[0]!.steps).toBe(iterates.length - 1);
    expect(found[0]!.cost).toBeCloseTo(Math.min(...costs), 6);
    expect(found[0]!.startCost).toBeCloseTo(costs[0]!, 6);
    expect(found[0]!.reached).toBe(
      Math.min(...costs) <= (given.objective === 'log' ? -Math.log(0.999) : 0.001),
    );
    expect(fed.flat()).toContainEqual(found[0]!.values);
  });

  it('ends the searches one by one, and a row is the same to the last bit whatever goes beside it', async () => {
    const searches = [0, 1, 2, 1].map((label, i) => ({
      label,
      start: stream(i, 'start').uniform(new Float32Array(size)),
    }));
    const options = { ...defaults, clamp: false, learningRate: 0.5 };
    const { fed, found } = await recorded(searches, options);
    const rows = fed.map((one) => one.length);
    expect(rows[0]).toBe(4);
    expect(rows.at(-1)).toBeLessThan(4);
    expect(new Set(found.map(({ steps }) => steps)).size).toBeGreaterThan(2);
    found.forEach(({ steps }) => {
      const before = found.filter((other) => other.steps < steps).length;
      expect(rows[steps]).toBe(4 - before);
    });
    for (const [i, search] of searches.entries()) {
      const alone = await recorded([search], options);
      expect(alone.found[0]).toEqual(found[i]);
    }
  });

  /** Answers with these costs in turn, whatever it is asked, and a gradient of −1 in each place. */
  const scripted = (costs: readonly number[]) => {
    let asked = 0;
    return {
      run: async () => {
        const p = 1 - costs[asked++]!;
        return {
          logits: { dtype: 'float32', dims: [1, 2], data: Float32Array.of(Math.log(p / (1 - p)), 0) },
          gradient: { dtype: 'float32', dims: [1, 1], data: Float32Array.of(-1) },
        } satisfies Record<string, Tensor>;
      },
    };
  };
  const line = { ...run, space: spaceOf([1], [0, 4]) };

  it('keeps the iterate of the least cost, not the last', async () => {
    const costs = [0.9, 0.5, 0.2, 0.6, 0.4, 0.7];
    const options = { ...defaults, learningRate: 0.5, iterations: 5 };
    const [found] = await descend([{ label: 0, start: Float32Array.of(1) }], options, {
      ...line,
      session: scripted(costs),
    });
    expect(found!.values[0]).toBe(2);
    expect(found!.cost).toBeCloseTo(0.2, 6);
    expect(found!.steps).toBe(5);
  });

  it('keeps the start where every step makes it worse', async () => {
    const start = Float32Array.of(3);
    const options = { ...defaults, learningRate: 0.5, patience: 2, iterations: 50 };
    const [found] = await descend([{ label: 0, start }], options, {
      ...line,
      session: scripted([0.2, 0.3, 0.4, 0.5]),
    });
    expect(found).toMatchObject({ values: start, steps: 2, reached: false });
  });

  it('denoises after every so many steps, and keeps the bounds after that', async () => {
    const options = { ...defaults, denoise: 2, learningRate: 0, iterations: 2 };
    const shape = [1, 3, 3];
    const dot = Float32Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0);
    const fed: Float32Array[] = [];
    const session = {
      run: async (feeds: Feeds) => {
        fed.push((feeds['x'] as Tensor).data as Float32Array);
        const gradient = { dtype: 'float32', dims: [1, ...shape], data: new Float32Array(9) } as const;
        return { gradient, logits: { dtype: 'float32', dims: [1, 2], data: Float32Array.of(0, 0) } as const };
      },
    };
    await descend([{ label: 0, start: dot }], options, { ...run, space: spaceOf(shape, [0.25, 1]), session });
    expect(fed[1]).toEqual(dot.map((value) => Math.max(value, 0.25)));
    expect([...fed[2]!]).toEqual(Array(9).fill(0.25));
  });

  it('stops when told to, and tells how far it is', async () => {
    const fractions: number[] = [];
    const controller = new AbortController();
    const session = {
      run: async () => {
        if (fractions.length === 3) controller.abort(new Error('enough'));
        return scripted([0.9]).run();
      },
    };
    const options = { ...defaults, iterations: 10 };
    await expect(
      descend([{ label: 0, start: Float32Array.of(1) }], options, {
        ...line,
        session,
        signal: controller.signal,
        progress: (fraction) => fractions.push(fraction),
      }),
    ).rejects.toThrow('enough');
    expect(fractions).toEqual([0, 0.1, 0.2, 0.3]);
  });
});
