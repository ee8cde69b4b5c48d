/** White-box attribute inference on tables: every value is tried, and the target's loss and its slope there are read. */
import { AuditError } from '../../../errors.ts';
import { bestPredictor } from '../../../models/predictor/best-predictor.ts';
import type { WeightAccess } from '../../../targets/access.ts';
import type { AttackContext } from '../../attack-context.ts';
import { refuseUndifferentiable } from '../../target-graph.ts';
import { type AttributeGuesses, type AttributeInput, attributeAttack } from '../attribute-attack.ts';
import { type Candidates, candidatesOf } from './candidates.ts';
import { gradientOptions } from './options.ts';
import { decideCategory, decideNumber } from './stationary.ts';
import { trialRows } from './trial-rows.ts';
import { Trials } from './try-candidates.ts';

const NAME = 'attribute/gradient';

/**
 * A trained model lies near a minimum of the loss of its own records, so that at a record as it was learnt the loss is
 * small and flat (what Nasr, Shokri, Houmansadr 2019 tell members by), while with another value in it the slope points
 * away from that value.
 */
export const gradient = attributeAttack({
  name: NAME,
  title: 'Gradient: loss and its slope in the record at each value',
  source: 'after Nasr et al., S&P 2019; Jayaraman & Evans, CCS 2022',
  params: gradientOptions,
  needs: (given) => ({
    access: 'white-box',
    output: 'posteriors',
    auxiliary: given.decision === 'learned' ? given.auxiliary : 'none',
    record: 'rest',
  }),
  check: ({ candidates }, { attribute }) => {
    if (!attribute.inRecord)
      throw new AuditError(
        'MLD_ATTACK_UNSUITED',
        `${NAME}: the model is not given '${attribute.name}', so that there is no place in a record to try its values at`,
        'Use attribute/embedding, or attribute/tabular with method: learned.',
      );
    if (candidates !== undefined && attribute.categories)
      throw new AuditError(
        'MLD_ATTACK_UNSUITED',
        `${NAME}: candidates: ${candidates} is for continuous attributes, and all ${attribute.categories.length} values of '${attribute.name}' are tried`,
        'Leave candidates out.',
      );
  },
  run: async (input, given, context) => {
    refuseUndifferentiable(NAME, input.target.model);
    const candidates = candidatesOf(input, given.candidates);
    const trials = await Trials.open(input, candidates, context);
    try {
      return given.decision === 'learned'
        ? await learned(input, trials, context)
        : await stationary(input, trials, candidates, context);
    } finally {
      await trials.dispose();
    }
  },
});

type Input = AttributeInput<WeightAccess>;

/** Share of the work that is trying values, when there is a model to train as well. */
const TRYING = 0.7;

const learned = async (
  { target, attribute, editor, known, asked }: Input,
  trials: Trials,
  context: AttackContext,
): Promise<AttributeGuesses> => {
  if (!editor) throw new Error('internal: the model is not given the attribute');
  const { progress } = context;
  const size = known.records.ids.length;
  const share = (TRYING * size) / (size + asked.records.ids.length);
  const options = { classes: target.classes, places: editor.places };
  const rows = trialRows(await trials.try(known, (part) => progress(part * share)), known, options);
  const askedRows = trialRows(
    await trials.try(asked, (part) => progress(share + part * (TRYING - share))),
    asked,
    options,
  );
  const predictor = await bestPredictor(
    {
      rows,
      truth: known.truth,
      ...(attribute.categories && { categories: attribute.categories.length }),
    },
    { ...context, progress: (part, figures) => progress(TRYING + (1 - TRYING) * part, figures) },
  );
  return {
    ...(await predictor.predict(askedRows)),
    notes: [`The learner that did best on known records held out: ${predictor.chosen}.`],
  };
};

const stationary = async (
  { attribute, asked }: Input,
  trials: Trials,
  candidates: Candidates,
  { seed, progress }: AttackContext,
): Promise<AttributeGuesses> => {
  const tried = await trials.try(asked, progress);
  const { ids } = asked.records;
  const { drawn, ...guesses } = attribute.categories
    ? decideCategory(tried, ids, candidates.values.length, seed)
    : decideNumber(tried, ids, candidates, seed);
  return {
    ...guesses,
    ...(drawn > 0 && {
      notes: [
        `The target takes several values of '${attribute.name}' alike in ${drawn} of ${ids.length} records; one of them was drawn.`,
      ],
    }),
  };
};
