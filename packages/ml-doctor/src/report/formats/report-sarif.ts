/** `report.sarif`: verdicts as findings, for services that collect them; without a policy each is at the level of its verdict. */

import { FAMILIES, type Family, familyOf, QUESTION } from '../family.ts';
import { asSentence } from '../format.ts';
import { reportTitle } from '../identity.ts';
import { attackLabels } from '../labels.ts';
import { LEVELS, type Level, type Report } from '../schema.ts';
import { findingName, LEVEL_HEADLINE, LEVEL_NAME } from '../verdict/overall.ts';
import { type SarifLevel, type SarifRule, sarifLog } from './sarif.ts';

/** Nothing found is no finding. */
const LEVEL: Readonly<Record<Exclude<Level, 'none-found'>, SarifLevel>> = {
  high: 'error',
  moderate: 'warning',
  inconclusive: 'warning',
  low: 'note',
};

const FOUND = LEVELS.filter((level) => level !== 'none-found');

/** A rule for each family and verdict. */
const RULES: readonly SarifRule[] = FAMILIES.flatMap((family) =>
  FOUND.map((level) => ({
    id: ruleId(family, level),
    name: [family, ...level.split('-')].map(capital).join(''),
    short: `${capital(family)}: ${LEVEL_NAME[level].toLowerCase()}`,
    full: asSentence(LEVEL_HEADLINE[family][level]),
    help: `${QUESTION[family]} What the levels mean, and what to do, stands in report.html.`,
    level: LEVEL[level],
  })),
);

/** @param file path of report.json, to which findings point: an audit knows no place in a source */
export function reportToSarif(report: Report, file: string): string {
  const labelOf = attackLabels(report.results);
  return sarifLog({
    tool: report.tool,
    rules: RULES,
    findings: report.results.flatMap((result) => {
      const { level, sentence, reason } = result.verdict;
      if (level === 'none-found') return [];
      return [
        {
          ruleId: ruleId(familyOf(result), level),
          level: LEVEL[level],
          message: `${labelOf(result)}: ${findingName(result.verdict)}. ${sentence}`,
          file,
          line: 1,
          fingerprint: result.id,
          properties: { attack: result.attack, verdict: level, ...(reason !== undefined && { reason }) },
        },
      ];
    }),
    notifications: report.holes.map(({ task, code, message, hint }) => ({
      id: code,
      message: `${task}: ${asSentence(message)} ${hint}`,
    })),
    properties: {
      audit: reportTitle(report),
      attacks: report.results.map(({ id, verdict }) => ({ id, verdict: verdict.level })),
    },
  });
}

function ruleId(family: Family, level: Level): string {
  return `${family}/${level}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
