/** One attack model for each true class, and one for all classes that have too little to learn from. */
import type { Records } from '../../../targets/access.ts';
import type { AttackContext } from '../../attack-context.ts';
import { type ClassData, withoutClass } from './attack-data.ts';
import { type AttackTraining, memberScores, type Rows, trainAttackModel } from './attack-model.ts';

/** Shadow members, and shadow non-members, that a class needs for an attack model of its own. */
export const LEAST_RECORDS = 10;

/** An attack model to be trained, and the positions of the candidates that it judges. */
interface Job {
  readonly seed: string;
  readonly train: Rows;
  readonly judged: readonly number[];
  /** What the model sees of a candidate. */
  readonly seen: (row: Float32Array, label: number) => Float32Array;
}

/**
 * Scores, parallel to the records, and notes. Classes with few shadow records share one model, which learns from the
 * records of all classes and is not told the class: it sees the posterior of the true class, then the others in order.
 *
 * @param shadows one for each class
 * @param answers the target's posteriors, `records × classes`
 */
export const judge = async (
  shadows: readonly ClassData[],
  answers: Float32Array,
  { labels }: Records,
  training: AttackTraining,
  context: AttackContext,
) => {
  const { seed, progress } = context;
  const width = shadows.length;
  const candidates: number[][] = shadows.map(() => []);
  labels.forEach((label, i) => {
    candidates[label]?.push(i);
  });
  const asked = shadows.filter(({ label }) => candidates[label]?.length);
  const few = asked.filter(({ size, members }) => Math.min(members, size - members) < LEAST_RECORDS);
  const jobs = asked
    .filter((data) => !few.includes(data))
    .map((data): Job => {
      const judged = candidates[data.label] as number[];
      return { seed: `shokri ${seed} ${data.label}`, train: rowsOf(data), judged, seen: (row) => row };
    });
  if (few.length > 0)
    jobs.push({
      seed: `shokri ${seed} all`,
      train: rowsOfAll(shadows),
      judged: few.flatMap(({ label }) => candidates[label] as number[]),
      seen: withoutClass,
    });
  const total = jobs.reduce((sum, { train }) => sum + train.size, 0) * training.epochs;
  let done = 0;
  const scores = new Float64Array(labels.length);
  for (const { seed, train, judged, seen } of jobs) {
    const model = await trainAttackModel(train, training, seed, context, (loss) => {
      done += train.size;
      progress(done / total, { loss });
    });
    const at = (i: number) => judged[i] as number;
    const row = (i: number) =>
      seen(answers.subarray(at(i) * width, (at(i) + 1) * width), labels[at(i)] as number);
    const found = await memberScores(
      model,
      { size: judged.length, width, row, membership: () => 0 },
      context,
    );
    judged.forEach((position, i) => {
      scores[position] = found[i] as number;
    });
  }
  const notes =
    few.length > 0
      ? [
          `${few.length} of ${asked.length} classes have fewer than ${LEAST_RECORDS} shadow members or non-members; one attack model for all classes judges their records.`,
        ]
      : [];
  return { scores, notes };
};

const rowsOf = ({ size, posteriors, membership }: ClassData): Rows => {
  const width = posteriors.length / size;
  return {
    size,
    width,
    row: (i) => posteriors.subarray(i * width, (i + 1) * width),
    membership: (i) => membership[i] as number,
  };
};

const rowsOfAll = (shadows: readonly ClassData[]): Rows => {
  const width = shadows.length;
  const places = shadows.flatMap(({ label, size }) => Array.from({ length: size }, (_, row) => [label, row]));
  const place = (i: number) => {
    const [label, row] = places[i] as [number, number];
    return { data: shadows[label] as ClassData, row };
  };
  return {
    size: places.length,
    width,
    row: (i) => {
      const { data, row } = place(i);
      return withoutClass(data.posteriors.subarray(row * width, (row + 1) * width), data.label);
    },
    membership: (i) => {
      const { data, row } = place(i);
      return data.membership[row] as number;
    },
  };
};
