/**
 * RMIA, the robust membership inference attack (Zarifzadeh et al., ICML 2024): how much more likely a record became by
 * the target's training, compared one by one with records the target was not trained on.
 */
import { z } from 'zod';
import { auc } from '../../../stats/auc.ts';
import { crossEntropyLoss } from '../../../stats/log-posterior.ts';
import type { PosteriorAccess, Records } from '../../../targets/access.ts';
import type { AttackContext } from '../../attack-context.ts';
import { LIMIT } from '../lira/confidence.ts';
import { scoresByMembership, trainedOn, trialOf, trialThreshold } from '../lira/trial.ts';
import { membershipAttack, type Reference } from '../membership-attack.ts';
import { dominatedShares, impliedA, logRatios, type Observed, type Prior } from './relative.ts';

/** The authors' figure for CIFAR-10, where there is nothing to tune it on. */
const USUAL_A = 0.3;
const TRIED_A = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

const params = z
  .strictObject({
    mode: z
      .enum(['online', 'offline'])
      .default('online')
      .describe(
        'online: reference models trained on random halves of the candidates; offline: on shadow data only',
      ),
    references: z
      .number()
      .int()
      .min(1)
      .default(4)
      .describe('number of reference models; online an even number'),
    gamma: z
      .number()
      .min(1)
      .default(2)
      .describe('how many times likelier than a population record counts (paper 2, later code 1)'),
    a: z
      .union([z.literal('tuned'), z.number().min(0).max(1)])
      .default('tuned')
      .describe(
        'offline: 1 where training hardly raises a probability, 0 where it raises it to 1; tuned: the best on a reference model, or .3 with fewer than 3 of them',
      ),
  })
  .check(({ value: { mode, references, a }, issues }) => {
    const refuse = (name: string, input: unknown, message: string) =>
      issues.push({ code: 'custom', input, path: [name], message });
    if (mode === 'online' && references % 2 === 1)
      refuse(
        'references',
        references,
        `online RMIA needs an even number of reference models, so that each record is in half of them; got ${references}`,
      );
    if (mode === 'online' && a !== 'tuned')
      refuse('a', a, `'a' is for mode 'offline'; online has models trained on each record`);
  });

type Params = z.infer<typeof params>;

export const rmia = membershipAttack({
  name: 'membership/rmia',
  title: 'RMIA',
  source: 'Zarifzadeh et al., ICML 2024',
  params,
  needs: () => ({ access: 'black-box', auxiliary: 'shadow', output: 'posteriors', record: 'xy' }),
  references: ({ mode, references }) => ({
    count: references,
    pool: { kind: mode === 'online' ? 'with-candidates' : 'disjoint' },
    asked: ['candidates', 'population'],
  }),
  asks: () => ({ population: true }),
  run: async ({ target, records, references, population }, given, context) => {
    const candidates = await observe(target, records, references, context);
    const others = await observe(target, population, references, context);
    const tried = await tryOut(references, given, context);
    const prior = tried?.prior ?? priorOf(given, USUAL_A);
    // No reference was trained on the population: online too, the missing half of p(z) is made up for.
    const priorOfOthers: Prior =
      prior.mode === 'online' ? { mode: 'offline', a: impliedA(candidates) } : prior;
    const ratios = known(logRatios(others, priorOfOthers));
    const { gamma } = given;
    return {
      scores: dominatedShares(logRatios(candidates, prior), ratios, gamma),
      threshold: tried ? shareAt(tried.ratio, ratios, gamma) : 0.5,
      notes: notesOf(given, prior, tried !== undefined),
    };
  },
});

const priorOf = ({ mode, a }: Params, tuned: number): Prior =>
  mode === 'online' ? { mode } : { mode, a: a === 'tuned' ? tuned : a };

const known = (ratios: Float64Array): Float64Array => ratios.filter((ratio) => !Number.isNaN(ratio));

/** The score of a record with this ratio, and never that of a record that stands out from nobody. */
const shareAt = (ratio: number, population: Float64Array, gamma: number): number => {
  if (ratio === Number.POSITIVE_INFINITY) return ratio;
  const [share] = dominatedShares(Float64Array.of(ratio), population, gamma);
  return Math.max(share as number, 1 / population.length);
};

interface Tried {
  readonly prior: Prior;
  /** From what ratio p(x | model) / p(x) on a record is best called a member; its logarithm. */
  readonly ratio: number;
}

/**
 * The attack on a reference model, whose members are known: its best threshold, and offline the best `a`. A score is a
 * growing function of the ratio, but which one depends on the model attacked: so it is a ratio that is carried over to
 * the target, and no score. Nothing where too few references are left to attack with.
 */
const tryOut = async (
  references: readonly Reference[],
  given: Params,
  context: AttackContext,
): Promise<Tried | undefined> => {
  const trial = trialOf(references);
  if (!trial || trial.references.length === 0) return undefined;
  const records = await observe(trial.target, trial.records, trial.references, context);
  const tuning = given.mode === 'offline' && given.a === 'tuned';
  let best: Tried | undefined;
  let bestAuc = Number.NEGATIVE_INFINITY;
  for (const a of tuning ? TRIED_A : [USUAL_A]) {
    const prior = priorOf(given, a);
    const ratios = logRatios(records, prior);
    const [positives, negatives] = scoresByMembership(ratios, trial.known);
    const found = auc({ positives: positives.sort(), negatives: negatives.sort() });
    if (found <= bestAuc) continue;
    bestAuc = found;
    best = { prior, ratio: trialThreshold(ratios, trial) };
  }
  return best;
};

/** ln p(label) by the target and by each reference. A posterior saved as 0 counts as e^−104, so that ratios exist. */
const observe = async (
  model: PosteriorAccess,
  records: Records,
  references: readonly Reference[],
  { signal }: AttackContext,
): Promise<Observed> => {
  const target = await logProbabilities(model, records);
  const found: Float64Array[] = [];
  for (const reference of references) {
    signal.throwIfAborted();
    found.push(await logProbabilities(reference.model, records));
  }
  return {
    target,
    references: found,
    inside: references.map((reference) => trainedOn(reference, records)),
  };
};

const logProbabilities = async (model: PosteriorAccess, records: Records): Promise<Float64Array> => {
  const { logits, classes } = await model.query(records);
  return Float64Array.from(records.labels, (label, i) => {
    const loss = crossEntropyLoss(logits.subarray(i * classes, (i + 1) * classes), label);
    return loss === Number.POSITIVE_INFINITY ? -LIMIT : -loss;
  });
};

const notesOf = ({ mode, references, a }: Params, prior: Prior, tried: boolean): readonly string[] => {
  const notes: string[] = [];
  if (prior.mode === 'offline' && a === 'tuned')
    notes.push(
      tried
        ? `a = ${prior.a}, the best of 0 to 1 in an attack on a reference model.`
        : `a = ${prior.a}: ${references} reference models leave none to tune it on.`,
    );
  if (!tried)
    notes.push(
      `${references} reference models are too few to choose a threshold on one of them (${mode === 'online' ? 4 : 3} would do); a record is called a member where it stands out from half of the population.`,
    );
  return notes;
};
