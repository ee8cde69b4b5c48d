/** Evidence made for tests: Gaussian classes, with reconstructions of any relation to their members. */
import { stream } from 'onnx-grad';
import type {
  InversionEvidence,
  Pictures,
  RealRecords,
  Reconstructed,
} from '../../src/evaluate/inversion/evidence.ts';

export interface MadeOptions {
  readonly classes?: number;
  readonly perClass?: number;
  /** Of each class. */
  readonly members?: number;
  readonly nonMembers?: number;
  readonly recordShape?: readonly number[];
  readonly features?: InversionEvidence['features'];
  readonly featureLength?: number;
  readonly seed?: number;
  /**
   * What a reconstruction is: another draw from its class, one of the class's members and a little noise, or the mean
   * of the distribution its class comes from.
   */
  readonly kind?: 'fresh' | 'member' | 'centre';
}

/** Scale of the noise within a class. */
const SPREAD = 0.1;

export function madeEvidence(options: MadeOptions = {}): InversionEvidence {
  const { classes = 6, perClass = 3, members = 20, nonMembers = 20, seed = 0, kind = 'fresh' } = options;
  const { recordShape = [1, 4, 4], features = 'image', featureLength = 5 } = options;
  const length = recordShape.reduce((product, size) => product * size, 1);
  const centres = stream(seed, 'made', 'centres')
    .normal(new Float32Array(classes * length))
    .map((z) => 0.5 + 0.2 * z);
  const labelled = (each: number) =>
    Int32Array.from({ length: classes * each }, (_, i) => Math.floor(i / each));
  const rows = (labels: Int32Array, spread: number, purpose: string) =>
    stream(seed, 'made', purpose)
      .normal(new Float32Array(labels.length * length))
      .map((z, i) => spread * z + centres[labels[Math.floor(i / length)]! * length + (i % length)]!);
  const projection = stream(seed, 'made', 'features').normal(new Float32Array(length * featureLength));
  const seen = (values: Float32Array) => ({
    values,
    normalised: values.map((value) => 2 * value - 1),
    features: Float32Array.from({ length: (values.length / length) * featureLength }, (_, i) => {
      const row = Math.floor(i / featureLength) * length;
      let sum = 0;
      for (let j = 0; j < length; j++)
        sum += values[row + j]! * projection[j * featureLength + (i % featureLength)]!;
      return sum;
    }),
  });
  const records = (each: number, purpose: string, firstId: number): RealRecords => {
    const labels = labelled(each);
    return {
      ids: Uint32Array.from(labels, (_, i) => firstId + i),
      labels,
      ...seen(rows(labels, SPREAD, purpose)),
    };
  };
  const pictures = (values: Float32Array, wanted: Int32Array): Pictures => ({
    wanted,
    ...seen(values),
    // A judge that goes by the nearest centre.
    judged: Float32Array.from({ length: wanted.length * classes }, (_, i) => {
      const row = Math.floor(i / classes) * length;
      let sum = 0;
      for (let j = 0; j < length; j++) sum -= (values[row + j]! - centres[(i % classes) * length + j]!) ** 2;
      return sum;
    }),
  });
  const inside = records(members, 'members', 0);
  const wanted = labelled(perClass);
  const values = rows(wanted, { fresh: SPREAD, member: 0.001, centre: 0 }[kind], 'reconstructions');
  if (kind === 'member')
    for (let i = 0; i < values.length; i++) {
      const place = Math.floor(i / length);
      const shift = (wanted[place]! * members + (place % members)) * length + (i % length);
      values[i]! += inside.values[shift]! - centres[wanted[place]! * length + (i % length)]!;
    }
  const reconstructions: Reconstructed = {
    ...pictures(values, wanted),
    confidence: stream(seed, 'made', 'confidence').uniform(new Float64Array(wanted.length)),
  };
  const once = labelled(1);
  return {
    classes,
    recordShape,
    features,
    reconstructions,
    baselines: [
      { name: 'all-zero input', pictures: pictures(new Float32Array(classes * length).fill(0.5), once) },
      { name: 'class mean', pictures: pictures(rows(once, 0.02, 'class mean'), once) },
    ],
    members: inside,
    nonMembers: records(nonMembers, 'non-members', classes * members),
    judge: { right: 90, records: 100 },
    seed,
  };
}
