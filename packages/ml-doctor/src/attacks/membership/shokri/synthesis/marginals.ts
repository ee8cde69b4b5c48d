/** Records whose features are drawn one by one from their marginal distributions, labelled by the target. */
import { stream } from 'onnx-grad';
import { elements } from '../../../../data/dataset.ts';
import { argmax } from '../../../../stats/argmax.ts';
import { copyFeature, featuresOf, recordsLike } from './features.ts';
import type { MadeRecords, SynthesisInput } from './synthesise.ts';

/** Rows of one query. */
const ROWS = 1024;

/** Each feature of each record is that of a random record of the population, by itself. One query a record. */
export const marginals = async (input: SynthesisInput): Promise<MadeRecords> => {
  const { data, population, count, classes, seed, signal, progress } = input;
  const length = elements(data.recordShape);
  const x = recordsLike(data, count * length);
  const donors = new Uint32Array(count);
  for (const [index, feature] of featuresOf(data).entries()) {
    signal.throwIfAborted();
    stream(seed, 'synthesis', 'marginals', index).integers(donors, population.length);
    for (let i = 0; i < count; i++) {
      const donor = population[donors[i] as number] as number;
      copyFeature(feature, data.x, donor * length, x, i * length);
    }
  }
  const y = new Int32Array(count);
  for (let start = 0; start < count; start += ROWS) {
    signal.throwIfAborted();
    const rows = Math.min(ROWS, count - start);
    const { logits } = await input.answers(x.subarray(start * length, (start + rows) * length), rows);
    for (let i = 0; i < rows; i++) y[start + i] = argmax(logits.subarray(i * classes, (i + 1) * classes));
    progress((start + rows) / count);
  }
  const empty = classes - new Set(y).size;
  const notes =
    empty > 0
      ? [
          `The target put none of the ${count} records drawn from marginals into ${empty} of ${classes} classes.`,
        ]
      : [];
  return { x, y, queries: count, notes };
};
