/** Whether this installation measures right: runs checks one after the other and keeps what they find. */

import type { LoadedPlugin } from '../../study/plugins/loaded.ts';
import type { Check, Finding } from './check.ts';
import { engineChecks } from './known-gradients.ts';
import { statisticsChecks } from './known-statistics.ts';
import { familyChecks } from './other-families.ts';
import { firstCases, leakChecks } from './planted-leaks.ts';
import { pluginChecks } from './plugin-checks.ts';
import { sameBitsChecks } from './same-bits.ts';

export interface CheckResult {
  readonly group: string;
  readonly name: string;
  readonly ok: boolean;
  /** What does not hold. */
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

export interface CheckGroup {
  readonly name: string;
  readonly checks: readonly Check[];
}

/** Attacks that train nothing, or in a moment: with them a broken engine or measure shows within seconds. */
const QUICK = [
  'membership/loss-threshold',
  'membership/metric-threshold',
  'membership/label-only',
  'membership/rmia',
];

/** @param quick leaves out what takes more than a moment */
export const installationChecks = (quick: boolean): readonly CheckGroup[] => [
  { name: 'known answers', checks: [...statisticsChecks(), ...engineChecks()] },
  {
    name: 'planted leaks and null models',
    checks: leakChecks(
      quick ? { cases: firstCases().filter(({ attack }) => QUICK.includes(attack.name)) } : {},
    ),
  },
  ...(quick ? [] : [{ name: 'other attacks', checks: familyChecks() }]),
  { name: 'determinism', checks: sameBitsChecks() },
];

/** The contract suite over what a file brings. @throws {AuditError} MLD_PLUGIN for a `contract` that makes no sense */
export const pluginGroups = (plugins: readonly LoadedPlugin[]): readonly CheckGroup[] =>
  plugins.map((plugin) => ({ name: plugin.file, checks: pluginChecks(plugin) }));

/** @throws the reason of the signal, once it is aborted */
export const runChecks = async (
  groups: readonly CheckGroup[],
  signal: AbortSignal,
  onResult: (result: CheckResult) => void,
): Promise<readonly CheckResult[]> => {
  const results: CheckResult[] = [];
  for (const { name: group, checks } of groups)
    for (const { name, run } of checks) {
      signal.throwIfAborted();
      const started = performance.now();
      const findings = await run(signal).catch((error: unknown) => [
        {
          expected: 'no error',
          found: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
        },
      ]);
      signal.throwIfAborted();
      const seconds = (performance.now() - started) / 1000;
      const result = { group, name, ok: findings.length === 0, findings, seconds };
      results.push(result);
      onResult(result);
    }
  return results;
};
