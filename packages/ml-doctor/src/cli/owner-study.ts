/** The preset about one model of the user's: its audit under every defence that suits it. */

import { ownerStudy } from '../analysis/presets/owner.ts';
import { unwrittenSource } from '../audit/check/check-cells.ts';
import { loadConfig } from '../config/load-config.ts';
import { AuditError } from '../errors.ts';
import type { LoadedStudy } from './services.ts';

/**
 * @throws {AuditError} MLD_USAGE for a configuration that is no audit of a model trained here; MLD_CONFIG
 */
export async function loadOwnerStudy(
  path: string,
): Promise<{ readonly loaded: LoadedStudy; readonly notes: readonly string[] }> {
  const found = await loadConfig(path);
  if (found.kind !== 'audit')
    throw new AuditError(
      'MLD_USAGE',
      found.kind === 'study'
        ? `${path} configures a study of many models, and the preset is about one`
        : `${path} audits a model that is not trained here, which no defence of the training can be tried on`,
      'Name an audit of a model that is trained here; ml-doctor init writes one.',
    );
  const { study, skipped } = ownerStudy(found.config);
  return {
    loaded: { kind: 'study', config: study, source: unwrittenSource },
    notes: skipped.map(({ name, reason }) => `${name} is left out: ${reason}`),
  };
}
