/** Model inversion through an endpoint: the class's posterior is climbed on gradients estimated from queries. */

import { z } from 'zod';
import { joinRows } from '../../../data/join-rows.ts';
import { expNegative } from '../../../stats/log-posterior.ts';
import { refuseUnlessImages } from '../images-only.ts';
import { inversionAttack, inversionParams } from '../inversion-attack.ts';
import { roundCategories } from '../round-categories.ts';
import { copiesOf, STARTS, startAt } from '../starts.ts';
import { climb, queriesOf, scoresOf } from './climb.ts';

const NAME = 'inversion/black-box';

const params = z
  .strictObject({
    ...inversionParams,
    perClass: inversionParams.perClass.default(1),
    queries: z.int().min(1).describe('Queries for one reconstruction at most').default(20_000),
    directions: z
      .int()
      .min(1)
      .describe('Random directions of one estimate of the gradient; each is asked about on both sides')
      .default(50),
    sigma: z
      .number()
      .positive()
      .describe('How far along a direction is asked, as a share of the range of a place')
      .default(0.01),
    learningRate: z
      .number()
      .positive()
      .describe(
        'First and longest step: root mean square change of a place as a share of its range, if all estimates agree',
      )
      .default(0.05),
    momentum: z
      .number()
      .min(0)
      .lt(1)
      .describe('Weight of the earlier estimates in the direction of a step')
      .default(0.9),
    blocks: z
      .int()
      .min(1)
      .describe('Pictures only: directions are constant on squares of so many pixels a side')
      .default(1),
    threshold: z
      .number()
      .gt(0)
      .lt(1)
      .describe('The posterior of the class at which the search ends')
      .default(0.999),
    start: z
      .enum(STARTS)
      .describe(
        'First values: noise, or zero for the first reconstruction of each class and noise for the others',
      )
      .default('zero'),
    roundCategories: z
      .boolean()
      .describe('Table rows: at the end, set the largest place of each one-hot group and clear the others')
      .default(true),
  })
  .superRefine(({ queries, directions }, context) => {
    const { start, step } = queriesOf(directions);
    const least = start + step + 1;
    if (queries < least)
      context.addIssue({
        code: 'custom',
        path: ['queries'],
        message: `a single step with ${directions} directions takes ${least} queries with those of its ends`,
      });
  });

export const blackBox = inversionAttack({
  name: NAME,
  title: 'Black-box inversion: ascent on gradients estimated from queries',
  source: 'Fredrikson et al., CCS 2015; Ilyas et al., ICML 2018',
  params,
  needs: () => ({
    access: 'black-box',
    auxiliary: 'none',
    output: 'posteriors',
    record: 'none',
    inputs: 'any',
  }),
  queries: ({ queries }) => queries,
  check: ({ blocks }, space) => {
    if (blocks > 1) refuseUnlessImages(NAME, `blocks: ${blocks}`, space);
  },
  run: async ({ target, wanted, space }, given, { seed, signal, progress }) => {
    const copies = copiesOf(wanted);
    const climbers = Array.from(wanted, (label, i) => {
      const copy = copies[i] as number;
      const place = { label, copy, restart: 0 };
      const start = startAt(place, space, { attack: NAME, seed, start: given.start, clamp: true });
      return { label, copy, start };
    });
    // What is rounded at the end is another point than the best found: one query is kept for it.
    const rounds = given.roundCategories && space.oneHot.length > 0;
    const found = await climb(
      climbers,
      { ...given, queries: given.queries - (rounds ? 1 : 0) },
      {
        ...{ target, space, seed, signal, attack: NAME },
        progress: (fraction, score) => progress(fraction, { logPosterior: score }),
      },
    );
    const rows = found.map(({ values }) => (rounds ? roundCategories(values, space) : values));
    const values = joinRows(rows);
    const scores = rounds
      ? await scoresOf(values, Array.from(wanted), target)
      : Float64Array.from(found, ({ score }) => score);
    // A start that the target is sure of already needs no step.
    const stuck = found.filter(
      ({ score, startScore }) => !(score > startScore) && expNegative(score) < given.threshold,
    ).length;
    progress(1);
    return {
      values,
      starts: joinRows(climbers.map(({ start }) => start)),
      confidence: scores.map(expNegative),
      ...(stuck > 0 && { notes: [stuckNote(stuck, wanted.length)] }),
    };
  },
});

const stuckNote = (stuck: number, of: number): string =>
  `${stuck} of ${of} reconstructions are what they started from: no step raised the posterior of the class. A model that answers in steps, as a forest does, may need a larger sigma; else try another start or learningRate.`;
