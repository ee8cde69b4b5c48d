/** What the learned methods look at: the rest of a record, its label, and, where it is known, the model's answer. */
import type { Rows } from '../../../models/predictor/predictor.ts';
import { crossEntropyLoss } from '../../../stats/log-posterior.ts';
import type { Answers } from '../../../targets/access.ts';
import type { PartialRecords } from '../attribute-attack.ts';

/** Log posteriors below this, 1e-13, are as good as none; a posterior saved as 0 has none that is finite. */
const LEAST_LOG = -30;

/** A row for each record: the record without the attribute, the label one-hot, and log posteriors of `answers`. */
export const featureRows = ({ records, rest }: PartialRecords, classes: number, answers?: Answers): Rows => {
  const size = records.ids.length;
  const known = rest();
  const length = size === 0 ? 0 : known.length / size;
  const width = length + classes + (answers ? classes : 0);
  const values = new Float32Array(size * width);
  for (let i = 0; i < size; i++) {
    const row = values.subarray(i * width, (i + 1) * width);
    row.set(known.subarray(i * length, (i + 1) * length));
    row[length + (records.labels[i] as number)] = 1;
    if (!answers) continue;
    const answer = answers.logits.subarray(i * classes, (i + 1) * classes);
    for (let c = 0; c < classes; c++)
      row[length + classes + c] = Math.max(LEAST_LOG, -crossEntropyLoss(answer, c));
  }
  return { values, size, width };
};

/** The rows at these places, in their order. */
export const rowsAt = ({ values, width }: Rows, places: readonly number[]): Rows => {
  const some = new Float32Array(places.length * width);
  for (const [i, place] of places.entries())
    some.set(values.subarray(place * width, (place + 1) * width), i * width);
  return { values: some, size: places.length, width };
};
