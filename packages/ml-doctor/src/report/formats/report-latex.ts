/** `report.tex`: the figures of an audit as a table, to be taken into a paper. */

import { byTable, tableOf } from '../family.ts';
import { formatMetric, metricLabel } from '../format.ts';
import { reportTitle } from '../identity.ts';
import { attackLabels } from '../labels.ts';
import type { Report, Result } from '../schema.ts';
import { latexText } from '../study/matrix/latex.ts';
import { bySeverity, findingName } from '../verdict/overall.ts';
import { keyMetrics } from './key-metrics.ts';

/** One `table` float in the style of the package `booktabs`: a line per headline metric, attacks of a family between rules. */
export function reportToLatex(report: Report): string {
  const labelOf = attackLabels(report.results);
  const groups = byTable(bySeverity(report.results), tableOf);
  const failed = report.holes.length;
  const caption = `Privacy audit of ${reportTitle(report)}: headline figures of each attack with 95 % intervals.${failed === 0 ? '' : ` ${failed} ${failed === 1 ? 'task' : 'tasks'} failed and what they would have told is missing.`}`;
  return [
    '% Written by ml-doctor report. Needs \\usepackage{booktabs}; \\input this file.',
    '\\begin{table}',
    '\\centering\\footnotesize',
    `\\caption{${latexText(caption)}}`,
    '\\begin{tabular}{llccl}',
    '\\toprule',
    line(['Attack', 'Figure', 'Value', 'Interval', 'Level']),
    '\\midrule',
    ...(groups.length === 0 ? [line(['No attack finished', '', '', '', ''])] : []),
    ...groups.flatMap(({ items }, i) => [
      ...(i === 0 ? [] : ['\\midrule']),
      ...items.flatMap((result) => attackLines(result, labelOf(result))),
    ]),
    '\\bottomrule',
    '\\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}

/** The attack and its level stand in its first line only. */
function attackLines(result: Result, label: string): string[] {
  const level = findingName(result.verdict);
  const metrics = keyMetrics(result);
  if (metrics.length === 0) return [line([label, 'not measured', '', '', level])];
  return metrics.map(([name, metric], i) => {
    const { value, interval } = formatMetric(name, metric);
    return line([i === 0 ? label : '', metricLabel(name), value, interval, i === 0 ? level : '']);
  });
}

/** Braces keep a cell that begins with a bracket or a star from being taken for an option of the line break before it. */
const line = (cells: readonly string[]): string =>
  `${cells.map((text) => `{${latexText(text)}}`).join(' & ')} \\\\`;
