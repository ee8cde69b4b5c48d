/** Shadow records of which some features are changed: what an attacker has whose data are not quite the target's. */
import { stream } from 'onnx-grad';
import { elements } from '../../../../data/dataset.ts';
import { copyFeature, featuresOf, flip, recordsLike } from './features.ts';
import type { MadeRecords, SynthesisInput } from './synthesise.ts';

/**
 * In every record the same number of randomly selected features, the nearest to `share` of them and at least one, is
 * changed. Bits are flipped, as in the paper; for others, of which it does not speak, the value is drawn anew from
 * the feature's marginal distribution in the population, and may be the old one. Labels are kept. Asks the target
 * nothing.
 */
export const noisy = (
  { share }: { readonly share: number },
  { data, population, count, seed, signal, progress }: SynthesisInput,
): MadeRecords => {
  const length = elements(data.recordShape);
  const features = featuresOf(data);
  const changed = Math.max(1, Math.round(share * features.length));
  const x = recordsLike(data, count * length);
  const y = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    signal.throwIfAborted();
    const id = population[i % population.length] as number;
    const record = x.subarray(i * length, (i + 1) * length);
    record.set(data.x.subarray(id * length, (id + 1) * length));
    y[i] = data.y[id] as number;
    const draws = stream(seed, 'synthesis', 'noisy', i);
    const donors = draws.integers(new Uint32Array(changed), population.length);
    draws.sample(features.length, changed).forEach((chosen, j) => {
      const feature = features[chosen] as (typeof features)[number];
      const donor = population[donors[j] as number] as number;
      if (feature.kind === 'bit') flip(feature, record);
      else copyFeature(feature, data.x, donor * length, record, 0);
    });
  }
  progress(1);
  return { x, y, queries: 0, notes: [] };
};
