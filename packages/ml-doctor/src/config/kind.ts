/** Tells an audit from a study: the one has a `target` (trained here, or the user's own), the other `models`. */

import type { LoadedConfig } from './config.ts';
import type { PlacedSource } from './config-source.ts';
import { OWN_TARGETS } from './own-schema.ts';
import { auditSchema, studySchema } from './schema.ts';
import { shownValue } from './show.ts';
import { nearName } from './suggest.ts';

const BOTH =
  'An audit has "target", data, attacks and seed; a study has "models" and lists of data, attacks and seeds.';

/** @throws {AuditError} MLD_CONFIG for what is neither or both */
export function kindOf(value: unknown, source: PlacedSource): LoadedConfig['kind'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw source.fault(
      [],
      `a configuration must be a mapping of keys to values, not ${shownValue(value, source.written([]))}`,
      typeof value === 'string' && /^\S+:\S/.test(value)
        ? 'Put a space after each colon.'
        : 'Begin with a key, as data: fashion-mnist-10k; `ml-doctor init` writes a configuration to start from.',
    );
  const keys = Object.keys(value);
  const isAudit = keys.includes('target');
  if (isAudit && keys.includes('models'))
    throw faultAtKey(
      source,
      keys.find((key) => key === 'target' || key === 'models') === 'target' ? 'models' : 'target',
      'the file has both "target", of an audit, and "models", of a study',
      BOTH,
    );
  if (isAudit) return isOwn((value as { readonly target?: unknown }).target) ? 'own' : 'audit';
  if (keys.includes('models')) return 'study';
  const known = [...Object.keys(auditSchema().shape), ...Object.keys(studySchema().shape)];
  for (const key of keys) {
    const near = known.includes(key) ? undefined : nearName(key, ['target', 'models']);
    if (near !== undefined)
      throw faultAtKey(source, key, `unknown key ${shownValue(key)} at the top`, `Did you mean "${near}"?`);
  }
  throw source.fault([], 'the file has neither "target", for an audit, nor "models", for a study', BOTH);
}

/** Of one's own model, which is not trained here. */
const isOwn = (target: unknown): boolean =>
  typeof target === 'object' &&
  target !== null &&
  !Object.hasOwn(target, 'train') &&
  OWN_TARGETS.some((kind) => Object.hasOwn(target, kind));

const faultAtKey = (source: PlacedSource, key: string, what: string, hint: string): Error =>
  source.first([{ path: [key], atKey: true, words: () => [what, hint] }])!;
