/** The largest posteriors of each answer, whoever gave it. */
import { posterior } from '../stats/log-posterior.ts';
import type { Answers, TopAnswers } from './access.ts';

/** The `min(wanted, classes)` largest posteriors of each row, descending. */
export const topAnswers = ({ logits, classes }: Answers, wanted: number): TopAnswers => {
  const k = Math.min(wanted, classes);
  const rows = logits.length / classes;
  const posteriors = new Float32Array(rows * k);
  for (let i = 0; i < rows; i++) {
    const sorted = posterior(logits.subarray(i * classes, (i + 1) * classes))
      .sort()
      .reverse();
    posteriors.set(sorted.subarray(0, k), i * k);
  }
  return { posteriors, k };
};
