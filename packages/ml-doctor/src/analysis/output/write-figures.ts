/** The files of an analysis: drawings and tables in a folder of their own, and the pages over them. */

import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makeFolders } from '../../files/atomic-write.ts';
import { unwritable } from '../../files/system-error.ts';
import { clearLeftovers, writeFiles } from '../../report/write.ts';
import { type DrawnChart, drawCharts } from './draw-charts.ts';
import { renderFiguresHtml } from './figures-html.ts';
import { comparisonsToMarkdown, figuresToMarkdown, tableToMarkdown } from './figures-markdown.ts';
import {
  type Analysis,
  type FigureEntry,
  figuresReport,
  figuresSchema,
  figuresToJson,
} from './figures-schema.ts';
import { FOLDER, filesOf } from './file-names.ts';
import { comparisonsToCsv, tableToCsv } from './tables-csv.ts';
import { comparisonsToLatex, tableToLatex } from './tables-latex.ts';

const JSON_NAME = 'figures.json';

/**
 * Writes `figures/`, then `figures.md`, `figures.html` and, last, `figures.json` into an existing folder; returns their
 * paths. Folders are 0700, files 0600 and each replaced at once. Of what lies in `figures/`, those files go that the
 * former `figures.json` names and this one does not; others stay.
 *
 * @throws AuditError MLD_OUTPUT_UNWRITABLE
 */
export async function writeFigures(
  dir: string,
  analysis: Analysis,
): Promise<{ json: string; html: string; md: string; figures: string }> {
  const report = figuresReport(analysis);
  const drawn = await drawCharts(analysis.figures);
  const parts = report.figures.flatMap((figure) => figureFiles(figure, drawn));
  const former = await formerFiles(dir);
  const folder = join(dir, FOLDER);
  try {
    await makeFolders(folder);
    await clearLeftovers(folder);
  } catch (cause) {
    throw unwritable(folder, cause, '--out');
  }
  await writeFiles(
    folder,
    parts.map(([path, content]) => [basename(path), content]),
  );
  await writeFiles(dir, [
    ['figures.md', figuresToMarkdown(report)],
    ['figures.html', renderFiguresHtml(report, drawn)],
    [JSON_NAME, figuresToJson(analysis)],
  ]);
  // Only now: until here a reader of the former page finds all of it.
  const kept = new Set(parts.map(([path]) => path.toLowerCase()));
  for (const path of former) if (!kept.has(path.toLowerCase())) await remove(join(dir, path));
  return {
    json: join(dir, JSON_NAME),
    html: join(dir, 'figures.html'),
    md: join(dir, 'figures.md'),
    figures: folder,
  };
}

function figureFiles(
  figure: FigureEntry,
  drawn: ReadonlyMap<string, DrawnChart>,
): (readonly [path: string, content: string])[] {
  const { charts, tables, comparisons, comparisonFiles: compared } = figure;
  return [
    ...charts.flatMap(({ files }) => {
      const chart = drawn.get(files.svg);
      if (chart === undefined) throw new Error(`internal: ${files.svg} was not drawn`);
      return [[files.spec, chart.spec] as const, [files.svg, chart.svg] as const];
    }),
    ...tables.flatMap((table) => [
      [table.files.csv, tableToCsv(table)] as const,
      [table.files.md, tableToMarkdown(table)] as const,
      [table.files.tex, tableToLatex(table)] as const,
    ]),
    ...(compared === undefined
      ? []
      : [
          [compared.csv, comparisonsToCsv(comparisons)] as const,
          [compared.md, comparisonsToMarkdown(figure)] as const,
          [compared.tex, comparisonsToLatex(figure)] as const,
        ]),
  ];
}

/** Nothing where there is no `figures.json`, or one that is not ours. */
async function formerFiles(dir: string): Promise<string[]> {
  try {
    const former = figuresSchema.safeParse(JSON.parse(await readFile(join(dir, JSON_NAME), 'utf8')));
    return former.success ? former.data.figures.flatMap(filesOf) : [];
  } catch {
    return [];
  }
}

async function remove(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (cause) {
    throw unwritable(path, cause, '--out');
  }
}
