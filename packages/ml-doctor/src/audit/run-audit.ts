/** Runs an audit from configuration to report. */

import type { AuditConfig, ConfigSource } from '../config/config.ts';
import type { OwnAuditConfig } from '../config/own-config.ts';
import type { Run } from '../report/run-record.ts';
import type { Report } from '../report/schema.ts';
import type { ReportFile } from '../report/write.ts';
import { cellOf } from './cell.ts';
import { unwrittenSource } from './check/check-cells.ts';
import { type RunOptions, runCells } from './run-cells.ts';

/** How a configuration file is run; its own name is left out, as it differs between machines. */
export const AUDIT_COMMAND = 'ml-doctor audit audit.yaml';

/** A finished audit: the report, the files that belong beside it, and the record of the run. */
export interface AuditRun {
  readonly report: Report;
  readonly files: readonly ReportFile[];
  readonly run: Run;
}

/**
 * One target, attacked in every way that the configuration lists.
 *
 * @param how where the configuration stands, for messages, and the command that gives the report again.
 * @throws the errors of {@link runCells}
 */
export const runAudit = async (
  config: AuditConfig | OwnAuditConfig,
  options: RunOptions,
  how: { readonly source?: ConfigSource; readonly command?: string } = {},
): Promise<AuditRun> => {
  const { source = unwrittenSource, command = AUDIT_COMMAND } = how;
  const { reports, run } = await runCells(
    ['own' in config ? { ownAudit: config } : cellOf(config)],
    { source, command },
    options,
  );
  const [only] = reports;
  if (only === undefined) throw new Error('internal: an audit without a report');
  return { report: only.report, files: only.files, run };
};
