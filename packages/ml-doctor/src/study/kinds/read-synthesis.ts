/** The records that a finished `synthesise` task made. */
import { createDataset, type Dataset } from '../../data/dataset.ts';
import { isBytes } from '../../data/values.ts';
import type { FinishedTask } from '../task.ts';
import { fromBytes } from './typed-bytes.ts';

/** The records of a finished task, as a data set like the one they were made after. */
export const readSynthesis = async (task: FinishedTask, like: Dataset): Promise<Dataset> => {
  const x = await task.blob('x');
  const { id, recordShape, classes, normalisation, oneHot } = like;
  return createDataset({
    id: `${id}, synthetic`,
    recordShape,
    x: isBytes(like.x) ? x : fromBytes(Float32Array, x),
    y: fromBytes(Int32Array, await task.blob('y')),
    classes,
    normalisation,
    ...(oneHot && { oneHot }),
  });
};
