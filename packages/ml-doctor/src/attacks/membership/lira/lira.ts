/**
 * LiRA, the likelihood-ratio attack (Carlini et al., S&P 2022): how confident models are in a record that were trained
 * on it, and how confident others are, and which of the two the target is more like.
 */
import { z } from 'zod';
import { type View, views } from '../../../data/views.ts';
import type { PosteriorAccess, Records } from '../../../targets/access.ts';
import type { AttackContext } from '../../attack-context.ts';
import { membershipAttack, type Reference } from '../membership-attack.ts';
import { confidences } from './confidence.ts';
import { offlineScores, onlineScores, type Variance } from './likelihood.ts';
import { trainedOn, trialOf, trialThreshold } from './trial.ts';

/** From so many shadow models the paper estimates a variance for each record. */
const PER_EXAMPLE_FROM = 64;
/** With fewer, some record of a trial would have fewer than two models on one side. */
const TRIAL_FROM = 6;
/**
 * A deviation estimated for each record from few models makes scores that depend on how many: those of a trial, which
 * has two models less, are then on another scale.
 */
const PER_EXAMPLE_TRIAL_FROM = 32;

const params = z
  .strictObject({
    mode: z
      .enum(['online', 'offline'])
      .default('online')
      .describe(
        'online: shadow models trained on random halves of the candidates; offline: on shadow data only',
      ),
    shadows: z
      .number()
      .int()
      .min(2)
      .default(16)
      .describe('number of shadow models; online an even number, at least 4'),
    variance: z
      .enum(['auto', 'per-example', 'fixed'])
      .default('auto')
      .describe('auto: per-example from 64 shadow models, below that one figure for all records (fixed)'),
    shift: z
      .number()
      .int()
      .min(0)
      .default(0)
      .describe('ask about copies of pictures shifted by up to so many pixels too'),
    flip: z
      .boolean()
      .default(false)
      .describe('ask about mirrored copies too; of use when the model was trained on such'),
    augmentations: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('only so many of these copies, the record itself and the mildest; all if not set'),
  })
  .check(({ value: { mode, shadows, shift, flip, augmentations }, issues }) => {
    // Wrong by itself, and said so already.
    if (!(Number.isInteger(shift) && shift >= 0)) return;
    const copies = views(shift, flip).length;
    if (augmentations !== undefined && augmentations > copies)
      issues.push({
        code: 'custom',
        input: augmentations,
        path: ['augmentations'],
        message: `shift ${shift} and flip ${flip} give ${copies === 1 ? 'the record itself' : `${copies} copies`} only; got ${augmentations}`,
      });
    if (mode === 'online' && (shadows < 4 || shadows % 2 === 1))
      issues.push({
        code: 'custom',
        input: shadows,
        path: ['shadows'],
        message: `online LiRA needs an even number of shadow models, at least 4, so that each record is in half of them; got ${shadows}`,
      });
  });

type Params = z.infer<typeof params>;

const viewsOf = ({ shift, flip, augmentations }: Params): readonly View[] =>
  views(shift, flip).slice(0, augmentations);

const varianceOf = ({ variance, shadows }: Params): Variance => {
  if (variance !== 'auto') return variance;
  return shadows < PER_EXAMPLE_FROM ? 'fixed' : 'per-example';
};

export const lira = membershipAttack({
  name: 'membership/lira',
  title: 'LiRA',
  source: 'Carlini et al., S&P 2022',
  params,
  needs: () => ({ access: 'black-box', auxiliary: 'shadow', output: 'posteriors', record: 'xy' }),
  references: ({ mode, shadows }) =>
    mode === 'online'
      ? { count: shadows, pool: { kind: 'with-candidates' } }
      : { count: shadows, pool: { kind: 'disjoint' }, asked: ['candidates', 'pool'] },
  asks: (given) => ({ views: viewsOf(given) }),
  run: async ({ target, records, references }, given, context) => {
    const scores = await attack(target, records, references, given, context);
    const enough = varianceOf(given) === 'fixed' ? TRIAL_FROM : PER_EXAMPLE_TRIAL_FROM;
    const trial = references.length >= enough ? trialOf(references) : undefined;
    if (trial) {
      const known = await attack(trial.target, trial.records, trial.references, given, context);
      return { scores, threshold: trialThreshold(known, trial) };
    }
    const few = `${references.length} shadow models are too few to choose a threshold on one of them`;
    return given.mode === 'online'
      ? {
          scores,
          threshold: 0,
          notes: [`${few}; a record is called a member where that is likelier than not.`],
        }
      : { scores, notes: [`${few}, so records are only ranked; ${enough} would do.`] };
  },
});

const attack = async (
  model: PosteriorAccess,
  records: Records,
  references: readonly Reference[],
  given: Params,
  { signal }: AttackContext,
): Promise<Float64Array> => {
  const wanted = viewsOf(given);
  const target = await confidences(model, records, wanted);
  const shadows: (readonly Float64Array[])[] = [];
  for (const reference of references) {
    signal.throwIfAborted();
    shadows.push(await confidences(reference.model, records, wanted));
  }
  const inside = references.map((reference) => trainedOn(reference, records));
  const score = given.mode === 'online' ? onlineScores : offlineScores;
  return score({ target, shadows, inside }, varianceOf(given));
};
