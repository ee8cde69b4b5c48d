/** Gradients of convolutions. */
import type { Dim } from '../../graph/dim.ts';
import { type Window, windowOf } from '../../graph/infer/window.ts';
import type { SizedWindow } from '../../graph/live-taps.ts';
import { Conv, ReduceSum } from '../../graph/ops/index.ts';
import type { Value } from '../../graph/value.ts';
import type { GradientRule, RuleContext } from '../rule.ts';
import { convAttributes, convInputGradient } from './conv-input.ts';
import { convWeightGradient } from './conv-weight.ts';

/**
 * Everything about a convolution its gradients need, with defaults filled in and sizes known. The larger side is Conv's
 * input and ConvTranspose's output.
 */
export interface ConvGeometry extends SizedWindow {
  readonly group: number;
}

const spatialSizes = (c: RuleContext, value: Value): number[] => {
  const sizes = c.shape(value).slice(2);
  if (!sizes.every((size) => typeof size === 'number'))
    return c.refuse(
      `the height and width of '${value.name}' are not known before running`,
      'Fix the image size in the model (only the batch size may stay open).',
    );
  return sizes as number[];
};

const kernelSizes = (c: RuleContext): number[] => {
  const shape = c.shape(c.x(1));
  if (!shape.every((size) => typeof size === 'number'))
    return c.refuse(`the shape of its weights '${c.x(1).name}' is not known before running`);
  return (shape as number[]).slice(2);
};

export const convGeometry = (c: RuleContext): ConvGeometry => {
  const large = spatialSizes(c, c.x(0));
  const window = windowOf(
    (name) => c.ints(name),
    c.text('auto_pad', 'NOTSET'),
    kernelSizes(c),
    large,
  ) as Window;
  return { ...window, group: c.int('group', 1), large, small: spatialSizes(c, c.y) };
};

const spatialAxes = (rank: number): number[] => [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2)];

export const convBiasGradient = (dy: Value): Value =>
  ReduceSum(dy, spatialAxes((dy.shape as readonly Dim[]).length), { keepdims: false });

const conv: GradientRule = (c) => {
  const geometry = convGeometry(c);
  return [
    c.wants(0) ? convInputGradient(c.dy, c.x(1), geometry) : null,
    c.wants(1) ? convWeightGradient(c.x(0), c.dy, c.x(1), geometry) : null,
    c.wants(2) ? convBiasGradient(c.dy) : null,
  ];
};

/** The transpose swaps the roles: its output is the large side, its input the small one. */
export const transposedGeometry = (c: RuleContext): ConvGeometry => {
  const large = spatialSizes(c, c.y);
  const small = spatialSizes(c, c.x(0));
  const kernel = kernelSizes(c);
  const strides = c.ints('strides') ?? kernel.map(() => 1);
  const dilations = c.ints('dilations') ?? kernel.map(() => 1);
  return {
    kernel,
    strides,
    dilations,
    pads: transposePads(c, kernel, strides, dilations, large, small),
    group: c.int('group', 1),
    large,
    small,
  };
};

const convTranspose: GradientRule = (c) => {
  const geometry = transposedGeometry(c);
  return [
    c.wants(0) ? Conv(c.dy, c.x(1), undefined, convAttributes(geometry)) : null,
    c.wants(1) ? convWeightGradient(c.dy, c.x(0), c.x(1), geometry) : null,
    c.wants(2) ? convBiasGradient(c.dy) : null,
  ];
};

const transposePads = (
  c: RuleContext,
  kernel: readonly number[],
  strides: readonly number[],
  dilations: readonly number[],
  large: readonly number[],
  small: readonly number[],
): readonly number[] => {
  const mode = c.text('auto_pad', 'NOTSET');
  if (!c.ints('output_shape') && (mode === 'NOTSET' || mode === '' || mode === 'VALID'))
    return c.ints('pads') ?? Array.from({ length: 2 * kernel.length }, () => 0);
  const extra = c.ints('output_padding') ?? kernel.map(() => 0);
  const begin: number[] = [];
  const end: number[] = [];
  kernel.forEach((size, i) => {
    const extent = (size - 1) * (dilations[i] as number) + 1;
    const full = ((small[i] as number) - 1) * (strides[i] as number) + (extra[i] as number) + extent;
    const total = Math.max(0, full - (large[i] as number));
    const half = Math.floor(total / 2);
    begin.push(mode === 'SAME_UPPER' ? half : total - half);
    end.push(mode === 'SAME_UPPER' ? total - half : half);
  });
  return [...begin, ...end];
};

export const convRules = { Conv: conv, ConvTranspose: convTranspose } satisfies Record<string, GradientRule>;
