import { float32, Graph, ops } from 'onnx-grad';
import { expect, it } from 'vitest';
import { context, noise, opened, span, table } from '../../../audit/selftest/bench/attribute-world.ts';
import { candidatesOf } from './candidates.ts';
import { Trials } from './try-candidates.ts';

const CLASSES = 3;
const HIDDEN = 5;
const SIZE = 60;
const COLUMNS = [
  { name: 'age' },
  { name: 'colour', categories: ['red', 'green', 'blue', 'grey', 'white'] },
  { name: 'grade', categories: ['low', 'middle', 'high'], ordered: true },
  { name: 'height' },
];
const WIDTH = 8;
const MEAN = [40, 0.2, 0.1, 0.3, 0.2, 0.2, 1, 170];
const STD = [12, 0.4, 0.3, 0.5, 0.4, 0.4, 0.8, 9];

const random = noise(1, SIZE, 3);
const colours = span(0, SIZE).map((i) => (i * 7) % 5);
const grades = span(0, SIZE).map((i) => (i * 5) % 3);
const rows = random.map(([a, h], i) => [
  40 + 12 * a!,
  ...span(0, 5).map((k) => (k === colours[i] ? 1 : 0)),
  grades[i]!,
  170 + 9 * h!,
]);
const labels = span(0, SIZE).map((i) => (i * i + i) % CLASSES);
const data = table(rows, labels, {
  columns: COLUMNS,
  oneHot: [{ first: 1, width: 5 }],
  normalisation: { scale: 1, mean: MEAN, std: STD },
});

const w1 = noise(2, HIDDEN, WIDTH);
const w2 = noise(3, CLASSES, HIDDEN);
const b2 = noise(4, 1, CLASSES)[0]!;

/** z = V tanh(W x) + b. */
const network = (last: 'dense' | 'doubled' = 'dense'): Graph => {
  const graph = new Graph('net');
  const x = graph.input('x', 'float32', ['N', WIDTH]);
  const stored = (name: string, weights: number[][]) =>
    graph.initializer(name, float32([weights.length, weights[0]!.length], weights.flat()));
  const inner = ops.Tanh(ops.Gemm(x, stored('fc1.weight', w1), undefined, { transB: 1 }));
  const b = graph.initializer('fc2.bias', float32([CLASSES], b2));
  const logits = ops.Gemm(inner, stored('fc2.weight', w2), b, { transB: 1 });
  graph.output('logits', last === 'dense' ? logits : ops.Mul(logits, graph.scalar(2)));
  return graph;
};

/** The same by hand, in double precision, from the record as people write it and the weights of the last layer. */
const lossOf = (raw: readonly number[], label: number, v = w2, b = b2): number => {
  const x = raw.map((value, j) => (value - MEAN[j]!) / STD[j]!);
  const h = w1.map((row) => Math.tanh(row.reduce((sum, w, j) => sum + w * x[j]!, 0)));
  const z = v.map((row, c) => b[c]! + row.reduce((sum, w, j) => sum + w * h[j]!, 0));
  return Math.log(z.reduce((sum, own) => sum + Math.exp(own - z[label]!), 0));
};

const STEP = 1e-5;
const slopeOf = (f: (by: number) => number) => (f(STEP) - f(-STEP)) / (2 * STEP);

const places = { age: [0, 1], colour: [1, 5], grade: [6, 1] } as const;
type Name = keyof typeof places;

/** A record with other raw values in the attribute's places. */
const withRaw = (i: number, name: Name, values: readonly number[]) => {
  const raw = [...rows[i]!];
  raw.splice(places[name][0], places[name][1], ...values);
  return raw;
};

const rawOf: { readonly [N in Name]: (value: number) => number[] } = {
  age: (value) => [value],
  colour: (value) => span(0, 5).map((k) => (k === value ? 1 : 0)),
  grade: (value) => [value],
};

