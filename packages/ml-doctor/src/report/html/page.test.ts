/** The page is whole, closed to the outside, and keeps its structure whatever the report's texts contain. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileText, sectionOf, structureOf } from '../../../test/report/page-structure.ts';
import { type Draft, sampleReport, sampleRun } from '../../../test/report/sample-report.ts';
import { exposedEntries } from '../../../test/report/with-exposed.ts';
import { escapeHtml, html } from './markup.ts';
import { renderHtml } from './page.ts';

/** The sample with every free text replaced. */
function withText(text: string): Draft {
  const report = sampleReport();
  const result = report.results[0]!;
  Object.assign(report.target, { name: text });
  Object.assign(report.data, { id: text, source: text, licence: text, splits: { [text]: 5 } });
  Object.assign(report.tool, { name: text, version: text });
  report.command = text;
  report.name = text;
  report.config = { [text]: [text, { [text]: text }], defense: { [text]: { p: text } } };
  Object.assign(result, { source: text, params: { [text]: text, list: [text] }, notes: [text] });
  result.defense = { name: text, params: { p: text } };
  result.verdict = { ...result.verdict, level: 'high', sentence: text, advice: [text] };
  result.metrics.auc!.method = text;
  result.baselines = [{ name: text, metrics: {} }];
  const slice = { by: text, records: result.records, metrics: { auc: result.metrics.auc! } };
  result.slices = [
    { ...slice, value: text },
    { ...slice, value: `${text}2` },
  ];
  result.exposed = [{ record: 3, row: text, class: text, score: 1, falsePositives: 0 }];
  result.artifacts = [{ path: text, kind: text, sha256: 'a'.repeat(64), containsTrainingRecords: true }];
  report.holes = [{ task: text, code: text, message: text, hint: text, blocked: [text] }];
  return report;
}

