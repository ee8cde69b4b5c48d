/** Where the batch goes in operators that move, repeat or pick elements. */
import type { Dim } from '../../dim.ts';
import { Expand } from '../../ops/index.ts';
import { int64, type Tensor } from '../../tensor.ts';
import type { Value } from '../../value.ts';
import { type BatchContext, type BatchRule, batchAxis } from './context.ts';

export const transpose: BatchRule = (node) => {
  const rank = node.rank(0);
  const perm =
    (node.node.attributes['perm'] as readonly number[] | undefined) ??
    node.shape(0).map((_, i) => rank - 1 - i);
  return { axis: perm.indexOf(node.batchedAxis(0)) };
};

export const squeeze: BatchRule = (node) => {
  const rank = node.rank(0);
  const batched = node.batchedAxis(0);
  const gone = node.optional(1)
    ? node.numbers(1, 'axes').map((axis) => node.positive(axis, rank))
    : node
        .shape(0)
        .flatMap((dim, i) =>
          dim === 1 || (i === batched && node.batch.size === 1 && node.perRecord(0) === 1) ? [i] : [],
        );
  if (gone.includes(batched)) node.refuse('it removes the dimension of the batch');
  // Without axes, a batch of one would be removed too.
  const axes = node.target.constant(int64([gone.length], gone));
  return { axis: batched - gone.filter((axis) => axis < batched).length, inputs: [node.input(0), axes] };
};

export const unsqueeze: BatchRule = (node) => {
  const added = node.numbers(1, 'axes');
  const rank = node.rank(0) + added.length;
  const taken = new Set(added.map((axis) => node.positive(axis, rank)));
  const kept = Array.from({ length: rank }, (_, i) => i).filter((i) => !taken.has(i));
  return { axis: kept[node.batchedAxis(0)] };
};

/** Every part must hold the batch: a part that is the same for all records (a class token) is repeated. */
export const concat: BatchRule = (node) => {
  const first = node.inputs.findIndex((_, i) => node.axis(i) !== undefined);
  const batched = node.batchedAxis(first);
  const rank = node.rank(first);
  if (node.positive(node.int('axis', 0), rank) === batched) node.refuse('it joins batches');
  const inputs = node.inputs.map((input, i) => {
    if (node.axis(i) !== undefined) {
      if (node.axis(i) !== batched || node.perRecord(i) !== node.perRecord(first))
        node.refuse('its inputs hold the batch in different dimensions');
      return input;
    }
    const dim = node.shape(i)[batched] as Dim;
    const row = dim === 1 ? node.input(i) : node.bakedRow(node.input(i), batched, dim, node.perRecord(first));
    if (node.perRecord(first) !== 1) node.refuse(`'${row.name}' cannot be repeated for every record`);
    return repeated(node, row, node.input(first), batched);
  });
  return { axis: batched, inputs };
};

const repeated = (node: BatchContext, row: Value, like: Value, axis: number): Value => {
  const one = (count: number): Value =>
    node.target.constant(
      int64(
        [count],
        Array.from({ length: count }, () => 1),
      ),
    );
  const size = node.target.node('Shape', [like], { start: axis, end: axis + 1 })[0] as Value;
  const after = node.rank(0) - axis - 1;
  const parts = [...(axis > 0 ? [one(axis)] : []), size, ...(after > 0 ? [one(after)] : [])];
  const shape = parts.length === 1 ? size : (node.target.node('Concat', parts, { axis: 0 })[0] as Value);
  return Expand(row, shape);
};

/** A slice may name the batch only to take all of it. */
export const slice: BatchRule = (node) => {
  const starts = node.numbers(1, 'starts');
  const ends = node.numbers(2, 'ends');
  const rank = node.rank(0);
  const batched = node.batchedAxis(0);
  const axes = node.optional(3)
    ? node.numbers(3, 'axes').map((axis) => node.positive(axis, rank))
    : starts.map((_, i) => i);
  const steps = node.optional(4) ? node.numbers(4, 'steps') : starts.map(() => 1);
  const at = axes.indexOf(batched);
  if (at < 0) return { axis: batched };
  const size = node.batch.size;
  const [start, end] = [starts[at] as number, ends[at] as number];
  const everything =
    start === 0 &&
    steps[at] === 1 &&
    (end >= 2 ** 31 - 1 || (size !== undefined && node.perRecord(0) === 1 && end >= size));
  if (!everything) node.refuse('it takes part of the batch');
  const kept = axes.map((_, i) => i).filter((i) => i !== at);
  if (kept.length === 0)
    return { axis: batched, op: 'Reshape', inputs: [node.input(0), sameShape(node)], attributes: {} };
  const pick = (values: readonly number[]) =>
    node.target.constant(
      int64(
        [kept.length],
        kept.map((i) => values[i] as number),
      ),
    );
  return { axis: batched, inputs: [node.input(0), pick(starts), pick(ends), pick(axes), pick(steps)] };
};

