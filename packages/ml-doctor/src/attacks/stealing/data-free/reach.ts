/** Where a generator starts: records of every contrast and brightness about the middle of what a target expects. */
import {
  copyGraph,
  createSession,
  float32,
  Graph,
  int64,
  type OperatorName,
  ops,
  type SessionOptions,
  stream,
  trainingModel,
  type Value,
} from 'onnx-grad';
import type { RecordSpace } from '../../../generators/auxiliary-data.ts';
import { logOnePlus } from '../../../stats/log-posterior.ts';

/** What the last activations of a generator squash into the bounds, all places of a record. */
export const beforeSquashing = (graph: Graph): Value => {
  const squashed = new Set(
    graph.nodes
      .filter(({ op }) => op === 'Tanh' || op === 'Softmax')
      .map(({ inputs: [input] }) => {
        const part = input as Value;
        return part.node?.op === 'Slice' && part.shape?.length === 2 ? (part.node.inputs[0] as Value) : part;
      }),
  );
  const [value, ...others] = squashed;
  if (!value || others.length > 0) throw new Error('internal: a generator squashes one layer, its last');
  return value;
};

/** Deviation of what is squashed, over places and records of a first batch: most places are in use, few at a bound. */
const DEVIATION = 1.5;
/** Deviation of the shift that all places of a picture share. */
const BRIGHTNESS = 0.5;
/** Records of that first batch. */
const ROWS = 256;
/** The middle stays this far within the bounds, in shares of half their width. */
const INSIDE = 0.95;

/**
 * The same generator with what it squashes scaled and shifted, v ↦ g v + m + b z₁. The weights of a DCGAN make records
 * that are all but grey and alike, of which a target thinks the same: a discriminator would lead away from there, the
 * few steps that a budget of queries allows do not. g makes the deviation of a first batch `DEVIATION`. m puts the middle
 * at 0, the mean of the records that a target's inputs are normalised by, as far as that lies within the bounds: the
 * generator of Truong et al. normalises its pictures to mean 0 and deviation 1, to the same end. b lets the first latent
 * number darken or lighten a picture as a whole.
 */
export const withReach = async (
  generator: Graph,
  space: RecordSpace,
  seed: number,
  options: SessionOptions,
): Promise<Graph> => {
  const hidden = beforeSquashing(generator);
  const gain = DEVIATION / (await deviation(generator, seed, options));
  const picture = space.recordShape.length === 3;
  const middle = float32(picture ? space.recordShape : [space.bounds.low.length], middleOf(space));
  return copyGraph(generator, {
    node: (node, inputs, target) => {
      if (node !== hidden.node) return undefined;
      const [made] = target.node(node.op as OperatorName, inputs, node.attributes);
      const scaled = ops.Mul(made as Value, target.scalar(gain));
      const shifted = ops.Add(scaled, target.constant(middle));
      if (!picture) return [shifted];
      const first = ops.Slice(target.value('z'), { starts: [0], ends: [1], axes: [1] });
      const shift = ops.Reshape(ops.Mul(first, target.scalar(BRIGHTNESS)), [-1, 1, 1, 1]);
      return [ops.Add(shifted, shift)];
    },
  });
};

/** artanh of where 0 lies between the bounds, −1 to 1; 0 for the places of a category. */
const middleOf = ({ bounds: { low, high }, oneHot }: RecordSpace): Float32Array => {
  const middle = low.map((least, j) => {
    const most = high[j] as number;
    if (!(most > least)) return 0;
    const at = Math.min(INSIDE, Math.max(-INSIDE, -(most + least) / (most - least)));
    const size = Math.abs(at);
    return (Math.sign(at) * logOnePlus((2 * size) / (1 - size))) / 2;
  });
  for (const { first, width } of oneHot) middle.fill(0, first, first + width);
  return middle;
};

const deviation = async (generator: Graph, seed: number, options: SessionOptions): Promise<number> => {
  // As it is while it learns: normalised by the batch at hand.
  const probe = new Graph('reach');
  trainingModel(probe, generator);
  probe.output('reach::hidden', beforeSquashing(probe));
  const latent = generator.value('z').shape?.[1] as number;
  const z = stream(seed, 'reach').normal(new Float32Array(ROWS * latent));
  const session = await createSession(probe, options);
  try {
    const feeds = {
      ...Object.fromEntries(generator.initializers),
      z: float32([ROWS, latent], z),
      y: int64([ROWS], new Array<number>(ROWS).fill(0)),
    };
    const known = Object.entries(feeds).filter(([name]) => session.inputNames.includes(name));
    const made = (await session.run(Object.fromEntries(known)))['reach::hidden']?.data as Float32Array;
    let [sum, squares] = [0, 0];
    for (const value of made) sum += value;
    for (const value of made) squares += (value - sum / made.length) ** 2;
    return Math.sqrt(squares / made.length);
  } finally {
    await session.dispose();
  }
};
