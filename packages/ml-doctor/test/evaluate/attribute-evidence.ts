/** Evidence made for tests: an attribute that attack and imputation see through noise, each as clearly as told. */
import { stream } from 'onnx-grad';
import type { Guesses } from '../../src/data/guesses.ts';
import type { AttributeEvidence, Guessed } from '../../src/evaluate/attribute/evidence.ts';

export interface MadeOptions {
  readonly kind?: AttributeEvidence['attribute']['kind'];
  /** How many; 2 for a binary attribute. */
  readonly categories?: number;
  readonly members?: number;
  readonly nonMembers?: number;
  /**
   * By how many standard deviations of its noise the right category stands out, for the attack on members, for it on
   * non-members, and for the imputation. Of a continuous attribute the standard deviation of the error.
   */
  readonly attack?: number;
  readonly onNonMembers?: number;
  readonly imputation?: number;
  /** Of the attack's noise with the imputation's, 0 to 1. */
  readonly correlation?: number;
  /** The share of category 0; the others have the rest in equal parts. */
  readonly first?: number;
  readonly fromRecord?: boolean;
  readonly seed?: number;
}

export function madeEvidence(options: MadeOptions = {}): AttributeEvidence {
  const { kind = 'binary', members = 60, nonMembers = 50, seed = 0 } = options;
  const categories = kind === 'binary' ? 2 : (options.categories ?? 4);
  const attack = options.attack ?? 1;
  const attribute = {
    ...{ name: 'colour', kind },
    ...(kind !== 'continuous' && {
      categories: Array.from({ length: categories }, (_, c) => `colour ${c}`),
    }),
  };
  const make = (group: string, size: number, clear: number, firstId: number) =>
    made({ ...options, kind, categories, attack: clear }, group, size, firstId, seed);
  return {
    attribute,
    members: make('members', members, attack, 5),
    nonMembers: make('others', nonMembers, options.onNonMembers ?? attack, 5 + members),
    seed,
  };
}

type Settled = MadeOptions & Required<Pick<MadeOptions, 'kind' | 'categories' | 'attack'>>;

function made(options: Settled, group: string, size: number, firstId: number, seed: number): Guessed {
  const { kind, categories, attack, imputation = 0.5, correlation = 0.5 } = options;
  const { first = 1 / categories, fromRecord = false } = options;
  const width = kind === 'continuous' ? 1 : categories;
  const noise = (of: string) => stream(seed, 'made', group, of).normal(new Float32Array(size * width));
  const shared = noise('imputation');
  const ownPart = Math.sqrt(1 - correlation ** 2);
  const own = noise('attack').map((z, i) => correlation * shared[i]! + ownPart * z);
  const ids = Uint32Array.from({ length: size }, (_, i) => firstId + i);
  if (kind === 'continuous') {
    const truth = stream(seed, 'made', group, 'truth').normal(new Float32Array(size));
    const off = (errors: Float32Array, spread: number): Guesses => ({
      predicted: Float64Array.from(truth, (value, i) => value + spread * errors[i]!),
    });
    return {
      ...{ ids, truth, attack: off(own, attack), imputation: off(shared, imputation) },
      majority: { predicted: new Float64Array(size) },
      ...(fromRecord && { fromRecord: off(noise('record'), imputation / 2) }),
    };
  }
  const truth = Int32Array.from(stream(seed, 'made', group, 'truth').uniform(new Float64Array(size)), (u) =>
    u < first ? 0 : 1 + Math.min(categories - 2, Math.floor(((u - first) / (1 - first)) * (categories - 1))),
  );
  const seen = (z: Float32Array, clear: number) => guessesFrom(truth, categories, z, clear);
  return {
    ...{ ids, truth, attack: seen(own, attack), imputation: seen(shared, imputation) },
    majority: {
      predicted: new Int32Array(size),
      beliefs: Float64Array.from({ length: size * categories }, (_, i) =>
        i % categories === 0 ? 0.5 : 0.5 / (categories - 1),
      ),
    },
    ...(fromRecord && { fromRecord: seen(noise('record'), 2 * imputation) }),
  };
}

/** Two categories: the belief in 1 rises with one score, so that accuracy is Φ(clear/2) and AUC Φ(clear/√2). */
function guessesFrom(truth: Int32Array, categories: number, z: Float32Array, clear: number): Guesses {
  const beliefs = new Float64Array(truth.length * categories);
  const predicted = new Int32Array(truth.length);
  truth.forEach((is, i) => {
    const scores = Array.from(
      { length: categories },
      (_, c) => z[i * categories + c]! + (c === is ? clear : 0),
    );
    if (categories === 2) scores.splice(0, 2, 0, z[2 * i]! + clear * (is - 0.5));
    const powers = scores.map((score) => Math.exp(score));
    const total = powers.reduce((sum, power) => sum + power, 0);
    powers.forEach((power, c) => {
      beliefs[i * categories + c] = power / total;
    });
    predicted[i] = scores.indexOf(Math.max(...scores));
  });
  return { predicted, beliefs };
}

/** The same records in another order. */
export function reordered(guessed: Guessed, order: ArrayLike<number>): Guessed {
  const places = Array.from(order);
  const move = <T extends { slice: () => T }>(values: T, width = 1): T => {
    const moved = values.slice() as T & { [i: number]: number };
    places.forEach((from, i) => {
      for (let c = 0; c < width; c++)
        moved[i * width + c] = (values as unknown as ArrayLike<number>)[from * width + c]!;
    });
    return moved;
  };
  const guesses = ({ predicted, beliefs }: Guesses): Guesses => ({
    predicted: move(predicted as Float64Array),
    ...(beliefs && { beliefs: move(beliefs, beliefs.length / places.length) }),
  });
  return {
    ids: move(guessed.ids),
    truth: move(guessed.truth as Float32Array),
    attack: guesses(guessed.attack),
    imputation: guesses(guessed.imputation),
    majority: guesses(guessed.majority),
    ...(guessed.fromRecord && { fromRecord: guesses(guessed.fromRecord) }),
  };
}
