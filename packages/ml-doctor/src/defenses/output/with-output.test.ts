/** Output defences behind models of every kind: small ones, forests, what other tools exported. */
import {
  createSession,
  decodeModel,
  encodeModel,
  type Graph,
  Graph as OnnxGraph,
  ops,
  stream,
} from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { realModels } from '../../../test/attacks/inversion/real-models.ts';
import { forestGraph } from '../../models/forest/forest-graph.ts';
import type { OutputForm } from './output-form.ts';
import { HIDDEN } from './shown-output.ts';
import { withOutput } from './with-output.ts';

const LABEL: OutputForm = { shows: 'label' };

async function answersOf(model: Graph, rows: readonly (readonly number[])[], shape?: readonly number[]) {
  await using session = await createSession(model);
  const [name = ''] = session.inputNames;
  const dims = [rows.length, ...(shape ?? [rows[0]!.length])];
  const { logits } = await session.run({
    [name]: { dtype: 'float32', dims, data: Float32Array.from(rows.flat()) },
  });
  const [, classes = 0] = logits!.dims;
  const all = Array.from(logits!.data as Float32Array);
  return rows.map((_, i) => all.slice(i * classes, (i + 1) * classes));
}

/** The k largest posteriors by hand; the others share what is left. */
const largestOf = (row: readonly number[], k: number): number[] => {
  const weights = row.map((z) => Math.exp(z - Math.max(...row)));
  const total = weights.reduce((a, b) => a + b, 0);
  const least = [...weights].sort((a, b) => b - a)[k - 1]!;
  const left = weights.filter((w) => w < least).reduce((a, b) => a + b, 0);
  return weights.map((w) => Math.log(Math.max((w >= least ? w : left / (row.length - k)) / total, HIDDEN)));
};

const expectLogs = (found: readonly number[][], expected: readonly number[][]) =>
  found.forEach((row, i) => {
    row.forEach((log, j) => {
      expect(Math.abs(log - expected[i]![j]!)).toBeLessThan(3e-5);
    });
  });

/** Inputs and logits are the same numbers. */
const passing = (input: string, classes: number): Graph => {
  const graph = new OnnxGraph('passing');
  const x = graph.input(input, 'float32', ['N', classes]);
  // The names that the defence's own graph would take.
  const [, logits] = [graph.scalar(0, 'float64'), ops.Add(x, graph.scalar(0))];
  graph.output('logits', logits);
  return graph;
};

describe('withOutput', () => {
  it.each(['x', 'pixels'])('keeps the input %s and shows what is shown, again from a file', async (input) => {
    const model = passing(input, 4);
    const defended = withOutput(model, { shows: 'top-k', k: 2 });
    const rows = [
      [1, 2, 3, 0],
      [5, -1, 4.5, -100],
    ];
    for (const graph of [defended, decodeModel(encodeModel(defended))]) {
      expect(graph.inputs.map(({ name }) => name)).toEqual([input]);
      expect([...graph.outputs].map(([name, { shape }]) => [name, shape?.[1]])).toEqual([['logits', 4]]);
      expectLogs(
        await answersOf(graph, rows),
        rows.map((row) => largestOf(row, 2)),
      );
    }
    expect(await answersOf(model, rows)).toEqual(rows);
  });

  it('shows no inner layer that was an output, and leaves the model as it is', () => {
    const model = passing('x', 3);
    model.output('layer', ops.Relu(model.value('x')));
    expect([...withOutput(model, LABEL).outputs.keys()]).toEqual(['logits']);
    expect([...model.outputs.keys()]).toEqual(['logits', 'layer']);
  });

  it('can stand behind itself: rounding what is tempered', async () => {
    const rows = [[0, 6, 1]];
    const twice = withOutput(withOutput(passing('x', 3), { shows: 'posteriors', temperature: 5 }), {
      shows: 'posteriors',
      digits: 2,
    });
    const once = withOutput(passing('x', 3), { shows: 'posteriors', temperature: 5, digits: 2 });
    expectLogs(await answersOf(twice, rows), await answersOf(once, rows));
  });

  it('shows of a forest, whose logits may be −∞, finite numbers', async () => {
    const forest = forestGraph(
      [
        {
          features: Int32Array.of(0, -1, -1),
          thresholds: Float32Array.of(0.5, 0, 0),
          left: Int32Array.of(1, 0, 0),
          right: Int32Array.of(2, 0, 0),
          votes: {
            node: Int32Array.of(1, 2, 2),
            class: Int32Array.of(0, 1, 2),
            weight: Float32Array.of(1, 0.75, 0.25),
          },
        },
      ],
      [1],
      3,
    );
    const rows = [[0], [1]];
    expect((await answersOf(forest, rows))[0]).toEqual([
      0,
      Number.NEGATIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]);
    const file = (form: OutputForm) => decodeModel(encodeModel(withOutput(forest, form)));
    const hidden = Math.log(HIDDEN);
    expectLogs(await answersOf(file({ shows: 'top-k', k: 2 }), rows), [
      [0, hidden, hidden],
      [hidden, Math.log(0.75), Math.log(0.25)],
    ]);
    expectLogs(await answersOf(file(LABEL), rows), [
      [0, hidden, hidden],
      [hidden, 0, hidden],
    ]);
    expectLogs(await answersOf(file({ shows: 'posteriors', temperature: 2 }), [[1]]), [
      [hidden, ...[0.75, 0.25].map((p) => Math.log(Math.sqrt(p) / (Math.sqrt(0.75) + 0.5)))],
    ]);
  });

  it('refuses a model without logits of known classes', () => {
    const other = new OnnxGraph('other');
    other.output('probabilities', ops.Softmax(other.input('x', 'float32', ['N', 3])));
    const wide = new OnnxGraph('wide');
    wide.output('logits', ops.Relu(wide.input('x', 'float32', ['N', 'C'])));
    for (const [model, what] of [
      [other, 'probabilities'],
      [wide, '[N, C]'],
    ] as const)
      expect(() => withOutput(model, LABEL)).toThrow(
        expect.objectContaining({ code: 'MLD_DEFENSE_UNSUITED', message: expect.stringContaining(what) }),
      );
  });
});

describe.skipIf(realModels.length === 0)('models in shared/data/onnx (skipped: the folder is absent)', () => {
  it.each(realModels.filter(({ file }) => /^(fashion_mnist|mnist-net|cifar_base)/.test(file)))(
    '$file shows its three largest posteriors',
    async ({ model }) => {
      const graph = model();
      const shape = graph.inputs[0]!.shape!.slice(1).map(Number);
      const width = shape.reduce((a, b) => a * b, 1);
      const pixels = stream(1, 'pixels').uniform(new Float32Array(3 * width));
      const rows = [0, 1, 2].map((i) => [...pixels.subarray(i * width, (i + 1) * width)]);
      const raw = await answersOf(graph, rows, shape);
      const found = await answersOf(withOutput(graph, { shows: 'top-k', k: 3 }), rows, shape);
      expectLogs(
        found,
        raw.map((row) => largestOf(row, 3)),
      );
      expect(found.map((row) => new Set(row).size)).toEqual([4, 4, 4]);
    },
  );
});
