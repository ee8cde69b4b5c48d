/** Which feed a failed run was about: onnxruntime names the input only sometimes. */
import type { InferenceSession } from 'onnxruntime-node';
import type { Tensor } from '../graph/tensor.ts';

type Feeds = Readonly<Record<string, Tensor>>;
type Inputs = readonly InferenceSession.ValueMetadata[];

/** A sentence about the first input that is missing or does not fit; undefined when all do. */
export const feedFault = (inputs: Inputs, feeds: Feeds): string | undefined => {
  for (const input of inputs) {
    const fault = misfit(input, feeds[input.name]);
    if (fault) return fault;
  }
  return disagreement(inputs, feeds);
};

const given = (name: string, { dims }: Tensor): string =>
  `the input '${name}' has shape [${dims.join(', ')}]`;

const misfit = (input: InferenceSession.ValueMetadata, feed: Tensor | undefined): string | undefined => {
  const { name } = input;
  if (!feed) return `the input '${name}' is missing`;
  if (!input.isTensor) return undefined;
  if (feed.dtype !== input.type) return `the input '${name}' is ${feed.dtype}, the model takes ${input.type}`;
  const { shape } = input;
  // An empty shape stands for one that is not declared as well.
  const fits =
    shape.length === 0 ||
    (shape.length === feed.dims.length &&
      shape.every((dim, axis) => typeof dim === 'string' || dim < 0 || dim === feed.dims[axis]));
  return fits ? undefined : `${given(name, feed)}, the model takes [${shape.join(', ')}]`;
};

/** Two inputs that give one symbolic dimension two sizes. */
const disagreement = (inputs: Inputs, feeds: Feeds): string | undefined => {
  const sizes = new Map<string, { size: number; by: string }>();
  for (const input of inputs) {
    if (!input.isTensor) continue;
    const feed = feeds[input.name] as Tensor;
    for (const [axis, dim] of input.shape.entries()) {
      if (typeof dim !== 'string' || dim === '') continue;
      const size = feed.dims[axis] as number;
      const seen = sizes.get(dim);
      if (seen && seen.size !== size)
        return `${given(input.name, feed)}, but '${seen.by}' has ${seen.size} where both have dimension ${dim}`;
      sizes.set(dim, { size, by: input.name });
    }
  }
  return undefined;
};
