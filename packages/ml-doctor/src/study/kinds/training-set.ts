/** The records that a model is trained on, as its task names them. */
import { drawCanaries, withCanaryLabels } from '../../data/canaries.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { FinishedTask, Places } from '../task.ts';
import { loadRef } from './data-ref.ts';
import { readSynthesis } from './read-synthesis.ts';
import { trainingRecords } from './record-sets.ts';
import type { TrainParams } from './train.ts';

/** @param synthesis the task that made the records up, if any */
export const readTrainingSet = async (
  { data: ref, on, split }: Pick<TrainParams, 'data' | 'split' | 'on'>,
  synthesis: FinishedTask | undefined,
  places: Places,
): Promise<{ readonly data: Dataset; readonly records: Uint32Array }> => {
  const named = await loadRef(ref, places);
  const data = synthesis ? await readSynthesis(synthesis, named) : named;
  const records = trainingRecords(on, data.size, split);
  if (!('canaries' in on)) return { data, records };
  const { ids } = drawCanaries(data.size, split, on.canaries);
  return { data: withCanaryLabels(data, ids, on.labels, split.seed), records };
};
