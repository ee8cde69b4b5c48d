/** Run a few values of a graph once: what tests of layers, losses and optimisers need. */
import { Graph } from '../src/graph/graph.ts';
import { copyInto } from '../src/graph/rewrites/copy.ts';
import { floats, type Tensor } from '../src/graph/tensor.ts';
import type { Value } from '../src/graph/value.ts';
import { createSession } from '../src/runtime/session.ts';

/** The tensors these values take for the given inputs. */
export const evaluateAll = async (
  values: readonly Value[],
  feeds: Readonly<Record<string, Tensor>> = {},
): Promise<Tensor[]> => {
  const graph = new Graph();
  const map = copyInto(graph, values[0]?.graph as Graph, { roots: values });
  values.forEach((value, i) => {
    graph.output(`evaluated ${i}`, map.get(value) as Value);
  });
  await using session = await createSession(graph);
  const results = await session.run(
    feeds,
    values.map((_, i) => `evaluated ${i}`),
  );
  return values.map((_, i) => results[`evaluated ${i}`] as Tensor);
};

export const evaluate = async (value: Value, feeds: Readonly<Record<string, Tensor>> = {}): Promise<Tensor> =>
  (await evaluateAll([value], feeds))[0] as Tensor;

/** Largest absolute difference; infinite when the lengths differ or something is no number. */
export const distance = (got: Tensor | ArrayLike<number>, want: ArrayLike<number>): number => {
  const values = 'dims' in got ? floats(got) : got;
  if (values.length !== want.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < want.length; i++) {
    const difference = Math.abs((values[i] as number) - (want[i] as number));
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return largest;
};
