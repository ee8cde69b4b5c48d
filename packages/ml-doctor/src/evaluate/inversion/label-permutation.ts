/** Whether pictures lie nearer to members than chance has it: a permutation test over who is a member. */
import { stream } from 'onnx-grad';
import { clopperPearson } from '../../stats/binomial.ts';
import type { Metric } from '../../stats/metric.ts';

/** One class: equally many members and non-members, and pictures with their distances to all of them. */
export interface NeighbourClass {
  readonly each: number;
  readonly pictures: readonly {
    /** Of the class's pictures; sums to 1. */
    readonly share: number;
    /** To the `each` members, then to the `each` non-members. */
    readonly distances: Float64Array;
  }[];
}

/** Neighbours that are sorted at first; more than these are needed once in 2⁴⁷ times. */
const FIRST_NEIGHBOURS = 48;
const DRAWS = 9_999;
/** How far two sums of the same terms may differ by their order. */
const ROUNDING = 1e-12;
const WORDS = 1 << 14;

/**
 * The probability, were membership a matter of chance, that pictures lie as much nearer to members as they do. One-sided.
 *
 * The statistic is the mean over classes and their pictures of (n − m)/(n + m), m and n being the distances to the
 * nearest member and non-member: the hyperbolic tangent of half log(n/m), which keeps the order of that but is bounded,
 * so that one picture that hits a record exactly cannot outweigh all the others. Membership is permuted among the
 * records of each class while pictures and records stay as they are; so it matters neither that many pictures share
 * one neighbour nor how many pictures there are, and the test never rejects more often than its level.
 * p = (1 + b)/(1 + draws) where b draws reach what was seen (Phipson & Smyth, SAGMB 9, 2010, equation 2).
 *
 * It asks about the records, not about the pictures: ten pictures of one record are one coin toss, and so p stays
 * near 1/2.
 */
export function memberCloserTest(classes: readonly NeighbourClass[], seed: number, space: string): Metric {
  const labelled = classes.map(({ each, pictures }) => ({
    each,
    stamps: new Int32Array(2 * each),
    isMember: new Uint8Array(2 * each).fill(1, 0, each),
    // Draws follow the pictures' order, and which came first must not matter.
    pictures: pictures
      .map(({ share, distances }) => ({
        share,
        distances,
        order: nearestPlaces(distances, FIRST_NEIGHBOURS),
      }))
      .sort(byDistances),
  }));
  const nextWord = wordsOf(seed, space);
  const seen = statistic(labelled, TRUTH, nextWord);
  let reached = 0;
  for (let draw = TRUTH + 1; draw <= DRAWS; draw++)
    if (statistic(labelled, draw, nextWord) >= seen - ROUNDING) reached++;
  const value = (reached + 1) / (DRAWS + 1);
  const limits = clopperPearson(reached, DRAWS);
  return {
    value,
    low: Math.min(value, limits.low),
    high: Math.max(value, limits.high),
    method: `membership permuted within classes, ${DRAWS} draws; Clopper-Pearson for the draws`,
  };
}

/** The draw whose labels are those that the records really have. */
const TRUTH = 0;

interface Neighbours {
  readonly share: number;
  readonly distances: Float64Array;
  /** Places of the nearest ones, nearest first. */
  order: Uint32Array;
}

interface LabelledClass {
  readonly each: number;
  /** The draw in which a record got its label. */
  readonly stamps: Int32Array;
  readonly isMember: Uint8Array;
  readonly pictures: readonly Neighbours[];
}

/**
 * Draws labels without replacement, one when it is first asked for: all orders of asking give every labelling the same
 * probability.
 */
function statistic(classes: readonly LabelledClass[], draw: number, nextWord: () => number): number {
  let sum = 0;
  for (const { each, stamps, isMember, pictures } of classes) {
    let [members, left] = [each, 2 * each];
    for (const picture of pictures) {
      let { order } = picture;
      let i = 0;
      // Until there is one of the other kind.
      for (; ; i++) {
        if (i === order.length) order = allPlaces(picture);
        const record = order[i]!;
        if (stamps[record] !== draw) {
          stamps[record] = draw;
          isMember[record] = nextWord() * left < members * 2 ** 32 ? 1 : 0;
          members -= isMember[record]!;
          left--;
        }
        if (isMember[record] !== isMember[order[0]!]) break;
      }
      const near = picture.distances[order[0]!]!;
      const far = picture.distances[order[i]!]!;
      const advantage = far === 0 ? 0 : (picture.share * (far - near)) / (far + near);
      sum += isMember[order[0]!] === 1 ? advantage : -advantage;
    }
  }
  return sum / classes.length;
}

function allPlaces(picture: Neighbours): Uint32Array {
  picture.order = nearestPlaces(picture.distances, picture.distances.length);
  return picture.order;
}

function wordsOf(seed: number, space: string): () => number {
  const source = stream(seed, 'inversion', 'membership permuted', space);
  const words = new Uint32Array(WORDS);
  let used = 0;
  return () => {
    if (used % WORDS === 0) source.uint32(words, used);
    return words[used++ % WORDS]!;
  };
}

/** `count` places of the smallest distances at least, in order; equal ones by place. */
function nearestPlaces(distances: Float64Array, count: number): Uint32Array {
  const cut = distances.slice().sort()[Math.min(count, distances.length) - 1]!;
  const places: number[] = [];
  for (let i = 0; i < distances.length; i++) if (distances[i]! <= cut) places.push(i);
  return Uint32Array.from(places.sort((a, b) => distances[a]! - distances[b]! || a - b));
}

function byDistances(a: Neighbours, b: Neighbours): number {
  for (let i = 0; i < a.distances.length; i++) {
    const difference = a.distances[i]! - b.distances[i]!;
    if (difference !== 0) return difference;
  }
  return a.share - b.share;
}
