/** Group normalisation in place of batch normalisation, which lets the records of a batch meet. */
import { OnnxGradError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { copyGraph } from '../graph/rewrites/copy.ts';
import type { Node, Value } from '../graph/value.ts';
import { normaliseGroups } from './layers.ts';

export interface ReplaceBatchNormOptions {
  /** At most so many groups a layer, 32 by default (Wu & He 2018, section 3.1). */
  readonly groups?: number;
}

/** With one channel a group it would be instance normalisation, which forgets how strong each channel is. */
const fewestChannels = 4;

/**
 * The same model with every BatchNormalization replaced by group normalisation (Wu & He 2018), as private training
 * needs. Scales and biases stay, with their names and as trainable as they were; running statistics go. The groups are the largest
 * divisor of the channels that is at most `groups` and leaves 4 channels in each; channels without positions, behind a
 * dense layer, are one group. It computes another function: train it anew.
 * @throws OG_BAD_ARGUMENT, OG_SHAPE_MISMATCH where a size other than the batch's is open, OG_NOT_TRAINABLE where more
 *   than the normalised values of a BatchNormalization are read
 */
export const replaceBatchNorm = (model: Graph, { groups = 32 }: ReplaceBatchNormOptions = {}): Graph => {
  if (!Number.isInteger(groups) || groups < 1)
    throw new OnnxGradError('OG_BAD_ARGUMENT', `groups is ${groups}`, 'Pass a whole number from 1.');
  refuseStatistics(model);
  const replaced = copyGraph(model, {
    node: (node, inputs) => {
      if (node.op !== 'BatchNormalization') return undefined;
      const [x, scale, bias] = inputs as readonly [Value, Value, Value];
      const epsilon = (node.attributes['epsilon'] as number | undefined) ?? 1e-5;
      return [normaliseGroups(x, scale, bias, { name: node.name, groups: groupsOf(x, groups), epsilon })];
    },
  });
  // A copy holds what is read: the running statistics are so no longer.
  return copyGraph(replaced);
};

const groupsOf = (x: Value, most: number): number => {
  const [, channels, ...size] = x.shape ?? [];
  // An open number of channels is refused where it is normalised.
  if (typeof channels !== 'number' || size.every((positions) => positions === 1)) return 1;
  let found = 1;
  for (let groups = 1; groups <= Math.min(most, channels / fewestChannels); groups++)
    if (channels % groups === 0) found = groups;
  return found;
};

const refuseStatistics = (model: Graph): void => {
  const statistics = new Map<Value, Node>();
  for (const node of model.nodes)
    if (node.op === 'BatchNormalization')
      for (const value of node.outputs.slice(1)) statistics.set(value, node);
  const read = [...model.nodes.flatMap((node) => node.inputs), ...model.outputs.values()];
  const reader = read.map((value) => value && statistics.get(value)).find((node) => node);
  if (reader)
    throw new OnnxGradError(
      'OG_NOT_TRAINABLE',
      `the statistics of BatchNormalization '${reader.name}' are read by the model itself`,
      'Export the model for inference, where batch normalisation has one output.',
    );
};
