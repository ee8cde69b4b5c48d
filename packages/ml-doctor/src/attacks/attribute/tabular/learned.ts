/**
 * A model that guesses the attribute from the rest of a record, its label and what the target answers to the whole of
 * it, learnt from records whose attribute is known. Without the answers it is the imputation that attacks are judged by.
 */
import { bestPredictor } from '../../../models/predictor/best-predictor.ts';
import type { PosteriorAccess } from '../../../targets/access.ts';
import type { AttackContext } from '../../attack-context.ts';
import type { AttributeGuesses, AttributeInput } from '../attribute-attack.ts';
import { featureRows } from './features.ts';

export const learned = async (
  { target, attribute, known, asked }: AttributeInput<PosteriorAccess>,
  context: AttackContext,
): Promise<AttributeGuesses> => {
  const { classes } = target;
  const rows = featureRows(known, classes, await target.query(known.records));
  const { categories } = attribute;
  const predictor = await bestPredictor(
    { rows, truth: known.truth, ...(categories && { categories: categories.length }) },
    context,
  );
  const guesses = await predictor.predict(featureRows(asked, classes, await target.query(asked.records)));
  return { ...guesses, notes: [`The learner that did best on known records held out: ${predictor.chosen}.`] };
};
