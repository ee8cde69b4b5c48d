/** Reads policies, YAML or JSON, as configurations are read: whatever is wrong comes with file, line, column and a remedy. */

import type { RulePath } from '../../report/gate/check.ts';
import type { Policy, Selector } from '../../report/gate/policy.ts';
import { configSource } from '../config-source.ts';
import { readDocument } from '../document.ts';
import type { SchemaNode } from '../expectation.ts';
import { type Positions, positionsIn } from '../positions.ts';
import { readText } from '../read-text.ts';
import { shownValue } from '../show.ts';
import { structureProblems } from '../structure-problems.ts';
import { durationSeconds } from './duration.ts';
import { policyProblems } from './policy-problems.ts';
import { type PolicyInput, policySchema, policyStructure } from './policy-schema.ts';

export interface LoadedPolicy {
  readonly policy: Policy;
  /** As it was named on the command line. */
  readonly file: string;
  /** Where a rule stands, both from 1; of a path that is not there, its nearest parent. */
  place(path: RulePath): { readonly line: number; readonly column: number };
}

/** @throws {AuditError} MLD_POLICY when it cannot be read or is no text, and what {@link parsePolicy} throws */
export async function loadPolicy(path: string): Promise<LoadedPolicy> {
  const text = await readText(path, {
    code: 'MLD_POLICY',
    name: 'the policy',
    advice: 'Name a policy that you may read; `ml-doctor init --policy` writes one to start from.',
  });
  return parsePolicy(text, path);
}

/**
 * Reads the text of a policy; `file` is its name in messages.
 * @throws {AuditError} MLD_POLICY, beginning with `FILE:LINE:COLUMN: `
 */
export function parsePolicy(text: string, file: string): LoadedPolicy {
  const plain = text.replace(/^\uFEFF/, '');
  const positions = ofPolicy(positionsIn(plain, file));
  const { value, place } = readDocument(plain, positions);
  const source = configSource(place, positions);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw source.fault(
      [],
      `a policy must be a mapping of keys to values, not ${shownValue(value, source.written([]))}`,
      'Begin with a key, as maximumAge: 30d; `ml-doctor init --policy` writes a policy to start from.',
    );
  const parsed = policySchema.safeParse(value);
  const error = source.first(
    parsed.success
      ? policyProblems(parsed.data, source)
      : structureProblems(parsed.error.issues, { value, source, schema: policyStructure() as SchemaNode }),
  );
  if (error !== undefined) throw error;
  if (!parsed.success) throw new Error('internal: a policy was refused without a reason');
  return {
    policy: complete(parsed.data),
    file,
    place: (path) => {
      const [line, column] = source.at(path).split(':').map(Number);
      return { line: line!, column: column! };
    },
  };
}

/** What the shared reader says of configurations, said of policies, with their code. */
function ofPolicy(positions: Positions): Positions {
  return {
    at: positions.at,
    error: (offset, what, hint, code = 'MLD_POLICY') =>
      positions.error(
        offset,
        what.replace(/^a configuration /, 'a policy '),
        hint.replace('`ml-doctor init`', '`ml-doctor init --policy`').replace(/configuration/g, 'policy'),
        code,
      ),
  };
}

function complete(input: PolicyInput): Policy {
  const { $schema: _, name, limits, required, maximumAge, tool, target, baseline, ...rest } = input;
  return {
    ...rest,
    ...(name !== undefined && { name }),
    limits: (limits ?? []) as Policy['limits'],
    verdicts: (input.verdicts ?? {}) as Policy['verdicts'],
    required: (required ?? []).map(
      (item) => (typeof item === 'string' ? { attack: item } : item) as Selector,
    ),
    ...(maximumAge !== undefined && {
      maximumAge: { seconds: durationSeconds(maximumAge)!, written: maximumAge },
    }),
    ...(tool !== undefined && { tool }),
    ...(target !== undefined && { target: target as NonNullable<Policy['target']> }),
    ...(baseline !== undefined && { baseline: baseline as NonNullable<Policy['baseline']> }),
  };
}
