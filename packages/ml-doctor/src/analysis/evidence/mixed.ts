/** Targets of one figure must be comparable: made by the same program, under the same seeds. */

import { AuditError } from '../../errors.ts';
import type { Run, Target } from './evidence.ts';
import { targetText } from './facts.ts';

/**
 * @throws {AuditError} MLD_EVIDENCE_MIXED for targets that differ in their seeds, in the version of this program or of
 *   onnxruntime
 */
export function refuseMixed(targets: readonly Target[]): void {
  const runs = targets.flatMap((target) => target.runs.map((run) => ({ target, run })));
  refuse(runs, 'made by ml-doctor', ({ version }) => version, VERSIONS);
  refuse(runs, 'made with onnxruntime', ({ onnxruntime }) => onnxruntime, VERSIONS);
  const seeds = targets.map((target) => ({
    target,
    value: target.runs.map(({ seed }) => seed).join(', '),
  }));
  const usual = commonest(seeds.map(({ value }) => value));
  const odd = seeds.find(({ value }) => value !== usual);
  if (odd !== undefined)
    throw new AuditError(
      'MLD_EVIDENCE_MIXED',
      `${targetText(odd.target)} was audited under ${seedText(odd.value)}, others under ${seedText(usual)}`,
      'Run every target of the figure under the same seeds.',
    );
}

const VERSIONS =
  'Run all studies of the figure with one version; stored results of another are computed anew.';

function refuse(
  runs: readonly { readonly target: Target; readonly run: Run }[],
  what: string,
  of: (run: Run) => string | undefined,
  hint: string,
): void {
  const known = runs.flatMap(({ target, run }) => {
    const value = of(run);
    return value === undefined ? [] : [{ target, run, value }];
  });
  const usual = commonest(known.map(({ value }) => value));
  const odd = known.find(({ value }) => value !== usual);
  if (odd !== undefined)
    throw new AuditError(
      'MLD_EVIDENCE_MIXED',
      `${targetText(odd.target)} of ${odd.run.from} is ${what} ${odd.value}, others ${usual}`,
      hint,
    );
}

/** The first of equally common ones. */
function commonest(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}

const seedText = (seeds: string): string => `${seeds.includes(',') ? 'the seeds' : 'the seed'} ${seeds}`;
