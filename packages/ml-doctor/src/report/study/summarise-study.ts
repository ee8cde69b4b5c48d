/** From the reports of a grid's audits to the study over all of them. */

import { dataOf, defenseOf, modelOf } from '../identity.ts';
import type { Report } from '../schema.ts';
import { reportPath, STUDY_SCHEMA_ID, type StudyAudit, type StudyReport } from './study-schema.ts';

/** An audit of the grid under the name of its folder. */
export interface NamedReport {
  readonly id: string;
  readonly report: Report;
}

/** Pure; audits stay in their order. */
export function summariseStudy(
  reports: readonly NamedReport[],
  about: Pick<StudyReport, 'name' | 'command' | 'config' | 'tool' | 'holes'>,
): StudyReport {
  const { name, tool, command, config, holes } = about;
  return {
    schema: STUDY_SCHEMA_ID,
    ...(name !== undefined && { name }),
    tool,
    command,
    config,
    audits: reports.map(summariseAudit),
    holes,
  };
}

function summariseAudit({ id, report }: NamedReport): StudyAudit {
  return {
    id,
    report: reportPath(id),
    data: dataOf(report),
    model: modelOf(report),
    defense: defenseOf(report),
    seed: report.seed,
    trainAccuracy: report.target.trainAccuracy,
    testAccuracy: report.target.testAccuracy,
    results: report.results.map(({ id: question, attack, threatModel, params, metrics, verdict }) => ({
      id: question,
      attack,
      threatModel,
      params,
      metrics,
      level: verdict.level,
    })),
    holes: report.holes.length,
  };
}