const sameShape = (node: BatchContext): Value =>
  node.target.constant(
    int64(
      [node.rank(0)],
      node.shape(0).map(() => 0),
    ),
  );

export const pad: BatchRule = (node) => {
  node.requireUnbatched(...[1, 2, 3].filter((i) => node.optional(i)));
  const rank = node.rank(0);
  const pads = node.numbers(1, 'pads');
  const axes = node.optional(3)
    ? node.numbers(3, 'axes').map((axis) => node.positive(axis, rank))
    : node.shape(0).map((_, i) => i);
  const at = axes.indexOf(node.batchedAxis(0));
  if (at >= 0 && (pads[at] !== 0 || pads[at + axes.length] !== 0)) node.refuse('it pads the batch');
  return { axis: node.batchedAxis(0) };
};

export const gather: BatchRule = (node) => {
  const axis = node.positive(node.int('axis', 0), node.rank(0));
  const [data, indices] = [node.axis(0), node.axis(1)];
  if (data !== undefined && indices !== undefined) return node.refuse('data and indices both hold the batch');
  if (data === undefined) return { axis: axis + (indices as number) };
  if (axis === data) node.refuse('it picks records out of the batch');
  return { axis: data < axis ? data : data + node.rank(1) - 1 };
};

export const gatherElements: BatchRule = (node) => {
  const batched = node.batchedAxis(0);
  if (node.axis(1) !== batched || node.positive(node.int('axis', 0), node.rank(0)) === batched)
    node.refuse('it picks across the batch');
  return { axis: batched };
};

export const oneHot: BatchRule = (node) => {
  node.requireUnbatched(1, 2);
  const batched = node.batchedAxis(0);
  const axis = node.positive(node.int('axis', -1), node.rank(0) + 1);
  return { axis: batched < axis ? batched : batched + 1 };
};

/** A target that names the baked batch is written with a 1 there, which keeps the input's dimension. */
export const expand: BatchRule = (node) => {
  node.requireUnbatched(1);
  const known = node.optional(1)?.known;
  if (!known) return node.refuse('its target shape is computed in a way that cannot be followed');
  const rank = Math.max(known.length, node.rank(0));
  const axis = node.batchedAxis(0) + rank - node.rank(0);
  const at = axis - (rank - known.length);
  const wanted = at < 0 ? 1 : (known[at] as Dim);
  if (wanted === 1 || batchAxis([wanted]) === 0) return { axis };
  if (typeof wanted !== 'number' || node.perRecord(0) !== 1 || !node.batch.settle(wanted))
    return node.refuse(`it repeats the batch ${wanted} times`);
  const target = known.map((dim, i) => (i === at ? 1 : dim));
  if (target.some((dim) => typeof dim !== 'number')) return node.refuse('its target shape is not known');
  return { axis, inputs: [node.input(0), node.target.constant(int64([target.length], target as number[]))] };
};

export const tile: BatchRule = (node) => {
  const batched = node.batchedAxis(0);
  if (node.numbers(1, 'repeats')[batched] !== 1) node.refuse('it repeats the batch');
  return { axis: batched };
};

export const resize: BatchRule = (node) => {
  const rank = node.rank(0);
  const batched = node.batchedAxis(0);
  const axes =
    (node.node.attributes['axes'] as readonly number[] | undefined)?.map((axis) =>
      node.positive(axis, rank),
    ) ?? node.shape(0).map((_, i) => i);
  const at = axes.indexOf(batched);
  if (at < 0) return { axis: batched };
  const sizes = node.optional(3);
  if (!sizes) {
    const scales = node.optional(2);
    const stored =
      scales &&
      (scales.node?.op === 'Constant'
        ? (scales.node.attributes['value'] as Tensor)
        : node.target.initializers.get(scales.name));
    if (stored?.data[at] !== 1) node.refuse('it may resize the batch');
    return { axis: batched };
  }
  const known = sizes.known;
  const size = known?.[at];
  if (known && size !== undefined && batchAxis([size]) === 0) return { axis: batched };
  if (node.perRecord(0) !== 1 || typeof size !== 'number' || !node.batch.settle(size))
    return node.refuse('it resizes the batch');
  const others = axes.map((_, i) => i).filter((i) => i !== at);
  const rest = others.map((i) => (known as readonly Dim[])[i]);
  if (rest.some((dim) => typeof dim !== 'number')) return node.refuse('its sizes are not known');
  return {
    axis: batched,
    inputs: [
      node.input(0),
      node.optional(1) ?? null,
      null,
      node.target.constant(int64([rest.length], rest as number[])),
    ],
    attributes: { ...node.node.attributes, axes: others.map((i) => axes[i] as number) },
  };
};
