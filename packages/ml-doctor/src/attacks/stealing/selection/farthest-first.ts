/** Queries spread over what the copy believes: each as far as can be from all before it. */
import { setImmediate } from 'node:timers/promises';
import type { InformedInput, SelectionContext } from '../select-queries.ts';
import { consultCopy } from './consult-copy.ts';
import { unasked } from './unasked.ts';

/** Distances between two pauses: some tenths of a second. */
const DISTANCES_PER_PAUSE = 2 ** 24;

/**
 * k-centre selection of Pal et al. (ActiveThief, AAAI 2020), the greedy algorithm of Sener and Savarese (ICLR 2018,
 * algorithm 1): again and again the input whose posterior lies farthest (Euclidean) from the nearest centre, which
 * becomes a centre itself; of equally far ones the lower position. The first centres are what the copy believes of the
 * inputs asked about before. No set of as many inputs covers the pool with less than half the radius.
 *
 * Takes size · (asked + count) distances between posteriors.
 */
export const farthestFirst = async (
  input: InformedInput,
  { signal, progress }: SelectionContext,
): Promise<Uint32Array> => {
  const { size, asked, count, classes } = input;
  const rest = unasked(size, asked);
  const points = await posteriors(rest, input, { signal, progress: (done) => progress(done / 4) });
  const centres = await posteriors(asked, input, { signal, progress: (done) => progress((1 + done) / 4) });

  const total = rest.length * (asked.length + count);
  let [done, sincePause] = [0, 0];
  /** Distances keep the thread to themselves: a message to stop must have its turn. */
  const worked = async (distances: number) => {
    done += distances;
    sincePause += distances;
    if (sincePause < DISTANCES_PER_PAUSE) return;
    sincePause = 0;
    await setImmediate();
    signal.throwIfAborted();
    progress((1 + done / total) / 2);
  };

  /** Squared distance of each point to its nearest centre; −1 once it is a centre. */
  const nearest = new Float64Array(rest.length).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < asked.length; i++) {
    moveNearer(nearest, points, centres.subarray(i * classes, (i + 1) * classes));
    await worked(rest.length);
  }
  const chosen = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const place = farthest(nearest);
    chosen[i] = rest[place] as number;
    nearest[place] = -1;
    moveNearer(nearest, points, points.subarray(place * classes, (place + 1) * classes));
    await worked(rest.length);
  }
  progress(1);
  return chosen;
};

const posteriors = async (
  positions: Uint32Array,
  input: InformedInput,
  context: Parameters<typeof consultCopy>[2],
): Promise<Float32Array> => {
  const all = new Float32Array(positions.length * input.classes);
  await consultCopy(positions, input, context, (beliefs, first) => all.set(beliefs, first * input.classes));
  return all;
};

/** Squared distances to the nearest centre, once `centre` is one. */
const moveNearer = (nearest: Float64Array, points: Float32Array, centre: Float32Array): void => {
  const width = centre.length;
  for (let i = 0; i < nearest.length; i++) {
    let sum = 0;
    for (let c = 0; c < width; c++) {
      const difference = (points[i * width + c] as number) - (centre[c] as number);
      sum += difference * difference;
    }
    if (sum < (nearest[i] as number)) nearest[i] = sum;
  }
};

const farthest = (nearest: Float64Array): number => {
  let best = 0;
  for (let i = 1; i < nearest.length; i++) if ((nearest[i] as number) > (nearest[best] as number)) best = i;
  return best;
};
