/** From the reports of a grid's audits to the study over all of them. */

import { dataOf, defenseOf, modelOf } from '../identity.ts';
import type { Report } from '../schema.ts';
import type { ReportFile } from '../write.ts';
import { type ResultChange, withChanges } from './changes.ts';
import { repeatsOf } from './repeats.ts';
import { reportPath, STUDY_SCHEMA_ID, type StudyAudit, type StudyReport } from './study-schema.ts';

/** An audit of the grid under the name of its folder. */
export interface NamedReport {
  readonly id: string;
  readonly report: Report;
  /** What belongs beside the report; nothing when left out. */
  readonly files?: readonly ReportFile[];
}

/**
 * Pure; audits stay in their order.
 *
 * @param about with what was found of changes on the records themselves; other changes come from the figures
 */
export function summariseStudy(
  reports: readonly NamedReport[],
  about: Pick<StudyReport, 'name' | 'command' | 'config' | 'tool' | 'holes'> & {
    readonly changes?: readonly ResultChange[];
  },
): StudyReport {
  const { name, tool, command, config, holes, changes } = about;
  const audits = withChanges(reports.map(summariseAudit), changes);
  return {
    schema: STUDY_SCHEMA_ID,
    ...(name !== undefined && { name }),
    tool,
    command,
    config,
    audits,
    repeats: repeatsOf(audits),
    holes,
  };
}

function summariseAudit({ id, report }: NamedReport): StudyAudit {
  const { privacy } = report.target;
  return {
    id,
    report: reportPath(id),
    data: dataOf(report),
    model: modelOf(report),
    defense: defenseOf(report),
    seed: report.seed,
    trainAccuracy: report.target.trainAccuracy,
    testAccuracy: report.target.testAccuracy,
    ...(privacy && { privacy: { epsilon: privacy.epsilon, delta: privacy.delta } }),
    results: report.results.map((result) => {
      const { level, reason, finding } = result.verdict;
      const { attribute, through, queries } = result;
      return {
        id: result.id,
        attack: result.attack,
        threatModel: result.threatModel,
        params: result.params,
        ...(attribute !== undefined && { attribute }),
        ...(through !== undefined && { through }),
        queries,
        references: result.references,
        metrics: result.metrics,
        level,
        ...(reason !== undefined && { reason }),
        ...(finding !== undefined && { finding }),
      };
    }),
    holes: report.holes.length,
  };
}
