/** PLG-MI: descent on the latent vector of a generator that was conditioned on the target's own answers. */
import { adam, type Graph, ops } from 'onnx-grad';
import { z } from 'zod';
import { maxMargin } from '../../../generators/max-margin.ts';
import { attachTarget, refuseUndifferentiable } from '../../target-graph.ts';
import { inversionAttack, inversionParams, type RecordSpace } from '../inversion-attack.ts';
import { generatorParams, recipeOf } from '../latent/generator-params.ts';
import { type LatentObjective, searchLatent } from '../latent/search.ts';
import { marginOf } from './margin-of.ts';
import { randomView, viewFeeds } from './random-views.ts';

const NAME = 'inversion/plg';

const params = z.strictObject({
  ...inversionParams,
  perClass: inversionParams.perClass.default(5),
  restarts: z
    .int()
    .min(1)
    .describe('Starts of each reconstruction; the one with the widest margin under the target is kept')
    .default(1),
  steps: z.int().min(1).describe('Steps of Adam').default(600),
  learningRate: z.number().positive().describe("Adam's, on latent vectors").default(0.1),
  views: z
    .int()
    .min(0)
    .describe(
      'Randomly cropped and mirrored views of a picture that the margin is averaged over at each step; 0: the picture itself. Records that are no pictures have no views',
    )
    .default(2),
  top: z
    .int()
    .min(1)
    .describe('Auxiliary records of each class to train the generator on: those the target is surest about')
    .default(30),
  alpha: z
    .number()
    .min(0)
    .describe("Weight of the target's max-margin loss in training the generator")
    .default(0.2),
  ...generatorParams,
  latent: generatorParams.latent.default(128),
  ganEpochs: generatorParams.ganEpochs
    .describe('Epochs of training the generator; one passes over classes × top records')
    .default(1000),
});

/** The mean margin of another class over random views of each generated record. */
export const guessing = (model: Graph, space: RecordSpace, views: number): LatentObjective => {
  const [, height, width] = space.recordShape;
  const picture = space.features === 'image' && height !== undefined && width !== undefined;
  if (views === 0 || !picture)
    return {
      loss: ({ x, y }) => maxMargin(attachTarget(x.graph, model, x), y),
      identity: marginOf,
    };
  const size = [height, width] as const;
  return {
    loss: ({ x, y }) => {
      const margins = Array.from({ length: views }, (_, view) =>
        maxMargin(attachTarget(x.graph, model, randomView(x, view, size)), y),
      );
      return ops.Mul(ops.Sum(...margins), x.graph.scalar(1 / views));
    },
    feeds: (rows, step) => viewFeeds(rows, step, views, size),
    identity: marginOf,
  };
};

/**
 * Yuan et al., AAAI 2023: latent vectors from N(0, 1), the class fixed, 600 steps of Adam at .1 on the max-margin loss under
 * two random views of each picture, five reconstructions of a class. Of the published code's views, the cropping to 80 % of
 * the area or more and the mirroring are here; its jitter of brightness and contrast and its rotation by up to 5° are not. The
 * generator is a conditional DCGAN where theirs is a residual network of 30,000 iterations.
 */
export const plg = inversionAttack({
  name: NAME,
  title: 'PLG-MI: descent on the latent vector of a generator guided by the target',
  source: 'Yuan et al., AAAI 2023',
  params,
  needs: () => ({ access: 'white-box', output: 'posteriors', auxiliary: 'shadow', record: 'none' }),
  generator: ({ top, alpha, ...params }) => recipeOf(params, { top, alpha }),
  run: ({ target, wanted, space, generator }, { restarts, steps, learningRate, views }, context) => {
    if (!generator?.conditional) throw new Error('internal: PLG-MI was given no conditional generator');
    refuseUndifferentiable(NAME, target.model);
    return searchLatent(
      {
        name: NAME,
        generator,
        model: target.model,
        wanted,
        restarts,
        steps,
        optimizer: adam({ learningRate }),
        objective: guessing(target.model, space, views),
      },
      context,
    );
  },
});
