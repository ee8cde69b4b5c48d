/** Random small shapes for gradient tests. */
import fc from 'fast-check';

export const size = fc.integer({ min: 1, max: 3 });

export const shape = (minRank = 0, maxRank = 3): fc.Arbitrary<number[]> =>
  fc.array(size, { minLength: minRank, maxLength: maxRank });

/** `count` shapes that broadcast together: each drops leading axes of one shape, or has 1 in their place. */
export const broadcastable = (count: number): fc.Arbitrary<number[][]> =>
  shape().chain((whole) => fc.tuple(...Array.from({ length: count }, () => broadcastingTo(whole))));

/** A shape that broadcasts to `whole`. */
export const broadcastingTo = (whole: readonly number[]): fc.Arbitrary<number[]> =>
  fc
    .tuple(fc.nat({ max: whole.length }), fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }))
    .map(([dropped, ones]) => whole.slice(dropped).map((dim, i) => (ones[i] ? 1 : dim)));

/** An axis of a shape of this rank, counted from either end. */
export const axisOf = (rank: number): fc.Arbitrary<number> => fc.integer({ min: -rank, max: rank - 1 });

/** A shape and one of its axes. */
export const shapeAndAxis = (minRank = 1, maxRank = 3): fc.Arbitrary<{ dims: number[]; axis: number }> =>
  shape(minRank, maxRank).chain((dims) => axisOf(dims.length).map((axis) => ({ dims, axis })));

/** A shape and some of its axes, each counted from either end; undefined for none given. */
export const shapeAndAxes = (
  minRank = 0,
  maxRank = 3,
): fc.Arbitrary<{ dims: number[]; axes: number[] | undefined }> =>
  shape(minRank, maxRank).chain((dims) =>
    fc
      .option(
        fc
          .subarray(dims.map((_, i) => i))
          .chain((axes) => fc.tuple(...axes.map((a) => fc.constantFrom(a, a - dims.length)))),
        { nil: undefined },
      )
      .map((axes) => ({ dims, axes: axes as number[] | undefined })),
  );
