/** `report.md`: an audit in short, to be put into the description or a comment of a pull request. */

import { byTable, type Table, tableOf } from '../family.ts';
import {
  asSentence,
  describeThreatModel,
  formatMetric,
  metricLabel,
  percentWithInterval,
  plural,
} from '../format.ts';
import { defenseOf, defenseText, isOwn, reportTitle } from '../identity.ts';
import { attackLabels } from '../labels.ts';
import { notRunByReason, RERUN_OWN, recordFacts } from '../own.ts';
import type { Report, Result } from '../schema.ts';
import { bySeverity, findingName, headlineOf, nextSteps, worstResult } from '../verdict/overall.ts';
import { keyMetrics } from './key-metrics.ts';
import { codeBlock, markdownTable, markdownText } from './markdown-text.ts';

const TITLE: Readonly<Record<Table, string>> = {
  membership: 'Membership: who was in the training data',
  audit: 'Audit of the training: how private it is at most',
  inversion: 'Inversion: what the training data looks like',
  attribute: 'Attributes: what can be guessed about a person',
  stealing: 'Stealing: how good a copy queries buy',
};

/** Verdict, figures, what to do and how to reproduce; all that is longer folded away. Every text of the report is escaped. */
export function reportToMarkdown(report: Report): string {
  const worst = worstResult(report);
  const groups = byTable(bySeverity(report.results), tableOf);
  const labelOf = attackLabels(report.results);
  return `${[
    `## Privacy audit of ${markdownText(reportTitle(report))}`,
    worst === undefined
      ? 'No attack finished, so nothing is known about this model.'
      : `**${markdownText(findingName(worst.verdict))}**: ${markdownText(asSentence(headlineOf(worst)))} ${markdownText(`${labelOf(worst)}: ${worst.verdict.sentence}`)}`,
    ...warnings(report),
    ...groups.flatMap(({ table, items }) => [
      ...(groups.length > 1 ? [`### ${TITLE[table]}`] : []),
      figures(items, labelOf),
    ]),
    ...missing(report),
    '### What to do next',
    nextSteps(report)
      .map((step) => `- ${markdownText(step)}`)
      .join('\n'),
    details('What each attack found', findings(report.results, labelOf)),
    ...notRun(report),
    details('Model and data', facts(report)),
    details('How to reproduce', reproduction(report)),
  ].join('\n\n')}\n`;
}

function warnings({ target }: Report): string[] {
  return [
    ...(target.warnings ?? []).map((text) => `**Warning**: ${markdownText(text)}`),
    ...(target.notes ?? []).map((text) => `Mind: ${markdownText(text)}`),
  ];
}

function figures(results: readonly Result[], labelOf: (result: Result) => string): string {
  return markdownTable(
    ['Attack', 'Figure', 'Value', '95 % interval', 'Level'],
    results.map((result) => {
      const [first] = keyMetrics(result);
      const cells =
        first === undefined
          ? ['not measured', '', '']
          : [metricLabel(first[0]), formatMetric(...first).value, formatMetric(...first).interval];
      return [labelOf(result), ...cells, findingName(result.verdict)];
    }),
  );
}

function missing({ holes }: Report): string[] {
  if (holes.length === 0) return [];
  const lines = holes.map(
    ({ task, code, message, hint, blocked }) =>
      `- ${markdownText(`${task} failed [${code}]: ${asSentence(message)} ${hint}${blocked.length === 0 ? '' : ` Not run because of it: ${blocked.join(', ')}.`}`)}`,
  );
  return ['### Missing', lines.join('\n')];
}

function notRun(report: Report): string[] {
  const reasons = notRunByReason(report);
  if (reasons.length === 0) return [];
  const lines = reasons.map(
    ({ why, attacks }) => `- ${attacks.map(markdownText).join(', ')}: ${markdownText(why)}`,
  );
  return [
    details(
      `${plural(report.notRun?.length ?? 0, 'attack')} that nobody named and that were not run`,
      lines.join('\n'),
    ),
  ];
}

function findings(results: readonly Result[], labelOf: (result: Result) => string): string {
  if (results.length === 0) return 'Nothing.';
  return results
    .map((result) => {
      const told = [
        `${describeThreatModel(result.threatModel, result.references, result)}. ${result.verdict.sentence}`,
        ...(result.factors === undefined ? [] : [result.factors.sentence]),
      ].join(' ');
      return `- **${markdownText(labelOf(result))}**: ${markdownText(told)}`;
    })
    .join('\n');
}

function facts(report: Report): string {
  const { target, data } = report;
  const accuracy = (metric: Report['target']['trainAccuracy']) =>
    metric === null ? 'unknown' : percentWithInterval(metric);
  return markdownTable(
    ['', ''],
    [
      ['Model', `${target.name}, ${target.classes} classes`],
      ['Defence', defenseText(defenseOf(report))],
      ...(isOwn(report)
        ? recordFacts(report)
        : [
            ['Training accuracy', accuracy(target.trainAccuracy)],
            ['Test accuracy', accuracy(target.testAccuracy)],
            ['Data', data.id],
            [
              'Records',
              Object.entries(data.splits)
                .map(([role, count]) => `${count} ${role}`)
                .join(', '),
            ],
          ]),
    ],
  );
}

function reproduction(report: Report): string {
  const { command, config, seed, tool, data, target } = report;
  const file = target.sha256 === undefined ? '' : `, model file with SHA-256 ${target.sha256}`;
  return [
    markdownText(
      `${tool.name} ${tool.version}, seed ${seed}, data ${data.id} with SHA-256 ${data.contentHash}${file}.`,
    ),
    ...(isOwn(report) ? [RERUN_OWN] : []),
    codeBlock(command, 'sh'),
    ...(isOwn(report)
      ? []
      : ['The whole configuration; saved as a file, `ml-doctor audit FILE` gives this report again:']),
    codeBlock(JSON.stringify(config, null, 1), 'json'),
  ].join('\n\n');
}

/** Blank lines, so that what is inside is read as Markdown. */
function details(summary: string, inside: string): string {
  return `<details><summary>${summary}</summary>\n\n${inside}\n\n</details>`;
}
