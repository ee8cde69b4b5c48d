/** The pair of networks that a finished `train-generator` task trained. */
import { decodeModel } from 'onnx-grad';
import type { Generator } from '../../generators/generator.ts';
import type { FinishedTask } from '../task.ts';
import type { TrainGeneratorResult } from './train-generator.ts';

export const readGenerator = async (task: FinishedTask): Promise<Generator> => {
  const { latent, conditional } = task.result as TrainGeneratorResult;
  return {
    generator: decodeModel(await task.blob('generator.onnx')),
    discriminator: decodeModel(await task.blob('discriminator.onnx')),
    latent,
    conditional,
  };
};
