/** Gradients of reading and writing at computed positions: each is the other's transpose. */
import {
  GatherElements,
  GatherND,
  ScatterElements,
  ScatterND,
  Transpose,
  Unsqueeze,
} from '../../graph/ops/index.ts';
import { type GradientRule, zerosLike } from '../rule.ts';

const gather: GradientRule = (c) => {
  const data = c.x(0);
  const rank = c.shape(data).length;
  const depth = c.shape(c.x(1)).length;
  const given = c.int('axis', 0);
  const axis = given < 0 ? given + rank : given;
  const tuples = Unsqueeze(c.x(1), [-1]);
  if (axis === 0) return [ScatterND(zerosLike(data), tuples, c.dy, { reduction: 'add' })];
  // Bring the gathered axis (in dy: the axes of the indices) to the front and back.
  const forward = [axis, ...range(rank).filter((a) => a !== axis)];
  const dyRank = rank - 1 + depth;
  const indexAxes = range(depth).map((a) => a + axis);
  const dyForward = [...indexAxes, ...range(dyRank).filter((a) => !indexAxes.includes(a))];
  const backward = range(rank).map((a) => forward.indexOf(a));
  const sum = ScatterND(Transpose(zerosLike(data), forward), tuples, Transpose(c.dy, dyForward), {
    reduction: 'add',
  });
  return [Transpose(sum, backward)];
};

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

export const indexingRules = {
  Gather: gather,
  GatherElements: (c) => [
    ScatterElements(zerosLike(c.x(0)), c.x(1), c.dy, { axis: c.int('axis', 0), reduction: 'add' }),
  ],
  GatherND: (c) => {
    if (c.int('batch_dims', 0) !== 0) return c.refuse('batch_dims is not supported');
    return [ScatterND(zerosLike(c.x(0)), c.x(1), c.dy, { reduction: 'add' })];
  },
  ScatterElements: (c) => {
    const axis = c.int('axis', 0);
    const reduction = c.text('reduction', 'none');
    if (reduction !== 'none' && reduction !== 'add')
      return c.refuse(`reduction '${reduction}' is not supported`);
    const kept = reduction === 'add' ? c.dy : ScatterElements(c.dy, c.x(1), zerosLike(c.x(2)), { axis });
    return [c.wants(0) ? kept : null, null, c.wants(2) ? GatherElements(c.dy, c.x(1), { axis }) : null];
  },
  ScatterND: (c) => {
    const reduction = c.text('reduction', 'none');
    if (reduction !== 'none' && reduction !== 'add')
      return c.refuse(`reduction '${reduction}' is not supported`);
    const kept = reduction === 'add' ? c.dy : ScatterND(c.dy, c.x(1), zerosLike(c.x(2)));
    return [c.wants(0) ? kept : null, null, c.wants(2) ? GatherND(c.dy, c.x(1)) : null];
  },
} satisfies Record<string, GradientRule>;
