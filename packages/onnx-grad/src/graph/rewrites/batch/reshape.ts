/** Reshape and Flatten: which output dimension holds the batch, and a target that says so for every batch size. */
import { type Dim, divideDims, multiplyDims, type Shape, showShape, sizeOf } from '../../dim.ts';
import { int64 } from '../../tensor.ts';
import { type BatchContext, batchSymbol, mentionsBatch, type Plan } from './context.ts';

/**
 * Elements lie in row-major order, so the batch goes to the dimension before which there are as many positions as
 * there were before it: the first such one that a whole number of batches fits into.
 */
const placeOf = (context: BatchContext, before: Dim, baked: readonly Dim[], size: number): number => {
  let prefix: Dim = 1;
  for (let i = 0; i < baked.length; i++) {
    const dim = baked[i] as Dim;
    if (prefix === before && divideDims(dim, size) !== undefined) return i;
    prefix = multiplyDims([prefix, dim]);
  }
  return context.refuse(
    `the batch of ${size} has no dimension of its own in ${showShape(baked)} (input ${showShape(context.shape(0))})`,
  );
};

const before = (shape: Shape, axis: number): Dim => multiplyDims(shape.slice(0, axis));

/** Where the batch lies in a target that already holds for every batch size. */
const placeInDynamic = (context: BatchContext, target: readonly Dim[]): number => {
  const at = target.findIndex(mentionsBatch);
  if (before(target, at) !== before(context.shape(0), context.batchedAxis(0)))
    return context.refuse(
      `${showShape(context.shape(0))} becomes ${showShape(target)}, which mixes the records of a batch`,
    );
  return at;
};

export const reshape = (context: BatchContext): Plan => {
  context.requireUnbatched(1);
  const from = context.shape(0);
  const entries = context.input(1).known;
  if (!entries) return context.refuse('its target shape is computed in a way that cannot be followed');
  const keepsZero = context.int('allowzero', 0) === 1;
  const wanted = entries.map((dim, i) => (dim === 0 && !keepsZero ? (from[i] as Dim) : dim));
  const hole = wanted.indexOf(-1);
  const rest = multiplyDims(wanted.filter((_, i) => i !== hole));
  const record = divideDims(sizeOf(from), batchSymbol);
  if (record === undefined || record === 0)
    return context.refuse(`its input has the shape ${showShape(from)}`);

  if (wanted.some(mentionsBatch)) {
    const filled = hole < 0 ? undefined : divideDims(sizeOf(from), rest);
    return {
      axis: placeInDynamic(
        context,
        wanted.map((dim, i) => (i === hole ? (filled ?? dim) : dim)),
      ),
    };
  }
  if (hole < 0) {
    const size = divideDims(rest, record);
    if (typeof size !== 'number' || !context.batch.settle(size))
      return context.refuse(`its target ${showShape(entries)} does not fit ${showShape(from)}`);
  }
  const { size } = context.batch;
  if (size === undefined) {
    const filled = divideDims(sizeOf(from), rest);
    if (filled === undefined)
      return context.refuse(
        `its target ${showShape(entries)} does not tell which dimension is the batch of ${showShape(from)}`,
      );
    return {
      axis: placeInDynamic(
        context,
        wanted.map((dim, i) => (i === hole ? filled : dim)),
      ),
    };
  }
  const baked = wanted.map((dim, i) =>
    i === hole
      ? (divideDims(multiplyDims([record, size]), rest) ?? context.refuse('its sizes do not fit'))
      : dim,
  );
  return retarget(context, entries, baked, size, keepsZero);
};

/** The same target with the batch left open, which leaves no room for another open dimension. */
const retarget = (
  context: BatchContext,
  entries: readonly Dim[],
  baked: readonly Dim[],
  size: number,
  keepsZero: boolean,
): Plan => {
  const from = context.shape(0);
  const place = placeOf(context, before(from, context.batchedAxis(0)), baked, size);
  if (entries[place] === -1) return { axis: place };
  const open = multiplyDims([divideDims(baked[place] as Dim, size) as Dim, batchSymbol]);
  // A dimension that stays where it was is copied; then another one may stay open.
  const copied = !keepsZero && from[place] === open;
  const target = entries.map((entry, i) => {
    if (i === place) return copied ? 0 : -1;
    if (entry !== -1 || copied) return entry;
    return baked[i] as Dim;
  });
  if (target.some((dim) => typeof dim !== 'number'))
    return context.refuse(`more than one dimension of ${showShape(baked)} is open`);
  const constant = context.target.constant(int64([target.length], target as number[]));
  return {
    axis: place,
    op: 'Reshape',
    inputs: [context.input(0), constant],
    attributes: context.node.attributes,
  };
};

/** Flatten keeps its form where it puts the batch in the right place, and becomes a Reshape where it does not. */
export const flatten = (context: BatchContext): Plan => {
  const from = context.shape(0);
  const batched = context.batchedAxis(0);
  const given = context.int('axis', 1);
  const axis = given < 0 ? given + from.length : given;
  const natural = batched < axis ? 0 : 1;
  const { size } = context.batch;
  const unit = from.map((dim, i) =>
    i === batched ? multiplyDims([context.perRecord(0), size ?? batchSymbol]) : dim,
  );
  const matrix = [multiplyDims(unit.slice(0, axis)), multiplyDims(unit.slice(axis))];
  if (size === undefined) return { axis: placeInDynamic(context, matrix) };
  const place = placeOf(context, before(from, batched), matrix, size);
  if (place === natural) return { axis: place };
  const plan = retarget(context, matrix, matrix, size, false);
  return { ...plan, attributes: {} };
};
