/** Runs a study from configuration to reports: one a target, and the table over all of them. */

import type { ConfigSource, StudyConfig } from '../config/config.ts';
import { studyToJson } from '../config/study-text.ts';
import type { Run } from '../report/run-record.ts';
import type { StudyReport } from '../report/study/study-schema.ts';
import { type NamedReport, summariseStudy } from '../report/study/summarise-study.ts';
import { unwrittenSource } from './check/check-cells.ts';
import { expandGrid } from './expand-grid.ts';
import { groupHoles } from './results/assemble-report.ts';
import { AUDIT_COMMAND } from './run-audit.ts';
import { type RunOptions, runCells } from './run-cells.ts';

export const STUDY_COMMAND = 'ml-doctor study study.yaml';

export interface StudyRun {
  readonly study: StudyReport;
  readonly reports: readonly NamedReport[];
  readonly run: Run;
}

/** @throws the errors of {@link runCells} */
export const runGrid = async (
  config: StudyConfig,
  options: RunOptions,
  source: ConfigSource = unwrittenSource,
): Promise<StudyRun> => {
  // Every target's own report can be had again alone, from the configuration that it contains.
  const { reports, changes, holes, run } = await runCells(
    expandGrid(config),
    { source, command: AUDIT_COMMAND },
    options,
  );
  const study = summariseStudy(reports, {
    ...(config.name !== undefined && { name: config.name }),
    command: STUDY_COMMAND,
    config: studyToJson(config),
    tool: { name: 'ml-doctor', version: options.version },
    holes: groupHoles(holes),
    changes,
  });
  return { study, reports, run };
};
