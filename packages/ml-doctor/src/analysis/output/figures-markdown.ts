/** `figures.md`: all figures as one page for a repository, and single tables. */

import { asSentence } from '../../report/format.ts';
import { codeBlock, markdownTable, markdownText } from '../../report/formats/markdown-text.ts';
import { cellLine } from './cell-text.ts';
import {
  COMPARISON_HEADS,
  comparisonCaption,
  comparisonTexts,
  countsOf,
  countsText,
} from './comparison-table.ts';
import type { FigureEntry, FiguresReport, TableEntry } from './figures-schema.ts';

export function tableToMarkdown({
  caption,
  columns,
  rows,
}: Pick<TableEntry, 'caption' | 'columns' | 'rows'>): string {
  const table = markdownTable(
    columns.map(({ label }) => label),
    rows.map((row) => columns.map(({ key, digits }) => cellLine(row[key], digits))),
  );
  return `${captionText(caption)}\n\n${table}\n`;
}

export function comparisonsToMarkdown(figure: Pick<FigureEntry, 'title' | 'comparisons'>): string {
  const table = markdownTable(COMPARISON_HEADS, figure.comparisons.map(comparisonTexts));
  return `${captionText(comparisonCaption(figure))}\n\n${table}\n`;
}

/** Drawings are links to the SVG beside the page. */
export function figuresToMarkdown({
  title,
  command,
  tool,
  sources,
  figures,
  refused,
}: FiguresReport): string {
  const counts = countsText(countsOf(figures.flatMap(({ comparisons }) => comparisons)));
  return `${[
    `# ${markdownText(title)}`,
    ...(counts === undefined ? [] : [`Published figures: ${counts}.`]),
    ...figures.map(figureToMarkdown),
    ...(refused.length === 0
      ? []
      : [
          '## What cannot be shown',
          refused
            .map(({ what, title, code, message, hint }) => hole(`${title} (${what})`, code, message, hint))
            .join('\n'),
        ]),
    '## Where the numbers come from',
    codeBlock(command, 'sh'),
    ...(sources.length === 0
      ? []
      : [
          markdownTable(
            ['Study', 'Seeds', 'Version', 'Command'],
            sources.map(({ name, seeds, version, command }) => [name, seeds.join(', '), version, command]),
          ),
        ]),
    markdownText(`${tool.name} ${tool.version}`),
  ].join('\n\n')}\n`;
}

function figureToMarkdown(figure: FigureEntry): string {
  const { title, finding, charts, tables, comparisons, notes, holes } = figure;
  return [
    `## ${markdownText(title)}`,
    markdownText(finding),
    ...charts.map(
      // The finding stands above: it is not said twice.
      ({ title, description, files }) =>
        `![${markdownText(description === finding ? title : `${title}. ${description}`)}](${files.svg})`,
    ),
    ...tables.map((table) => tableToMarkdown(table).trimEnd()),
    ...(comparisons.length === 0 ? [] : [comparisonsToMarkdown(figure).trimEnd()]),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${markdownText(note)}`).join('\n')]),
    ...(holes.length === 0
      ? []
      : [
          'Missing:',
          holes.map(({ what, code, message, hint }) => hole(what, code, message, hint)).join('\n'),
        ]),
  ].join('\n\n');
}

const captionText = (caption: string): string => `**${markdownText(caption.trim())}**`;

const hole = (what: string, code: string, message: string, hint: string): string =>
  `- ${markdownText(what)} (${markdownText(code)}): ${markdownText(`${asSentence(message)} ${hint}`)}`;
