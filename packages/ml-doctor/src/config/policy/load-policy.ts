/** Reads policies, YAML or JSON, as configurations are read: whatever is wrong comes with file, line, column and a remedy. */

import { open } from 'node:fs/promises';
import { AuditError } from '../../errors.ts';
import { systemReason } from '../../files/system-error.ts';
import type { RulePath } from '../../report/gate/check.ts';
import type { Policy, Selector } from '../../report/gate/policy.ts';
import { configSource } from '../config-source.ts';
import { MAX_LENGTH, readDocument } from '../document.ts';
import type { SchemaNode } from '../expectation.ts';
import { type Positions, positionsIn } from '../positions.ts';
import { shownValue } from '../show.ts';
import { structureProblems } from '../structure-problems.ts';
import { durationSeconds } from './duration.ts';
import { policyProblems } from './policy-problems.ts';
import { type PolicyInput, policySchema, policyStructure } from './policy-schema.ts';

/** More bytes than any text of the greatest length takes. */
const MAX_BYTES = 4 * MAX_LENGTH;

export interface LoadedPolicy {
  readonly policy: Policy;
  /** As it was named on the command line. */
  readonly file: string;
  /** Where a rule stands, both from 1; of a path that is not there, its nearest parent. */
  place(path: RulePath): { readonly line: number; readonly column: number };
}

/** @throws {AuditError} MLD_POLICY when it cannot be read or is no text, and what {@link parsePolicy} throws */
export async function loadPolicy(path: string): Promise<LoadedPolicy> {
  const bytes = await readSome(path);
  if (bytes.length > MAX_BYTES)
    throw new AuditError(
      'MLD_POLICY',
      `${path}: the file has more than ${MAX_BYTES} bytes`,
      'Check that it is the policy and not a report or data.',
    );
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new AuditError(
      'MLD_POLICY',
      `${path}: the file is not text in UTF-8`,
      'Save it as UTF-8; check that it is the policy and not a model or data.',
    );
  }
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

/** The file's bytes, or as many as show that there are too many; of a pipe too. */
async function readSome(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const buffer = Buffer.alloc(MAX_BYTES + 1);
      let filled = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, null);
        filled += bytesRead;
        if (bytesRead === 0 || filled === buffer.length) return buffer.subarray(0, filled);
      }
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new AuditError(
      'MLD_POLICY',
      `cannot read ${path}: ${systemReason(cause)}`,
      'Name a policy that you may read; `ml-doctor init --policy` writes one to start from.',
      { cause },
    );
  }
}
