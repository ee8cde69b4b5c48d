/** Specifications of operators that slide a window: convolutions and poolings. */
import { type Dim, opaqueDim, type Shape, showShape } from '../dim.ts';
import type { AttributeKind } from '../value.ts';
import type { Inferred, NodeView, OperatorSpec } from './infer.ts';
import { mustEqual } from './matmul.ts';

const windowAttributes = {
  auto_pad: 'string',
  dilations: 'ints',
  kernel_shape: 'ints',
  pads: 'ints',
  strides: 'ints',
} satisfies Record<string, AttributeKind>;

/** Kernel, strides, dilations and pads of a window with every default filled in. Lengths: spatial rank, pads twice that. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** All begins, then all ends. */
  readonly pads: readonly number[];
}

export const windowOf = (
  get: (name: string) => readonly number[] | undefined,
  autoPad: string,
  kernel: readonly number[],
  spatial: readonly Dim[],
): Window | undefined => {
  const rank = kernel.length;
  const strides = get('strides') ?? kernel.map(() => 1);
  const dilations = get('dilations') ?? kernel.map(() => 1);
  if (autoPad === 'NOTSET' || autoPad === '' || autoPad === 'VALID') {
    const pads = (autoPad !== 'VALID' && get('pads')) || Array.from({ length: 2 * rank }, () => 0);
    return { kernel, strides, dilations, pads };
  }
  const begin: number[] = [];
  const end: number[] = [];
  for (let i = 0; i < rank; i++) {
    const size = spatial[i];
    if (typeof size !== 'number') return undefined;
    const stride = strides[i] as number;
    const extent = ((kernel[i] as number) - 1) * (dilations[i] as number) + 1;
    const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + extent - size);
    const small = Math.floor(total / 2);
    begin.push(autoPad === 'SAME_UPPER' ? small : total - small);
    end.push(autoPad === 'SAME_UPPER' ? total - small : small);
  }
  return { kernel, strides, dilations, pads: [...begin, ...end] };
};

/** Every list of a window must have an entry per spatial axis, and steps must be steps. */
const checkWindow = (node: NodeView, rank: number): void => {
  for (const name of ['kernel_shape', 'strides', 'dilations', 'pads', 'output_padding', 'output_shape']) {
    const list = node.ints(name);
    const length = name === 'pads' ? 2 * rank : rank;
    if (list && list.length !== length) node.fail(`${name} has ${list.length} entries instead of ${length}`);
    const least = name === 'kernel_shape' || name === 'strides' || name === 'dilations' ? 1 : undefined;
    if (least && list?.some((entry) => entry < least))
      node.fail(`${name} [${list.join(', ')}] must be positive`);
  }
  if (node.int('group', 1) < 1) node.fail(`group must be positive, not ${node.int('group', 1)}`);
};

