/** What every inversion attack must do: on a target whose confidence peaks at one picture a class. */

import { float32, Graph, ops } from 'onnx-grad';
import type {
  InversionAttack,
  InversionInput,
  Reconstructions,
} from '../../../attacks/inversion/inversion-attack.ts';
import type { Generator } from '../../../generators/generator.ts';
import { posterior } from '../../../stats/log-posterior.ts';
import type { Counted, WhiteBoxAccess } from '../../../targets/access.ts';
import { context, opened, radialModel, spaceOf, waves } from '../bench/inversion-targets.ts';
import { type Check, check, firstDifference, isAbort } from '../check.ts';
import { watched } from '../watched.ts';

export interface InversionCase {
  readonly attack: InversionAttack;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Why it cannot come near this target's pictures, when it cannot. */
  readonly blind?: string;
}

const SIZE = 12;
const PIXELS = SIZE * SIZE;
const space = spaceOf([1, SIZE, SIZE]);
const peaks = waves(3, SIZE);
const classes = peaks.length + 1;
const WANTED = [0, 0, 1, 2] as const;

/** Mixtures of the three pictures, so that each can be made: x = Σ zᵢ peakᵢ. */
const mixtures = (conditional: boolean): Generator => {
  const generator = new Graph('generator');
  const z = generator.input('z', 'float32', ['N', peaks.length]);
  const flat = generator.constant(
    float32(
      [peaks.length, PIXELS],
      peaks.flatMap((peak) => [...peak]),
    ),
  );
  let x = ops.MatMul(z, flat);
  if (conditional) {
    const y = generator.input('y', 'int64', ['N']);
    const nothing = generator.constant(float32([classes, 1], new Float32Array(classes)));
    x = ops.Add(x, ops.Gather(nothing, y));
  }
  generator.output('x', ops.Reshape(x, [-1, 1, SIZE, SIZE]));
  const discriminator = new Graph('discriminator');
  const seen = discriminator.input('x', 'float32', ['N', 1, SIZE, SIZE]);
  const score = ops.ReduceMean(ops.Flatten(seen), [1], { keepdims: true });
  discriminator.output('score', ops.Mul(score, discriminator.scalar(0)));
  return { generator, discriminator, latent: peaks.length, conditional };
};

interface Changes {
  readonly seed?: number;
  readonly signal: AbortSignal;
  readonly progress?: (fraction: number) => void;
}

interface Found extends Reconstructions {
  readonly queries: number;
  /** The target's posterior of the wanted class at each reconstruction, asked for by the contract. */
  readonly asked: readonly number[];
}

const invert = async (
  { attack, params }: InversionCase,
  wanted: readonly number[],
  changes: Changes,
): Promise<Found> => {
  const model = radialModel(space.recordShape, peaks, { scale: 4, reject: -1 });
  const { target, close } = opened(model, space, classes);
  try {
    const configured = attack.configure(params);
    const generator = configured.generator && mixtures(configured.generator.guided !== undefined);
    const found = await configured.run(
      {
        target: watched(target),
        wanted: Int32Array.from(wanted),
        space,
        population: { values: new Float32Array(0), labels: new Int32Array(0) },
        ...(generator && { generator }),
      } satisfies InversionInput<WhiteBoxAccess & Counted>,
      { ...context, ...changes },
    );
    const { queries } = target;
    const { logits } = await target.answersOf({ values: found.values, rows: wanted.length });
    const asked = wanted.map(
      (label, i) => posterior(logits.subarray(i * classes, (i + 1) * classes))[label] as number,
    );
    return { ...found, queries, asked };
  } finally {
    await close();
  }
};

const row = (values: Float32Array, i: number) => values.subarray(i * PIXELS, (i + 1) * PIXELS);
const apart = (a: Float32Array, b: Float32Array) =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0) / a.length);

export const inversionContract = (one: InversionCase): readonly Check[] => {
  let first: Promise<Found> | undefined;
  const found = (signal: AbortSignal) => {
    first ??= invert(one, WANTED, { signal });
    return first;
  };
  const { needs, generator, queries: most } = one.attack.configure(one.params);
  return [
    check(
      'gives one reconstruction for each that is wanted, beside its start, finite and within the bounds',
      async (findings, signal) => {
        const { values, starts, confidence } = await found(signal);
        for (const pictures of [values, starts]) {
          findings.must(
            pictures.length === WANTED.length * PIXELS,
            `${WANTED.length * PIXELS} values`,
            pictures.length,
          );
          findings.must(pictures.every(Number.isFinite), 'finite values', 'others');
        }
        findings.must(confidence.length === WANTED.length, `${WANTED.length} confidences`, confidence.length);
        const outside = generator ? undefined : values.find((value) => !(value >= 0 && value <= 1));
        findings.must(outside === undefined, 'values from 0 to 1', outside);
      },
    ),
    check('tells the confidence that the target has in what it gives', async (findings, signal) => {
      const { confidence, asked } = await found(signal);
      asked.forEach((own, i) => {
        findings.must(Math.abs((confidence[i] as number) - own) < 5e-5, String(own), confidence[i]);
      });
    }),
    ...(one.blind === undefined
      ? [
          check(
            'comes near the picture of the class that was asked for, from a start that was not',
            async (findings, signal) => {
              const { values, starts } = await found(signal);
              WANTED.forEach((label, i) => {
                const away = peaks.map((peak) => apart(row(values, i), peak));
                const own = away[label] as number;
                const before = apart(row(starts, i), peaks[label] as Float32Array);
                findings.must(Math.min(...away) === own, `nearest to class ${label}`, away.join());
                findings.must(own < 0.12 && own < before / 2, `within .12, and of half of ${before}`, own);
              });
            },
          ),
        ]
      : []),
    check('gives the same for the same seed, and other searches for another', async (findings, signal) => {
      const { values, starts } = await found(signal);
      const again = await invert(one, WANTED, { signal });
      const difference = firstDifference(again.values, values) ?? firstDifference(again.starts, starts);
      findings.must(difference === undefined, 'the same reconstructions again', difference);
      const other = await invert(one, WANTED, { seed: 2, signal });
      findings.must(firstDifference(other.starts, starts) !== undefined, 'other starts', 'the same');
      // Two of one class are two searches.
      findings.must(
        apart(row(starts, 0), row(starts, 1)) > 0.01,
        'two starts of one class',
        'the same twice',
      );
    }),
    check('gives a class the same reconstruction whatever else is asked for', async (findings, signal) => {
      const { values } = await found(signal);
      const away = apart((await invert(one, [1], { signal })).values, row(values, 2));
      findings.must(away < 1e-3, 'a difference below .001', away);
    }),
    check('stops when it is told to, and says how far it is before', async (findings) => {
      const stop = new AbortController();
      const told: number[] = [];
      const progress = (fraction: number) => {
        told.push(fraction);
        stop.abort();
      };
      await findings.mustThrow(
        () => invert(one, WANTED, { signal: stop.signal, progress }),
        'an AbortError',
        isAbort,
      );
      findings.must(
        told.length > 0 && told.every((share) => share >= 0 && share <= 1),
        'shares from 0 to 1',
        told.join() || 'none',
      );
    }),
    check('asks the target only where it has no weights', async (findings, signal) => {
      const { queries } = await invert(one, [0], { signal });
      if (needs.access === 'white-box') findings.must(queries === 0, 'no query', queries);
      else findings.must(queries > 0 && queries <= most, `1 to ${most} queries`, queries);
    }),
  ];
};
