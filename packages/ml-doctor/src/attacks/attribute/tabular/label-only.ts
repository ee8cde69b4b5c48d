/**
 * LOMIA, the label-only attack of Mehnaz et al. (USENIX Security 2022): the model is asked about the record with every
 * candidate in it. Where one candidate alone is answered with the true label, it is guessed; from these records and their
 * guesses a model is learnt, which guesses the others from the rest of the record and the label.
 */
import type { AttributeEditor } from '../../../data/attribute-places.ts';
import type { Guesses } from '../../../data/guesses.ts';
import { bestPredictor } from '../../../models/predictor/best-predictor.ts';
import { rowsAt } from '../../../models/predictor/record-rows.ts';
import type { Counted, LiveLabelAccess } from '../../../targets/access.ts';
import type { AttackContext } from '../../attack-context.ts';
import type { AttributeGuesses, AttributeInput } from '../attribute-attack.ts';
import { drawn, largestPlaces, weightedMedian } from '../choose.ts';
import { evenCandidates } from '../even-candidates.ts';
import { alikeNote, alikeRows } from './alike.ts';
import { askLabels } from './ask-candidates.ts';
import { featureRows } from './features.ts';

/** Fewer records than this teach a model nothing that their frequencies do not say. */
const LEAST_EXAMPLES = 30;

type Input = AttributeInput<LiveLabelAccess & Counted> & { readonly editor: AttributeEditor };

/** Of records with a single candidate that fits, the belief in it is 1. */
export const labelOnly = async (
  input: Input,
  { bins }: { readonly bins: number },
  context: AttackContext,
): Promise<AttributeGuesses> => {
  const { target, attribute, range, asked, editor } = input;
  const { ids, labels } = asked.records;
  const values = evenCandidates({ attribute, range }, bins);
  const answers = await askLabels(
    { asked, editor, values, signal: context.signal, progress: (done) => context.progress(done / 2) },
    (inputs) => target.labelsOf(inputs),
  );
  const single = singleFits(answers, labels, values.length);
  const settled = placesWhere(single, (fit) => fit >= 0);
  const others = placesWhere(single, (fit) => fit < 0);
  const fits = settled.map((i) => single[i] as number);
  const { guesses, note } = await guessOthers(input, values, { settled, fits, others }, context);

  const notes = [note, ...alikeNote(alikeRows(answers, values.length), ids.length, attribute.name)];
  if (!attribute.categories) {
    const predicted = Float64Array.from(single, (fit) => values[fit] ?? 0);
    for (const [at, i] of others.entries()) predicted[i] = guesses.predicted[at] as number;
    return { predicted, notes };
  }
  const predicted = Int32Array.from(single);
  const beliefs = new Float64Array(ids.length * values.length);
  for (const i of settled) beliefs[i * values.length + (single[i] as number)] = 1;
  const learnt = guesses.beliefs as Float64Array;
  for (const [at, i] of others.entries()) {
    predicted[i] = guesses.predicted[at] as number;
    beliefs.set(learnt.subarray(at * values.length, (at + 1) * values.length), i * values.length);
  }
  return { predicted, beliefs, notes };
};

/** The one candidate that a record is answered with its label for; −1 where none is or several are. */
const singleFits = (answers: Int32Array, labels: Int32Array, candidates: number): Int32Array =>
  Int32Array.from(labels, (label, i) => {
    const own = answers.subarray(i * candidates, (i + 1) * candidates);
    const first = own.indexOf(label);
    return first === own.lastIndexOf(label) ? first : -1;
  });

const placesWhere = (single: Int32Array, holds: (fit: number) => boolean): readonly number[] =>
  Array.from(single, (_, i) => i).filter((i) => holds(single[i] as number));

interface Parted {
  /** Places of the records with a single fit, and that fit. */
  readonly settled: readonly number[];
  readonly fits: readonly number[];
  /** Places of the other records, whom the guesses are about. */
  readonly others: readonly number[];
}

const guessOthers = async (
  { target, attribute, asked }: Input,
  values: readonly number[],
  parted: Parted,
  { seed, threads, device, signal, progress }: AttackContext,
): Promise<{ readonly guesses: Guesses; readonly note: string }> => {
  const { settled, fits, others } = parted;
  const of = asked.records.ids.length;
  const found = `With one value of '${attribute.name}' alone the model predicted the true label of ${settled.length} of ${of} records`;
  if (others.length === 0) {
    progress(1);
    const none = { predicted: new Int32Array(0), beliefs: new Float64Array(0) };
    return { guesses: none, note: `${found}.` };
  }
  const lacking = settled.length < LEAST_EXAMPLES || new Set(fits).size < 2;
  if (lacking) {
    const guesses = fromFrequencies(attribute.categories !== undefined, values, parted, {
      ids: asked.records.ids,
      seed,
    });
    progress(1);
    const blind = attribute.categories ? 'at random' : 'by the middle of the values tried';
    const counted = attribute.categories ? 'by what is commonest among these' : 'by the median of these';
    const instead = settled.length === 0 ? blind : counted;
    return {
      guesses,
      note: `${found}, too few or too uniform to learn from: others are guessed ${instead}.`,
    };
  }
  const rows = featureRows(asked, target.classes);
  const predictor = await bestPredictor(
    {
      rows: rowsAt(rows, settled),
      ...(attribute.categories
        ? { truth: Int32Array.from(fits), categories: values.length }
        : { truth: Float32Array.from(fits, (fit) => values[fit] as number) }),
    },
    { seed, threads, device, signal, progress: (done) => progress((1 + done) / 2) },
  );
  const guesses = await predictor.predict(rowsAt(rows, others));
  return { guesses, note: `${found}; others are guessed by a model learnt from these.` };
};

/** Candidates as common as among the fits, all alike where there are none. */
const fromFrequencies = (
  categorical: boolean,
  values: readonly number[],
  { fits, others }: Parted,
  { ids, seed }: { readonly ids: Uint32Array; readonly seed: number },
): Guesses => {
  const counts = values.map((_, candidate) => fits.filter((fit) => fit === candidate).length);
  const shares = Float64Array.from(counts, (count) =>
    fits.length > 0 ? count / fits.length : 1 / values.length,
  );
  if (!categorical)
    return { predicted: new Float64Array(others.length).fill(weightedMedian(values, shares)) };
  const commonest = largestPlaces(counts, 0);
  const beliefs = new Float64Array(others.length * values.length);
  for (let at = 0; at < others.length; at++) beliefs.set(shares, at * values.length);
  return {
    predicted: Int32Array.from(others, (i) => drawn(commonest, seed, ids[i] as number)),
    beliefs,
  };
};
