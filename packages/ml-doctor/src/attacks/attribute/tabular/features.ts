/** What the learned methods look at: the rest of a record, its label, and, where it is known, the model's answer. */
import type { Rows } from '../../../models/predictor/predictor.ts';
import { recordRows } from '../../../models/predictor/record-rows.ts';
import { crossEntropyLoss } from '../../../stats/log-posterior.ts';
import type { Answers } from '../../../targets/access.ts';
import type { PartialRecords } from '../attribute-attack.ts';

/** Log posteriors below this, 1e-13, are as good as none; a posterior saved as 0 has none that is finite. */
const LEAST_LOG = -30;

/** A row for each record: the record without the attribute, the label one-hot, and log posteriors of `answers`. */
export const featureRows = ({ records, rest }: PartialRecords, classes: number, answers?: Answers): Rows => {
  const { labels } = records;
  if (!answers) return recordRows(rest(), labels, classes);
  const logs = new Float32Array(labels.length * classes);
  labels.forEach((_, i) => {
    const answer = answers.logits.subarray(i * classes, (i + 1) * classes);
    for (let c = 0; c < classes; c++)
      logs[i * classes + c] = Math.max(LEAST_LOG, -crossEntropyLoss(answer, c));
  });
  return recordRows(rest(), labels, classes, { values: logs, width: classes });
};