const tried = async (attribute: Name, model = network()) => {
  const { input, close } = opened({ data, attribute, model, known: [], asked: span(0, SIZE) });
  const candidates = candidatesOf(input, 7);
  const trials = await Trials.open(input, candidates, context);
  const fractions: number[] = [];
  const found = await trials.try(input.asked, (fraction) => fractions.push(fraction));
  await trials.dispose();
  await close();
  return { ...found, values: candidates.values, fractions };
};

it.each(['age', 'colour', 'grade'] as const)(
  'finds loss, gap and slopes of every value of %s as differences of the loss have them',
  async (name) => {
    const { values, losses, gaps, slopes, norms, fractions } = await tried(name);
    expect(values).toHaveLength({ age: 7, colour: 5, grade: 3 }[name]);
    if (name === 'age') {
      const ages = rows.map((row) => Math.fround(row[0]!));
      expect([values[0], values.at(-1)]).toEqual([Math.min(...ages), Math.max(...ages)]);
    }
    expect(losses).toHaveLength(SIZE * values.length);
    // More than one run of 256 pairs.
    if (name !== 'grade') expect(fractions).toHaveLength(2);
    expect(fractions.at(-1)).toBe(1);
    let largest = 0;
    for (let i = 0; i < SIZE; i++) {
      const label = labels[i]!;
      values.forEach((value, k) => {
        const at = i * values.length + k;
        const own = rawOf[name](value);
        const raw = withRaw(i, name, own);
        expect(losses[at]).toBeCloseTo(lossOf(raw, label), 4);
        // What the way to another value promises: minus the derivative along it, over the whole way.
        const promises = values.map((other) => {
          const to = rawOf[name](other);
          const along = (by: number) => own.map((x, j) => x + by * (to[j]! - x));
          return -slopeOf((by) => lossOf(withRaw(i, name, along(by)), label));
        });
        expect(gaps[at]).toBeCloseTo(Math.max(...promises), 3);
        expect(gaps[at]).toBeGreaterThanOrEqual(0);
        largest = Math.max(largest, gaps[at]!);
        if (name === 'age') {
          const slope = slopeOf((by) => lossOf(withRaw(i, name, [value + by]), label));
          expect(slopes[at]).toBeCloseTo(slope, 4);
        }
        if (i % 10 > 0) return;
        let squares = 0;
        for (let c = 0; c < CLASSES; c++) {
          const nudged = (by: number) => b2.map((b, k) => (k === c ? b + by : b));
          squares += slopeOf((by) => lossOf(raw, label, w2, nudged(by))) ** 2;
          for (let j = 0; j < HIDDEN; j++) {
            const moved = (by: number) =>
              w2.map((row, r) => row.map((w, s) => (r === c && s === j ? w + by : w)));
            squares += slopeOf((by) => lossOf(raw, label, moved(by))) ** 2;
          }
        }
        expect(norms![at]).toBeCloseTo(Math.sqrt(squares), 4);
      });
    }
    expect(largest).toBeGreaterThan(0.5);
  },
);

it('does without the norm where the logits come from no dense layer', async () => {
  const { norms, losses, gaps } = await tried('colour', network('doubled'));
  expect(norms).toBeUndefined();
  const doubled = w2.map((row) => row.map((w) => 2 * w));
  const bias = b2.map((b) => 2 * b);
  const raw = withRaw(0, 'colour', rawOf.colour(3));
  expect(losses[3]).toBeCloseTo(lossOf(raw, labels[0]!, doubled, bias), 4);
  expect(gaps.some((gap) => gap > 0.5)).toBe(true);
});

it('takes no notice of what the rest of a record holds in the place of the attribute', async () => {
  const { input, close } = opened({ data, attribute: 'colour', model: network(), known: [], asked: [4, 9] });
  const trials = await Trials.open(input, candidatesOf(input), context);
  const clean = await trials.try(input.asked, () => {});
  const rest = () => {
    const all = input.asked.rest();
    for (const start of [0, WIDTH]) all.fill(1e3, start + 1, start + 6);
    return all;
  };
  const soiled = await trials.try({ ...input.asked, rest }, () => {});
  await trials.dispose();
  await close();
  expect(soiled).toEqual(clean);
});
