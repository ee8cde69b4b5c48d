/** Refuses answers of models, truths and ids that no honest figure could come from. */
import { AuditError } from '../../errors.ts';
import { BASELINE, type StealingEvidence } from './evidence.ts';

/**
 * @throws {AuditError} MLD_ARTIFACT naming the record when there is none, lengths differ, an id occurs twice, a label is no
 * class, or a row of logits has no softmax (NaN, +∞ or nothing but −∞); also where there is no copy, the copies are not
 * by rising number of queries, or a baseline's name occurs twice or is that of the constant guess
 */
export function checkEvidence(evidence: StealingEvidence): void {
  const { ids, labels, classes, target, copies, baselines } = evidence;
  if (classes.length < 2) throw invalid(`${classes.length} classes; a classifier has two or more`);
  if (ids.length === 0) throw invalid('there are no records');
  if (labels.length !== ids.length)
    throw invalid(`${ids.length} ids and ${labels.length} labels; they must be equally many`);
  const seen = new Set<number>();
  ids.forEach((id, i) => {
    if (seen.has(id)) throw invalid(`record ${id} occurs twice`);
    seen.add(id);
    const label = labels[i]!;
    if (!(label >= 0 && label < classes.length))
      throw invalid(`the label of record ${id} is ${label}, none of ${classes.length} classes`);
  });
  if (copies.length === 0) throw invalid('there is no copy to judge');
  copies.forEach(({ queries }, c) => {
    const before = copies[c - 1]?.queries ?? 0;
    if (!(Number.isInteger(queries) && queries > before))
      throw invalid(`a copy of ${queries} queries comes after one of ${before}`);
  });
  const names = new Set<string>([BASELINE.constant]);
  for (const { name } of baselines) {
    if (names.has(name)) throw invalid(`the baseline '${name}' occurs twice`);
    names.add(name);
  }
  checkLogits('the target', target, evidence);
  for (const { queries, logits } of copies) checkLogits(`the copy of ${queries} queries`, logits, evidence);
  for (const { name, logits } of baselines) checkLogits(`the baseline '${name}'`, logits, evidence);
}

function checkLogits(
  whose: string,
  logits: Float32Array,
  { ids, classes }: Pick<StealingEvidence, 'ids' | 'classes'>,
): void {
  const width = classes.length;
  if (logits.length !== ids.length * width)
    throw invalid(`${logits.length} logits of ${whose} for ${ids.length} records of ${width} classes`);
  ids.forEach((id, i) => {
    let finite = false;
    for (let j = i * width; j < (i + 1) * width; j++) {
      const logit = logits[j]!;
      if (Number.isFinite(logit)) finite = true;
      else if (logit !== Number.NEGATIVE_INFINITY)
        throw invalid(`a logit of ${whose} for record ${id} is ${logit}`);
    }
    if (!finite) throw invalid(`all logits of ${whose} for record ${id} are -Infinity`);
  });
}

function invalid(what: string): AuditError {
  return new AuditError(
    'MLD_ARTIFACT',
    `answers of copies: ${what}`,
    'Give each record once, with its label and one row of logits (or log posteriors) of the target, of every copy and of every baseline; copies by rising number of queries.',
  );
}
