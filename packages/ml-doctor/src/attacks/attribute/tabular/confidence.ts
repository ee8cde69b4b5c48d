/**
 * CSMIA, the confidence-score attack of Mehnaz et al. (USENIX Security 2022): the model is asked about the
 * record with every candidate in it. (1) One candidate alone is answered with the true label: it is guessed. (2) Several
 * are: the one with the most confident answer. (3) None is: the one with the least confident answer, all being wrong.
 */
import type { AttributeEditor } from '../../../data/attribute-places.ts';
import { argmax } from '../../../stats/argmax.ts';
import { crossEntropyLoss, expNegative } from '../../../stats/log-posterior.ts';
import type { LivePosteriorAccess } from '../../../targets/access.ts';
import type { AttackContext } from '../../attack-context.ts';
import type { AttributeGuesses, AttributeInput } from '../attribute-attack.ts';
import { drawn, largestPlaces, near, normalised, smallestPlaces } from '../choose.ts';
import { evenCandidates } from '../even-candidates.ts';
import { alikeNote } from './alike.ts';
import { askCandidates } from './ask-candidates.ts';

/**
 * Losses this close, as a share, are the same: float32 sums in another order, as in another place of a batch, differ by
 * as much, and a model that ignores the attribute must not seem to prefer one of its values.
 */
const NOISE = 1e-5;

/** The answer to a record with one candidate in it. */
export interface CandidateAnswer {
  /** Whether it is the true label. */
  readonly right: boolean;
  /** −ln of the confidence, which is the posterior of the predicted label. */
  readonly loss: number;
  /** −ln of the posterior of the true label. */
  readonly trueLoss: number;
}

/** 1, 2 or 3, and the candidates that are equally good by its rule. */
export const csmia = (
  answers: readonly CandidateAnswer[],
): { readonly rule: 1 | 2 | 3; readonly places: readonly number[] } => {
  const right = answers.flatMap((answer, place) => (answer.right ? [place] : []));
  if (right.length === 1) return { rule: 1, places: right };
  const losses = answers.map(({ loss }) => loss);
  if (right.length === 0) return { rule: 3, places: largestPlaces(losses, NOISE) };
  const ofRight = right.map((place) => losses[place] as number);
  return { rule: 2, places: smallestPlaces(ofRight, NOISE).map((i) => right[i] as number) };
};

/**
 * Beliefs are proportional to the posterior of the true label with each candidate. With more than two classes the rules
 * may guess another candidate than the likeliest by that measure.
 */
export const confidence = async (
  input: AttributeInput<LivePosteriorAccess> & { readonly editor: AttributeEditor },
  { bins }: { readonly bins: number },
  { seed, signal, progress }: AttackContext,
): Promise<AttributeGuesses> => {
  const { target, attribute, range, asked, editor } = input;
  const { ids, labels } = asked.records;
  const values = evenCandidates({ attribute, range }, bins);
  const answers: CandidateAnswer[][] = Array.from(ids, () => []);
  await askCandidates({
    ...{ asked, editor, values, signal, progress },
    ask: (inputs) => target.answersOf(inputs),
    take: ({ logits, classes }, row, record, candidate) => {
      const answer = logits.subarray(row * classes, (row + 1) * classes);
      const label = labels[record] as number;
      const predicted = argmax(answer);
      (answers[record] as CandidateAnswer[])[candidate] = {
        right: predicted === label,
        loss: crossEntropyLoss(answer, predicted),
        trueLoss: crossEntropyLoss(answer, label),
      };
    },
  });
  const found = answers.map(csmia);
  const alike = answers.filter(areAlike).length;
  const notes = [
    rulesNote(
      found.map(({ rule }) => rule),
      attribute.name,
    ),
    ...alikeNote(alike, ids.length, attribute.name),
  ];
  const chosen = Array.from(ids, (id, i) => drawn((found[i] as ReturnType<typeof csmia>).places, seed, id));
  if (!attribute.categories)
    return { predicted: Float64Array.from(chosen, (place) => values[place] as number), notes };
  const beliefs = new Float64Array(ids.length * values.length);
  for (const [i, row] of answers.entries()) beliefs.set(beliefsOf(row), i * values.length);
  return { predicted: Int32Array.from(chosen), beliefs, notes };
};

const beliefsOf = (answers: readonly CandidateAnswer[]): Float64Array => {
  const least = Math.min(...answers.map(({ trueLoss }) => trueLoss));
  // Where the posterior of the true label is 0 with every candidate, nothing is believed of any.
  if (least === Number.POSITIVE_INFINITY) return new Float64Array(answers.length).fill(1 / answers.length);
  return normalised(Float64Array.from(answers, ({ trueLoss }) => expNegative(least - trueLoss)));
};

const areAlike = (answers: readonly CandidateAnswer[]): boolean => {
  const [first] = answers as [CandidateAnswer];
  return answers.every(
    ({ right, loss, trueLoss }) =>
      right === first.right && near(loss, first.loss, NOISE) && near(trueLoss, first.trueLoss, NOISE),
  );
};

const rulesNote = (rules: readonly number[], attribute: string): string => {
  const [one, several, none] = [1, 2, 3].map((rule) => rules.filter((one) => one === rule).length);
  return `Given each value of '${attribute}' in turn, the model predicted the true label of ${one} records with one value alone, of ${several} with several, of ${none} with none.`;
};
