/** The folder of an analysis: every file that is named is there, pages are sound, and only our own old files go. */

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleAnalysis, sampleFigures } from '../../../test/analysis/sample-figures.ts';
import { hostileText, structureOf } from '../../../test/report/page-structure.ts';
import { temporaryFolder } from '../../../test/study/temporary-folder.ts';
import type { Figure } from '../figure.ts';
import { drawCharts } from './draw-charts.ts';
import { renderFiguresHtml } from './figures-html.ts';
import { figuresToMarkdown } from './figures-markdown.ts';
import { type Analysis, figuresReport, figuresSchema, figuresToJson } from './figures-schema.ts';
import { renderFiguresTerminal } from './figures-terminal.ts';
import { filesOf } from './file-names.ts';
import { writeFigures } from './write-figures.ts';

const analysis = sampleAnalysis();
/** Without what takes time to draw. */
const plain = (name: string): Figure => ({ ...sampleFigures()[0]!, name, charts: [] });
const drawn = await drawCharts(analysis.figures);
const page = renderFiguresHtml(figuresReport(analysis), drawn);

describe('writeFigures', () => {
  it('writes what figures.json names, for the owner alone', async () => {
    const dir = temporaryFolder();
    const paths = await writeFigures(dir, analysis);
    const read = figuresSchema.parse(JSON.parse(readFileSync(paths.json, 'utf8')));
    const named = read.figures.flatMap(filesOf);
    expect(
      readdirSync(paths.figures)
        .map((name) => `figures/${name}`)
        .sort(),
    ).toEqual([...named].sort());
    expect(readdirSync(dir).sort()).toEqual(['figures', 'figures.html', 'figures.json', 'figures.md']);
    for (const path of [...named, 'figures.html', 'figures.md', 'figures.json'])
      expect(statSync(join(dir, path)).mode & 0o777).toBe(0o600);
    expect(readFileSync(paths.json, 'utf8')).toBe(figuresToJson(analysis));
    for (const link of readFileSync(paths.html, 'utf8').matchAll(/href="(figures\/[^"]*)"/g))
      expect(named).toContain(link[1]);
    for (const link of readFileSync(paths.md, 'utf8').matchAll(/\]\((figures\/[^)]*)\)/g))
      expect(named).toContain(link[1]);
  });

  it('takes its former files away, and none that are not its own', async () => {
    const dir = temporaryFolder();
    const { figures } = await writeFigures(dir, { ...analysis, figures: [plain('a'), plain('b')] });
    writeFileSync(join(figures, 'mine.csv'), 'x');
    await writeFigures(dir, { ...analysis, figures: [plain('b')] });
    const left = readdirSync(figures);
    expect(left).toContain('mine.csv');
    expect(left).toContain('b-targets.csv');
    expect(left.filter((name) => name.startsWith('a-'))).toEqual([]);
  });

  it('takes nothing away where figures.json is not ours', async () => {
    const dir = temporaryFolder();
    mkdirSync(join(dir, 'figures'));
    writeFileSync(join(dir, 'figures', 'a-targets.csv'), 'x');
    writeFileSync(join(dir, 'figures.json'), '{"figures":[{"files":["figures/a-targets.csv"]}]}');
    await writeFigures(dir, { ...analysis, figures: [] });
    expect(existsSync(join(dir, 'figures', 'a-targets.csv'))).toBe(true);
  });

  it('says when it cannot write', async () => {
    const dir = temporaryFolder();
    writeFileSync(join(dir, 'figures'), 'a file');
    await expect(writeFigures(dir, { ...analysis, figures: [] })).rejects.toMatchObject({
      code: 'MLD_OUTPUT_UNWRITABLE',
    });
    expect(existsSync(join(dir, 'figures.json'))).toBe(false);
  });
});

