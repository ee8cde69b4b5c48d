/** Training: epochs of steps, with events, cancellation, checkpoints that resume to the same bits. */
import { createSession } from '../runtime/session.ts';
import { checkFitOptions, type FitOptions, type FitResult } from './fit-options.ts';
import { PrivateSteps, privacyOptions } from './private-step.ts';
import { TrainingRun } from './training-run.ts';
import { buildTrainingStep } from './training-step.ts';

export type { EarlyStopping, FitEvent, FitOptions, FitPrivacy, FitResult } from './fit-options.ts';

/**
 * Train a model by minibatch descent on the batch mean of the loss; with `privacy` by DP-SGD.
 * @throws OG_NO_PER_EXAMPLE with `privacy` when a layer lets records mix, such as batch normalisation; OG_BAD_ARGUMENT also for a label that is none of the classes, OG_NOT_TRAINABLE, OG_DIVERGED when the loss or a weight stops being a number, OG_ABORTED
 *   between two steps after `signal` is aborted, OG_CHECKPOINT when `resume` is damaged or belongs to another run: other
 *   options, or other data, of which the size and the first 32 records are compared. Another number of epochs is refused
 *   where more were begun, or where by it the schedule has another rate in one of them
 */
export const fit = async (options: FitOptions): Promise<FitResult> => {
  checkFitOptions(options);
  const { model, loss, optimizer, output, privacy, batchSize } = options;
  const step = buildTrainingStep(model, {
    loss,
    optimizer,
    ...(output !== undefined && { output }),
    ...(privacy && { privacy: privacyOptions(privacy, batchSize) }),
  });
  await using session = await createSession(step.graph, options.session);
  if (!privacy) return await new TrainingRun(options, step, session).train();
  await using steps = new PrivateSteps(options, privacy, step, session);
  return await new TrainingRun(options, step, session, steps).train();
};
