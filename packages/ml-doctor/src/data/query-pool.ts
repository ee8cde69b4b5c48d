/** Inputs that an attacker may ask about: records of his own, those of another data set, or what he makes up. */
import { AuditError } from '../errors.ts';
import { batch, type Dataset, elements } from './dataset.ts';
import { recordDrawer } from './draw-records.ts';
import { refuseOtherShape, refuseOutside, sameShape } from './pool-fit.ts';
import { type PictureShape, pictureResizer } from './resize-pictures.ts';
import { type ValuesInMemory, valuesLike } from './values.ts';

export interface QueryPool {
  /** Inputs there are; positions go from 0. */
  readonly size: number;
  /** Of one input, as the target takes it. */
  readonly recordShape: readonly number[];
  /** `positions.length × record length`, row-major, as the target receives them (normalised). */
  readonly inputs: (positions: ArrayLike<number>) => Float32Array;
  /** The true classes, where the attacker knows them: of records of the target's own data set. */
  readonly labels?: (positions: ArrayLike<number>) => Int32Array;
}

/** Records of the target's own data set. */
export const recordPool = (data: Dataset, ids: Uint32Array): QueryPool => {
  const { length: size } = ids;
  const idsAt = (positions: ArrayLike<number>) =>
    Uint32Array.from(checked(positions, size), (position) => ids[position] as number);
  return {
    size,
    recordShape: data.recordShape,
    inputs: (positions) => batch(data, idsAt(positions)).x,
    labels: (positions) => Int32Array.from(idsAt(positions), (id) => data.y[id] as number),
  };
};

/**
 * All records of another data set, as the target would receive them: raw values under the target's normalisation.
 * `resize` fits pictures of another size or number of channels, each when it is asked for.
 * @throws {AuditError} MLD_POOL_SHAPE for records of another shape, MLD_POOL_RANGE for values outside the target's range
 */
export const otherPool = (
  home: Dataset,
  other: Dataset,
  { resize }: { readonly resize: boolean },
): QueryPool => {
  refuseOtherShape(home, other, resize);
  refuseOutside(home, other);
  const { size } = other;
  const { recordShape, normalisation } = home;
  if (sameShape(home, other))
    return { size, recordShape, inputs: (positions) => batch({ ...other, normalisation }, positions).x };
  const [from, to] = [elements(other.recordShape), elements(recordShape)];
  const resized = pictureResizer(other.recordShape as PictureShape, recordShape as PictureShape);
  const fitted = (positions: ArrayLike<number>): ValuesInMemory => {
    const count = positions.length * to;
    const x = valuesLike(other.x, count);
    for (let i = 0; i < positions.length; i++) {
      const start = (positions[i] as number) * from;
      resized(other.x.subarray(start, start + from), 0, x, i * to);
    }
    return x;
  };
  return { size, recordShape, inputs: (positions) => normalised(home, fitted(checked(positions, size))) };
};

/** Every value drawn evenly from the range of its place (bits: fair coins; categories: one at random). Same seed, same inputs. */
export const uniformPool = (home: Dataset, size: number, seed: number): QueryPool => {
  const drawn = recordDrawer(home, seed, 'uniform pool');
  return {
    size,
    recordShape: home.recordShape,
    inputs: (positions) => normalised(home, drawn(checked(positions, size))),
  };
};

/**
 * @param whose what holds the inputs, in words, as `the shadow records`
 * @throws {AuditError} MLD_POOL_SMALL naming the budget and the size
 */
export const refuseSmallPool = (size: number, budget: number, whose: string): void => {
  if (size >= budget) return;
  throw new AuditError(
    'MLD_POOL_SMALL',
    `a budget of ${budget} queries where ${whose} hold ${size} inputs, each asked about once`,
    `Lower the budgets to ${size} at most, or take a larger pool.`,
  );
};

/** Raw records, all of them, as the model receives them. */
const normalised = (home: Dataset, x: ValuesInMemory): Float32Array => {
  const size = x.length / elements(home.recordShape);
  const all = Uint32Array.from({ length: size }, (_, i) => i);
  return batch({ ...home, x, y: new Int32Array(size), size }, all).x;
};

const checked = (positions: ArrayLike<number>, size: number): ArrayLike<number> => {
  for (let i = 0; i < positions.length; i++) {
    const position = positions[i] as number;
    if (!(Number.isInteger(position) && position >= 0 && position < size))
      throw new Error(`internal: input ${position} asked of a pool of ${size}`);
  }
  return positions;
};