const slidOver = (
  node: NodeView,
  spatial: readonly Dim[],
  window: Window | undefined,
  ceil: boolean,
): Dim[] =>
  spatial.map((size, i) => {
    if (!window) return opaqueDim('window', size, node.name, i);
    const stride = window.strides[i] as number;
    const pads = (window.pads[i] as number) + (window.pads[i + spatial.length] as number);
    // One cell at a time, every cell once: the size stays, whatever it is.
    if (window.kernel[i] === 1 && stride === 1 && pads === 0) return size;
    if (typeof size !== 'number') return opaqueDim('window', size, node.name, i);
    const extent = ((window.kernel[i] as number) - 1) * (window.dilations[i] as number) + 1;
    const padded = size + pads;
    if (padded < extent) node.fail(`a window of ${extent} does not fit into ${padded}`);
    const steps = (padded - extent) / stride;
    let count = (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1;
    // With ceil_mode a window must still start inside the input or its leading padding.
    if (ceil && (count - 1) * stride >= size + (window.pads[i] as number)) count--;
    return count;
  });

const conv: OperatorSpec = {
  attributes: { ...windowAttributes, group: 'int' },
  arity: [2, 3],
  infer: (node) => {
    const x = node.shape(0);
    const w = node.shape(1);
    if (x.length < 3 || x.length !== w.length)
      return node.fail('input and kernel must have the same rank, 3 or more');
    checkWindow(node, x.length - 2);
    const group = node.int('group', 1);
    const [channels, perGroup, out] = [x[1] as Dim, w[1] as Dim, w[0] as Dim];
    if (typeof channels === 'number' && typeof perGroup === 'number' && channels !== perGroup * group)
      node.fail(
        `${channels} input channels against ${perGroup} per group in ${group} group${group === 1 ? '' : 's'}`,
      );
    if (typeof out === 'number' && out % group !== 0) node.fail(`${out} output channels in ${group} groups`);
    if (node.optional(2))
      mustEqual(node, (node.shape(2)[0] ?? 1) as Dim, out, 'bias length against output channels');
    const kernel = w.slice(2);
    const declared = node.ints('kernel_shape');
    if (declared && declared.join() !== kernel.join())
      node.fail(`kernel_shape [${declared.join(', ')}] against the kernel ${showShape(w)}`);
    const spatial = x.slice(2);
    const window = kernel.every((k) => typeof k === 'number')
      ? windowOf((n) => node.ints(n), node.text('auto_pad', 'NOTSET'), kernel as number[], spatial)
      : undefined;
    return [{ dtype: node.dtype(), shape: [x[0] as Dim, out, ...slidOver(node, spatial, window, false)] }];
  },
};

const convTranspose: OperatorSpec = {
  attributes: { ...windowAttributes, group: 'int', output_padding: 'ints', output_shape: 'ints' },
  arity: [2, 3],
  infer: (node) => {
    const x = node.shape(0);
    const w = node.shape(1);
    if (x.length < 3 || x.length !== w.length)
      return node.fail('input and kernel must have the same rank, 3 or more');
    checkWindow(node, x.length - 2);
    mustEqual(node, x[1] as Dim, w[0] as Dim, 'input channels against kernel');
    const perGroup = w[1] as Dim;
    const out = typeof perGroup === 'number' ? perGroup * node.int('group', 1) : perGroup;
    const kernel = w.slice(2) as number[];
    const rank = kernel.length;
    const given = node.ints('output_shape');
    const strides = node.ints('strides') ?? kernel.map(() => 1);
    const dilations = node.ints('dilations') ?? kernel.map(() => 1);
    const pads = node.ints('pads') ?? Array.from({ length: 2 * rank }, () => 0);
    const extra = node.ints('output_padding') ?? kernel.map(() => 0);
    const same = node.text('auto_pad', 'NOTSET').startsWith('SAME');
    const spatial = x.slice(2).map((size, i): Dim => {
      if (given) return given[i] as number;
      if (typeof size !== 'number') return opaqueDim('convTranspose', size, node.name, i);
      const stride = strides[i] as number;
      const extent = ((kernel[i] as number) - 1) * (dilations[i] as number) + 1;
      const full = (size - 1) * stride + (extra[i] as number) + extent;
      // Automatic padding crops, it never adds.
      return same ? Math.min(full, size * stride) : full - (pads[i] as number) - (pads[i + rank] as number);
    });
    return [{ dtype: node.dtype(), shape: [x[0] as Dim, out, ...spatial] }];
  },
};

const pooled = (node: NodeView): Shape => {
  const x = node.shape(0);
  const kernel = node.ints('kernel_shape');
  if (!kernel || x.length !== kernel.length + 2)
    return node.fail('kernel_shape must have one entry per spatial axis');
  checkWindow(node, kernel.length);
  const spatial = x.slice(2);
  const window = windowOf((n) => node.ints(n), node.text('auto_pad', 'NOTSET'), kernel, spatial);
  return [x[0] as Dim, x[1] as Dim, ...slidOver(node, spatial, window, node.int('ceil_mode', 0) === 1)];
};

export const windows = {
  Conv: conv,
  ConvTranspose: convTranspose,
  MaxPool: {
    attributes: { ...windowAttributes, ceil_mode: 'int', storage_order: 'int' },
    arity: [1, 1],
    infer: (node): Inferred[] => {
      const shape = pooled(node);
      return [
        { dtype: node.dtype(), shape },
        { dtype: 'int64', shape },
      ];
    },
  },
  AveragePool: {
    attributes: { ...windowAttributes, ceil_mode: 'int', count_include_pad: 'int' },
    arity: [1, 1],
    infer: (node) => [{ dtype: node.dtype(), shape: pooled(node) }],
  },
  GlobalAveragePool: {
    attributes: {},
    arity: [1, 1],
    infer: (node) => [{ dtype: node.dtype(), shape: node.shape().map((d, i) => (i < 2 ? d : 1)) }],
  },
  GlobalMaxPool: {
    attributes: {},
    arity: [1, 1],
    infer: (node) => [{ dtype: node.dtype(), shape: node.shape().map((d, i) => (i < 2 ? d : 1)) }],
  },
  MaxUnpool: {
    attributes: { kernel_shape: 'ints', pads: 'ints', strides: 'ints' },
    arity: [2, 3],
    infer: (node) => {
      const known = node.known(2);
      if (known) return [{ dtype: node.dtype(), shape: known }];
      const kernel = node.ints('kernel_shape') ?? [];
      checkWindow(node, node.shape().length - 2);
      const strides = node.ints('strides') ?? kernel.map(() => 1);
      const pads = node.ints('pads') ?? Array.from({ length: 2 * kernel.length }, () => 0);
      const shape = node.shape().map((size, axis): Dim => {
        const i = axis - 2;
        if (i < 0) return size;
        if (typeof size !== 'number') return opaqueDim('unpool', size, node.name, i);
        const padding = (pads[i] as number) + (pads[i + kernel.length] as number);
        return (size - 1) * (strides[i] as number) - padding + (kernel[i] as number);
      });
      return [{ dtype: node.dtype(), shape }];
    },
  },
} satisfies Record<string, OperatorSpec>;
