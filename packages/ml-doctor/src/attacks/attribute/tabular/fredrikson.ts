/**
 * Model inversion of Fredrikson et al. (USENIX Security 2014; for any model in CCS 2015): a candidate v is weighed by
 * w_v = p(v) · π(y, f(x_v)), how common it is among others times how often the model's answer to the record with v in it
 * goes with the true label y.
 */
import type { AttributeEditor } from '../../../data/attribute-places.ts';
import type { Counted, LiveLabelAccess } from '../../../targets/access.ts';
import type { AttackContext } from '../../attack-context.ts';
import type { AttributeGuesses, AttributeInput } from '../attribute-attack.ts';
import { drawn, largestPlaces, normalised, weightedMedian } from '../choose.ts';
import { alikeNote, alikeRows } from './alike.ts';
import { askLabels } from './ask-candidates.ts';
import { weightedCandidates } from './candidates.ts';

/** Products of the same numbers in another order differ in their last bits. */
const ROUNDING = 1e-12;

/** The likeliest category, or the weighted median of a continuous attribute's bins. */
export const fredrikson = async (
  input: AttributeInput<LiveLabelAccess & Counted> & { readonly editor: AttributeEditor },
  { bins }: { readonly bins: number },
  { seed, signal, progress }: AttackContext,
): Promise<AttributeGuesses> => {
  const { target, attribute, known, asked, editor } = input;
  const { classes } = target;
  const { ids, labels } = asked.records;
  const { values, shares } = weightedCandidates(attribute, known.truth, bins);
  const truths = labelGiven(known.records.labels, await target.labels(known.records), classes);
  const answers = await askLabels({ asked, editor, values, signal, progress }, (inputs) =>
    target.labelsOf(inputs),
  );
  const beliefs = new Float64Array(ids.length * values.length);
  for (let i = 0; i < ids.length; i++) {
    const weights = shares.map((share, v) => {
      const answer = answers[i * values.length + v] as number;
      return share * (truths[(labels[i] as number) * classes + answer] as number);
    });
    beliefs.set(normalised(weights), i * values.length);
  }
  const rowOf = (i: number) => beliefs.subarray(i * values.length, (i + 1) * values.length);
  const notes = alikeNote(alikeRows(answers, values.length), ids.length, attribute.name);
  if (!attribute.categories)
    return { predicted: Float64Array.from(ids, (_, i) => weightedMedian(values, rowOf(i))), notes };
  const predicted = Int32Array.from(ids, (id, i) =>
    drawn(largestPlaces(Array.from(rowOf(i)), ROUNDING), seed, id),
  );
  return { predicted, beliefs, notes };
};

/**
 * π(y, y′) = Pr[true label y | predicted label y′], `classes × classes` with y the row: (n(y, y′) + 1) / (n(y′) + classes)
 * from records that the model was asked about, Laplace's rule, so that no answer excludes a label for good.
 */
export const labelGiven = (labels: Int32Array, predicted: Int32Array, classes: number): Float64Array => {
  const counts = new Float64Array(classes * classes).fill(1);
  const totals = new Float64Array(classes).fill(classes);
  labels.forEach((label, i) => {
    const answer = predicted[i] as number;
    const place = label * classes + answer;
    counts[place] = (counts[place] as number) + 1;
    totals[answer] = (totals[answer] as number) + 1;
  });
  return counts.map((count, place) => count / (totals[place % classes] as number));
};
