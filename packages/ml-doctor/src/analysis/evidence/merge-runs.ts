/** One target under one seed that two studies audited: the attacks of both. */

import { AuditError } from '../../errors.ts';
import { canonicalText } from '../../report/canonical.ts';
import type { Result } from '../../report/schema.ts';
import type { Run } from './evidence.ts';

/**
 * An attack that both have is there once, and must say the same. What one study alone asked for, how complex the data is and
 * what explains exposure, is kept of either.
 * @throws {AuditError} MLD_EVIDENCE_MIXED
 */
export function mergeRuns(first: Run, second: Run): Run {
  const differs = (what: string) =>
    new AuditError(
      'MLD_EVIDENCE_MIXED',
      `${first.from} and ${second.from} differ in ${what} of ${first.audit.id}, seed ${first.seed}`,
      'Leave one of the studies out, or run both again with one version of ml-doctor.',
    );
  if (first.version !== second.version || different(first.onnxruntime, second.onnxruntime))
    throw differs('the versions they were made with, each an audit');
  for (const accuracy of ['trainAccuracy', 'testAccuracy'] as const)
    if (canonicalText(first.audit[accuracy]) !== canonicalText(second.audit[accuracy]))
      throw differs(`the ${accuracy === 'trainAccuracy' ? 'train' : 'test'} accuracy`);
  for (const result of second.report.results) {
    const same = first.report.results.find(({ id }) => id === result.id);
    if (same !== undefined && canonicalText(same.metrics) !== canonicalText(result.metrics))
      throw differs(`the figures of ${result.attack}`);
  }
  const complexity = first.report.data.complexity ?? second.report.data.complexity;
  return {
    ...first,
    audit: { ...first.audit, results: union(first.audit.results, second.audit.results) },
    report: {
      ...first.report,
      data: { ...first.report.data, ...(complexity && { complexity }) },
      results: union(first.report.results.map(explained), second.report.results),
    },
  };

  function explained(result: Result): Result {
    const factors = result.factors ?? second.report.results.find(({ id }) => id === result.id)?.factors;
    return { ...result, ...(factors && { factors }) };
  }
}

/** What is not known differs from nothing. */
const different = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a !== b;

const union = <T extends { readonly id: string }>(first: readonly T[], second: readonly T[]): T[] => {
  const known = new Set(first.map(({ id }) => id));
  return [...first, ...second.filter(({ id }) => !known.has(id))];
};