describe('drawings', () => {
  it('are files of their own: SVG with a title, and the specification it was drawn from', () => {
    expect(drawn.size).toBe(4);
    for (const { svg, spec } of drawn.values()) {
      expect(svg).toMatch(
        /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*width="[\d.]+" height="[\d.]+"/,
      );
      expect(svg).toMatch(/<title id="[^"]*">[^<]+<\/title><desc id="[^"]*">[^<]+<\/desc>/);
      structureOf(svg);
      expect(JSON.parse(spec)).toMatchObject({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json' });
      for (const [digits] of spec.matchAll(/\d+\.\d+/g))
        expect(Number(Number(digits).toPrecision(6))).toBe(Number(digits));
    }
  });
});

describe('figures.html', () => {
  it('is well-formed, offline, and has one element for each id', () => {
    structureOf(page);
    expect(page).not.toMatch(/<script|<link|src="http|href="http|@import|url\(http/);
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target);
  });

  it('says first what was found, and what agrees', () => {
    const first = page.slice(page.indexOf('<h1'), page.indexOf('<h2'));
    for (const { finding, title } of analysis.figures) {
      expect(first).toContain(title);
      expect(first).toContain(finding.replaceAll(' %', '\u00a0%'));
    }
    expect(first).toContain('1 reproduced, 1 differs, 1 not comparable');
    expect(first).toContain('1 more cannot be shown');
    expect(first).toContain('1 gap, named below its figure');
  });

  it('says a finding once in a section, also where a drawing has it for its description', async () => {
    const [figure] = sampleFigures() as [Figure];
    const { charts, finding } = figure;
    const same = { ...figure, charts: charts.map((chart) => ({ ...chart, description: finding })) };
    const report = figuresReport({ ...analysis, figures: [same] });
    const times = (text: string) => text.split(finding.replaceAll(' %', '\u00a0%')).length - 1;
    const html = renderFiguresHtml(report, new Map());
    expect(times(html.slice(html.indexOf('<h2')))).toBe(1);
    expect(figuresToMarkdown(report).split(finding.slice(0, 30))).toHaveLength(2);
  });

  it('tells agreement by word and sign, gaps and refusals by code and what to do', () => {
    expect(page).toContain('<b aria-hidden="true">✓</b>reproduced');
    expect(page).toContain('<b aria-hidden="true">≠</b>differs');
    expect(page).toContain('<b aria-hidden="true">○</b>not comparable');
    expect(page).toContain('4 targets lack inversion/mi-face. Add it to the study and run it again.');
    expect(page).toContain(
      '(shokri-2017/table-3)</strong> (<code>MLD_CONFIG</code>): no target has a mitigation.',
    );
    expect(page).toContain('CIFAR-10 stands in for STL10.');
    expect(page).toContain('0.711<span class="interval">0.691 to 0.731</span>');
  });

  it('is the same page for any text', () => {
    const spoilt = (text: string): Analysis => {
      const [figure] = analysis.figures as [Figure];
      const [comparison] = figure.comparisons;
      const [table] = figure.tables;
      const hole = { what: text, code: 'MLD_CONFIG', message: text, hint: text } as const;
      return {
        figures: [
          {
            ...figure,
            ...{ title: text, finding: text, notes: [text], holes: [hole] },
            comparisons: [
              {
                ...comparison!,
                what: text,
                reason: text,
                published: { ...comparison!.published, where: text },
              },
            ],
            tables: [
              {
                ...table!,
                caption: text,
                columns: [{ key: 'target', label: text }],
                rows: [{ target: text }],
              },
            ],
          },
        ],
        refused: [{ ...hole, what: 'a', title: text }],
        about: { ...analysis.about, title: text, command: text },
      };
    };
    const tagsOf = (text: string) => structureOf(renderFiguresHtml(figuresReport(spoilt(text)), drawn));
    const tags = tagsOf('t');
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(tagsOf(text)).toEqual(tags);
        expect(
          /[<>]/.exec(figuresToMarkdown(figuresReport(spoilt(text))).replace(/```[\s\S]*?\n```+/g, '')),
        ).toBeNull();
      }),
      { numRuns: 30 },
    );
  });
});

describe('the terminal', () => {
  const text = renderFiguresTerminal(analysis, { colour: false });

  it('has a finding for each figure, counts of agreements, gaps and refusals, within 80 columns', () => {
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    const flat = text.replace(/\s+/g, ' ');
    for (const { name, finding } of analysis.figures) expect(flat).toContain(`${name} ${finding}`);
    expect(flat).toContain('3 figures; published figures: 1 reproduced, 1 differs, 1 not comparable.');
    expect(flat).toContain(
      'Missing: ModInv <W,N> (MLD_CONFIG): 4 targets lack inversion/mi-face. Add it to the study',
    );
    expect(flat).toContain(
      'shokri-2017/table-3 Cannot be shown (MLD_CONFIG): no target has a mitigation. Run',
    );
  });

  it('cannot be steered by a text', () => {
    const [figure] = analysis.figures as [Figure];
    const steering = renderFiguresTerminal(
      { ...analysis, figures: [{ ...figure, finding: '\u001b[2Jgone\u0007' }] },
      { colour: false },
    );
    expect(/[^\P{Cc}\n]/u.exec(steering)).toBeNull();
  });
});

describe('figures.md', () => {
  const markdown = figuresToMarkdown(figuresReport(analysis));

  it('has findings, drawings, tables, comparisons, gaps and refusals', () => {
    for (const { title, finding } of analysis.figures) {
      expect(markdown).toContain(`## ${title}`);
      expect(markdown).toContain(finding.slice(0, 30));
    }
    expect([...markdown.matchAll(/^!\[/gm)]).toHaveLength(4);
    expect(markdown).toContain('Twenty targets; those that overfit more');
    expect(markdown).toContain(
      '| ModInv and MemInf | 0.300 (0.250 to 0.350), Fig. 9 | not measured | not comparable |',
    );
    expect(markdown).toContain('What mitigations change (shokri-2017/table-3)');
    expect(markdown).toContain('```sh\nml-doctor study --preset small\n```');
  });
});