describe('renderHtml', () => {
  it('is well-formed and opens with title and verdict', async () => {
    const page = await renderHtml(sampleReport(), sampleRun());
    structureOf(page);
    const places = [
      '<h1>SimpleCNN',
      'class="verdict',
      'In one sentence each</h2>',
      'What to do next</h2>',
      'Threat models compared</h2>',
      'Key figures</h2>',
      'aria-labelledby="roc-title',
      'Defences tried</h2>',
      'The attacks</h2>',
      'How to read this: assumptions and limits</h2>',
      'Get the same report again</h2>',
      'Glossary</h2>',
    ];
    const found = places.map((part) => page.indexOf(part));
    expect(found.every((at) => at > 0)).toBe(true);
    expect(found).toEqual([...found].sort((a, b) => a - b));
  });

  it('says everything that is in the report', async () => {
    const report = sampleReport();
    const page = await renderHtml(report, sampleRun());
    for (const { attack, source, id, verdict, notes } of report.results) {
      for (const text of [attack, source, id, verdict.sentence, ...notes])
        expect(page).toContain(escapeHtml(text));
    }
    for (const text of [
      report.command,
      report.data.contentHash,
      report.data.licence,
      '2026-03-02',
      '421,642',
    ]) {
      expect(page).toContain(escapeHtml(text));
    }
  });

  it('tells attacks of one name apart, in words that tell what each attacker has', async () => {
    const report = sampleReport();
    const [first, second] = report.results;
    Object.assign(second!, { attack: first!.attack, threatModel: first!.threatModel });
    Object.assign(first!, {
      params: { shadowData: 'real' },
      references: { count: 16, pool: 'with-candidates' },
    });
    Object.assign(second!, { params: { shadowData: 'noisy' }, references: { count: 3, pool: 'synthetic' } });
    const page = await renderHtml(report);
    structureOf(page);
    const below = page.slice(page.indexOf('<nav'));
    // In both tables, in legend and numbers of the curves, and on its card.
    for (const variant of ['(shadowData real)', '(shadowData noisy)'])
      expect(below.split(variant)).toHaveLength(6);
    expect(page.slice(0, page.indexOf('<nav'))).toMatch(/loss-threshold \(shadowData (real|noisy)\)/);
    expect(page).toContain(
      'trains 16 models on random halves that contain the audited records: a stronger attacker',
    );
    expect(page).toContain('trains 3 models on made-up records</dd>');
    expect(await renderHtml(sampleReport())).not.toContain('tronger attacker');
  });

  it('shows every group of records and stays small with many classes and attacks', async () => {
    const report = sampleReport();
    const [first] = report.results;
    const metrics = {
      auc: first!.metrics.auc!,
      balancedAccuracy: first!.metrics.balancedAccuracy!,
      'tprAtFpr0.01': first!.metrics['tprAtFpr0.01']!,
    };
    const slices = Array.from({ length: 100 }, (_, i) => ({
      ...{ by: 'class', value: `class ${i}`, records: { members: 1000 + i, nonMembers: 2000 } },
      metrics,
    }));
    const few = ['f', 'm'].map((value) => ({
      ...slices[0]!,
      by: 'sex',
      value,
      metrics: { auc: metrics.auc },
    }));
    report.results = Array.from({ length: 20 }, (_, i) => ({
      ...first!,
      id: `${first!.id}${i}`,
      params: { k: i },
      slices: [...slices, ...few],
      artifacts: [
        {
          path: `artifacts/${i}.parquet`,
          kind: 'scores',
          sha256: 'a'.repeat(64),
          containsTrainingRecords: true,
        },
      ],
    }));
    const page = await renderHtml(report);
    structureOf(page);
    expect(page.split('<summary>By class (100 groups)</summary>')).toHaveLength(21);
    expect(page.split('<details class="slices" open><summary>By sex (2 groups)</summary>')).toHaveLength(21);
    expect(page).toContain(
      '<th scope="row" class="name">class 99</th><td data-label="Members, others">1,099, 2,000</td>',
    );
    expect(page).toContain('<summary>20 files about single training records</summary>');
    expect(page).toContain('<code>artifacts/7.parquet</code> (scores)');
    expect(page.length).toBeLessThan(3e6);
  });

  it('has tails from coarse to fine', async () => {
    const report = sampleReport();
    const { metrics } = report.results[0]!;
    for (const rate of ['0.0001', '0.001']) metrics[`tprAtFpr${rate}`] = metrics['tprAtFpr0.01']!;
    const page = await renderHtml(report);
    const card = page.slice(page.indexOf('<article>'));
    const places = ['TPR at 1', 'TPR at 0.1', 'TPR at 0.01'].map((text) =>
      card.indexOf(`${text}\u00a0% FPR</th>`),
    );
    expect(places.every((at) => at > 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('is titled as the configuration says, and names what it is about besides', async () => {
    const report = { ...sampleReport(), results: [], config: { defense: { l2: { lambda: 0.25 } } } };
    expect(await renderHtml(report)).toContain('<h1>SimpleCNN on fashion-mnist-10k, defended by l2</h1>');
    const page = await renderHtml({ ...report, name: 'Nightly' });
    expect(page).toContain('<h1>Nightly</h1>\n<p>SimpleCNN on fashion-mnist-10k, defended by l2</p>');
    expect(page).toContain('<dt>Defence</dt><dd>l2 (lambda 0.25)</dd>');
    expect(await renderHtml(sampleReport())).not.toContain('<dt>Defence</dt><dd>none (');
  });

  it('holds what was expected against what it took', async () => {
    expect(await renderHtml(sampleReport(), sampleRun())).toContain(
      'took 3 min 12 s; the tasks alone 3 min 05 s, estimated 2 min 55 s. On the same',
    );
    const { estimate: _, ...run } = sampleRun();
    expect(await renderHtml(sampleReport(), run)).not.toContain('estimated');
  });

  it('names the most exposed records, the first twenty openly, and shows them only where the report does', async () => {
    const report = sampleReport();
    expect(await renderHtml(report)).not.toContain('The most exposed records');
    Object.assign(report.results[0]!, { exposed: exposedEntries(30) });
    const section = sectionOf(await renderHtml(report), 'The most exposed records');
    expect(section).toContain('3 records of 2,500 members score higher than every one of 2,500 non-members.');
    const [open, folded] = section.split('<details');
    const rows = (text: string) =>
      [...text.matchAll(/<tr><td>(\d+)<\/td><th scope="row">(\d+)</g)].map(([, rank, record]) => [
        Number(rank),
        Number(record),
      ]);
    expect(rows(open!)).toEqual(Array.from({ length: 20 }, (_, i) => [i + 1, 7 * i + 3]));
    expect(rows(folded!)).toEqual(Array.from({ length: 10 }, (_, i) => [i + 21, 7 * (i + 20) + 3]));
    expect(open).toContain('<td>0 others</td>');
    expect(open).toContain('<td>1 other (0.04\u00a0%)</td>');
    expect(section).not.toMatch(/<img|Where<\/th>/);
    const shown = { png: 'iVBORw0KGgoAAAA=' };
    report.results[0]!.exposed = [
      ...exposedEntries(2, { row: 'members.csv, row 17', picture: shown }),
    ] as never;
    const page = await renderHtml(report);
    expect(sectionOf(page, 'The most exposed records')).toContain(
      'src="data:image/png;base64,iVBORw0KGgoAAAA="',
    );
    expect(sectionOf(page, 'The most exposed records')).toContain('<td>members.csv, row 17</td>');
    expect(page).toContain('This page itself shows training records</strong>: the most exposed records.');
  });

  it('loads nothing and runs nothing', async () => {
    const page = await renderHtml(sampleReport(), sampleRun());
    expect(page).toContain(
      `http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:;`,
    );
    expect(page).not.toMatch(
      /<(script|link|img|iframe|object|form)\b|\s(src|on\w+)=|\shref="(?!#)|@import|url\((?!#)/i,
    );
  });

  it('depends on the report alone when there is no run', async () => {
    expect(await renderHtml(sampleReport())).toBe(await renderHtml(sampleReport()));
    expect(await renderHtml(sampleReport())).not.toContain('2026-03-02');
  });

  it('puts the worst attack first everywhere', async () => {
    // The configuration, too, names attacks, in an order of its own.
    const report = { ...sampleReport(), config: {} };
    report.results[1]!.verdict.level = 'high';
    const [second, worst] = report.results.map(({ attack }) => attack);
    for (const part of (await renderHtml(report))
      .split('<h2')
      .filter((section) => section.includes(second!))) {
      expect(part.indexOf(worst!)).toBeGreaterThan(0);
      expect(part.indexOf(worst!)).toBeLessThan(part.indexOf(second!));
    }
  });

  it('shows holes before figures, and says when nothing is known', async () => {
    const report = withText('gone');
    const page = await renderHtml(report);
    expect(page.indexOf('What is missing')).toBeGreaterThan(0);
    expect(page.indexOf('What is missing')).toBeLessThan(page.indexOf('Key figures'));
    const nothing = await renderHtml({ ...report, results: [] });
    structureOf(nothing);
    expect(nothing).toContain('No attack finished');
  });

  it('keeps its structure whatever the texts are', async () => {
    const plain = structureOf(await renderHtml(withText('x'), sampleRun()));
    await fc.assert(
      fc.asyncProperty(hostileText, async (hostile) => {
        expect(structureOf(await renderHtml(withText(hostile), sampleRun()))).toEqual(plain);
      }),
      { numRuns: 60 },
    );
    expect(plain).toContain('article ');
  });
});

describe('html', () => {
  it('escapes values, not markup, and leaves out what is absent', () => {
    expect(
      html`<b title="${'"'}">${'<'}${html`<i>${1}</i>`}${[1, 'a']}${false}${null}${undefined}</b>`.text,
    ).toBe('<b title="&#34;">&#60;<i>1</i>1a</b>');
  });

  it('is undone by reading the entities', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const back = escapeHtml(text).replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
        expect(back.replaceAll('\u00a0%', ' %')).toBe(text);
      }),
    );
  });
});
