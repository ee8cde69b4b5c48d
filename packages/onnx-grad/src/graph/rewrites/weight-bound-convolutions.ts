/** Convolutions with many weights on maps of few positions, made to read their weights once for all images. */
import { batchFirst, batchLast } from '../batch-axis.ts';
import type { Graph } from '../graph.ts';
import { type Window, windowOf } from '../infer/window.ts';
import { isWeightBound, onLiveTaps, type SizedWindow } from '../live-taps.ts';
import { Conv, Reshape, Squeeze, Unsqueeze } from '../ops/index.ts';
import type { Node, Value } from '../value.ts';
import { copyGraph } from './copy.ts';

/** A graph that computes the same up to rounding. */
export const hastenWeightBoundConvolutions = (graph: Graph): Graph =>
  copyGraph(graph, {
    node: (node, inputs) => {
      if (node.op !== 'Conv') return undefined;
      const [x, w, bias] = inputs as readonly [Value, Value, Value | undefined];
      const window = sizedWindow(node);
      const [outputs, inputsPerGroup] = w.shape as readonly number[] as [number, number];
      return window && isWeightBound(window.small, outputs, inputsPerGroup)
        ? [overAllImages(x, w, bias, window)]
        : undefined;
    },
  });

/** Of a plain convolution of pictures whose sizes are all known. */
const sizedWindow = (node: Node): SizedWindow | undefined => {
  const [x, w] = node.inputs as readonly [Value, Value];
  const sizes = [x.shape?.slice(2), w.shape, node.outputs[0]?.shape?.slice(2)];
  if (!sizes.every((dims) => dims?.every((dim) => typeof dim === 'number'))) return undefined;
  const [large, weights, small] = sizes as [number[], number[], number[]];
  if (large.length !== 2 || (node.attributes['group'] ?? 1) !== 1) return undefined;
  const window = windowOf(
    (name) => node.attributes[name] as readonly number[] | undefined,
    (node.attributes['auto_pad'] as string | undefined) ?? 'NOTSET',
    weights.slice(2),
    large,
  ) as Window;
  return { ...window, large, small };
};

/** The batch becomes a third axis of one picture, along which the kernel has one tap. */
const overAllImages = (x: Value, w: Value, bias: Value | undefined, whole: SizedWindow): Value => {
  const { w: weights, window } = onLiveTaps(w, whole);
  const [outputs, inputs] = w.shape as readonly number[] as [number, number];
  const [top, left, bottom, right] = window.pads as readonly [number, number, number, number];
  const y = Conv(
    Unsqueeze(batchLast(x), [0]),
    Reshape(weights, [outputs, inputs, ...window.kernel, 1]),
    bias,
    {
      strides: [...window.strides, 1],
      dilations: [...window.dilations, 1],
      pads: [top, left, 0, bottom, right, 0],
    },
  );
  return batchFirst(Squeeze(y, [0]));
};
