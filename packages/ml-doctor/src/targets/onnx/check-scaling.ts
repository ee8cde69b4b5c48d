/** Whether records are scaled as the model expects them: other common scalings are tried on some of them. */
import { batch, type Dataset, type Normalisation } from '../../data/dataset.ts';
import { binomialAtLeast } from '../../stats/binomial.ts';
import { standardScalings } from './standard-scalings.ts';

/** `(value · scale − mean[c]) / std[c]` of the raw values. */
export interface Scaling {
  readonly name: string;
  readonly scale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export interface ScalingCheck {
  /** Right answers with the declared scaling, of so many records. */
  readonly declared: { readonly right: number; readonly records: number };
  readonly tried: readonly { readonly scaling: Scaling; readonly right: number }[];
  /** One that is right significantly more often on the same records (paired exact test, corrected for the number tried). */
  readonly better?: { readonly scaling: Scaling; readonly right: number; readonly pValue: number };
}

/** At most so many are asked about, evenly over those given: the shares of the sides stay what they are. */
const ASKED = 500;
/** Chance, over all scalings tried, to stop a run whose scaling is right. */
const ERROR = 0.01;
/** A scaling that is less better than this is not worth a stop, however sure. */
const LEAST_GAIN = 0.02;

/**
 * Asks about at most 500 of the records, which should be half members where there are as many. A scaling is better by
 * McNemar's exact test (Psychometrika 12, 1947; one-sided, of the records that exactly one of both gets right), times the
 * number of scalings tried (Bonferroni), at 1 %, and by at least 2 points.
 *
 * @param answers labels predicted for inputs, `rows × record length`, channels first
 */
export async function checkScaling({
  data,
  records,
  answers,
}: {
  readonly data: Dataset;
  readonly records: Uint32Array;
  readonly answers: (inputs: { readonly values: Float32Array; readonly rows: number }) => Promise<Int32Array>;
}): Promise<ScalingCheck> {
  const asked = spread(records, ASKED);
  const right = async (normalisation: Normalisation): Promise<Uint8Array> => {
    const { x, y } = batch({ ...data, normalisation }, asked);
    const labels = await answers({ values: x, rows: asked.length });
    return Uint8Array.from(asked, (_, i) => (labels[i] === y[i] ? 1 : 0));
  };
  const declared = await right(data.normalisation);
  const tried: { scaling: Scaling; right: number; pValue: number }[] = [];
  const others = standardScalings(data, asked);
  for (const scaling of others) {
    const other = await right(scaling);
    const onlyOther = count(asked.length, (i) => other[i] === 1 && declared[i] === 0);
    const onlyDeclared = count(asked.length, (i) => other[i] === 0 && declared[i] === 1);
    const chance = binomialAtLeast(onlyOther, onlyOther + onlyDeclared, 0.5);
    tried.push({ scaling, right: sum(other), pValue: Math.min(1, chance * others.length) });
  }
  const known = sum(declared);
  const better = tried
    .filter(({ right, pValue }) => pValue <= ERROR && right - known >= LEAST_GAIN * asked.length)
    .reduce<(typeof tried)[number] | undefined>(
      (best, one) => (best && best.right >= one.right ? best : one),
      undefined,
    );
  return {
    declared: { right: known, records: asked.length },
    tried: tried.map(({ scaling, right }) => ({ scaling, right })),
    ...(better && { better }),
  };
}

const spread = (records: Uint32Array, most: number): Uint32Array =>
  records.length <= most
    ? records
    : Uint32Array.from(
        { length: most },
        (_, i) => records[Math.floor((i * records.length) / most)] as number,
      );

const sum = (ones: Uint8Array): number => ones.reduce((total, one) => total + one, 0);

const count = (length: number, holds: (i: number) => boolean): number => {
  let total = 0;
  for (let i = 0; i < length; i++) if (holds(i)) total++;
  return total;
};
