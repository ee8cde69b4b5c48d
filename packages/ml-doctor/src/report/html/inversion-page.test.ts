/** Inversions on the page: what was reconstructed stands beside what it resembles, with the words that belong to it. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileText, sectionOf, structureOf } from '../../../test/report/page-structure.ts';
import {
  sampleInversion,
  sampleInversionReport,
  sampleMixedReport,
  sampleRowInversionReport,
} from '../../../test/report/sample-inversion.ts';
import { type Draft, sampleReport, sampleRun } from '../../../test/report/sample-report.ts';
import { canonicalValue, reportToJson } from '../canonical.ts';
import { reportSchema } from '../schema.ts';
import { tilesOf } from './gallery.ts';
import { escapeHtml } from './markup.ts';
import { renderHtml } from './page.ts';

/** Text of a piece of markup, tags as bars. */
const textOf = (markup: string) =>
  markup
    .replace(/<[^>]*>/g, '|')
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replaceAll('\u00a0', ' ')
    .replace(/\s*\|[|\s]*/g, '|');

const rowsOf = (page: string, from: string) => {
  const part = page.slice(page.indexOf(from));
  const table = part.slice(part.indexOf('<tbody>'), part.indexOf('</tbody>'));
  return [...table.matchAll(/<tr>[\s\S]*?<\/tr>/g)].map(([row]) => row.split(/<\/t[dh]>/).map(textOf));
};

const tilesIn = (page: string) => page.match(/<figure class="tile">[\s\S]*?<\/figure>/g) ?? [];

describe('a report with inversions alone', async () => {
  const report = sampleInversionReport();
  const page = await renderHtml(report, sampleRun());

  it('is well-formed, loads nothing, and speaks of what data looks like', () => {
    structureOf(page);
    expect(page).toContain('<p class="soft">Can someone find out what the training data looks like?</p>');
    expect(page).toContain('<h2>Reconstructions show a little of what the model learnt</h2>');
    expect(page).toContain('shows the class, not the people');
    expect(page).not.toMatch(
      /<(script|link|iframe|object|form)\b|\son\w+=|\shref="(?!#)|@import|url\((?!#)/i,
    );
    for (const [, source] of page.matchAll(/\ssrc="([^"]*)"/g))
      expect(source).toMatch(/^data:image\/png;base64,[A-Za-z0-9+/=]+$/);
  });

  it('has its own key figures, with the best of the baselines', () => {
    const [first, second] = rowsOf(page, '>Key figures</h2>');
    expect(first!.slice(0, 5)).toEqual([
      '|inversion/|secret-revealer',
      '|90 %|84 % to 96 %|',
      '|98 %|best auxiliary record|',
      '|52 %|42 % to 62 %|p 0.410|',
      '|52 %|40 % to 64 %|p 0.410|',
    ]);
    expect(second![0]).toBe('|inversion/|mi-face');
    expect(page).not.toContain('TPR at 1');
  });

  it('shows every reconstruction with the records nearest to it', () => {
    const tiles = tilesIn(page);
    expect(tiles).toHaveLength(20);
    const { gallery } = report.results[1]!;
    const entry = gallery![4]!;
    const tile = tiles.find((each) => each.includes((entry.reconstruction as { png: string }).png))!;
    const places = [entry.reconstruction, entry.nearestMember, entry.nearestNonMember].map((shown) =>
      tile.indexOf(`src="data:image/png;base64,${(shown as { png: string }).png}"`),
    );
    expect(places.every((at) => at > 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(tile.match(/alt="[^"]+"/g)).toEqual([
      'alt="Reconstruction of class Coat"',
      'alt="Training record of class Coat nearest to it"',
      'alt="Record of class Coat nearest to it that was not used in training"',
    ]);
    expect(textOf(tile)).toContain('|Coat|confidence of the model 90 %|');
    expect(textOf(tile)).toContain(
      '|Recognised by the judge|yes|Distance to the nearest member|0.061|Distance to the nearest non-member|0.062|SSIM to the nearest member|0.430|',
    );
    expect(textOf(tiles[3]!)).toContain('|none|Nearest non-member|');
  });

  it('sets baselines beside the attack, figure by figure', () => {
    const rows = rowsOf(page, 'The same figures of what needs no attack');
    expect(rows[0]).toEqual([
      '|Judge accuracy',
      '|90 %|84 % to 96 %|',
      '|85 %|80 % to 90 %|',
      '|98 %|93 % to 100 %|',
      '|12 %|7 % to 17 %|',
      '|10 %|5 % to 15 %|',
      '|',
    ]);
    expect(rows[1]!.slice(0, 3)).toEqual(['|Gain in judge accuracy', '|–', '|+5.0 points|−3.0 to +13.0|']);
    expect(rows.map(([name]) => name)).toContain('|MSE to the class mean, values in [0, 1]');
  });

  it('says what guessing reaches, and what the attacker trained', () => {
    expect(textOf(page)).toContain('|Judge accuracy|90 %|84 % to 96 %|10 %|');
    expect(textOf(page)).toContain('|Judge accuracy, top 5|98 %|92 % to 100 %|50 %|');
    expect(page).toContain('trains a generator on 5,000 records of other data of the same kind (40 epochs)');
    expect(page).toContain('has no data of its own; trains no models</dd>');
    expect(page).toContain(
      '10 reconstructions of 10 classes, compared with 2,500 members and 2,500 non-members, 30,000 records',
    );
  });

  it('explains its own figures only', () => {
    const reading = sectionOf(page, 'How to read this: assumptions and limits');
    expect(reading).toContain('<strong>Judge accuracy</strong>');
    expect(reading).not.toMatch(/AUC|TPR/);
    expect(reading).toContain('hold it against that of the all-zero input');
  });

  it('warns that the page itself shows training records, where it does', async () => {
    expect(page).toContain('<strong>This page itself shows training records</strong>');
    expect(page).not.toContain('pass on this page rather than the folder');
    const none = sampleInversionReport();
    for (const { gallery } of none.results) for (const entry of gallery!) entry.nearestMember = null;
    expect(await renderHtml(none)).not.toContain('itself shows training records');
    expect(await renderHtml(none)).toContain('pass on this page rather than the folder');
  });
});

describe('a report of both families', async () => {
  const page = await renderHtml(sampleMixedReport(), sampleRun());

  it('keeps their figures apart', () => {
    structureOf(page);
    const heads = [...sectionOf(page, 'Key figures').matchAll(/<thead>[\s\S]*?<\/thead>/g)].map(([head]) =>
      textOf(head),
    );
    expect(heads[0]).toBe('|Attack|TPR at 1 % FPR|AUC|Balanced accuracy|Finding|');
    expect(heads[1]).toBe(
      '|Attack|Judge accuracy|Best baseline|Member closer|Member closer, by features|Finding|',
    );
    expect(rowsOf(page, 'Membership: who')).toHaveLength(2);
    expect(rowsOf(page, 'Inversion: what')).toHaveLength(2);
    expect(page).toContain('who was in the training data, or what it looks like?');
    const reading = sectionOf(page, 'How to read this: assumptions and limits');
    expect(reading).toMatch(
      /AUC[\s\S]*Judge accuracy[\s\S]*Findings of membership[\s\S]*Findings of inversion/,
    );
  });

  it('advises on each family that leaks', () => {
    const steps = sectionOf(page, 'What to do next');
    expect(steps).toContain('over-fitting');
    expect(steps).toContain('If a class is one person');
  });

  it('says nothing of inversions where there are none', async () => {
    expect(await renderHtml(sampleReport(), sampleRun())).not.toMatch(
      /inversion|reconstruct|gallery|judge accuracy/i,
    );
    expect(reportToJson(sampleReport())).not.toMatch(/gallery|generator|reconstructions/);
  });
});

describe('rows of a table', () => {
  it('stand value by value, the first of many', async () => {
    const report = sampleRowInversionReport();
    const page = await renderHtml(report);
    structureOf(page);
    expect(page).not.toContain('<img');
    const [tile] = tilesIn(page);
    const rows = [...tile!.matchAll(/<tr>[\s\S]*?<\/tr>/g)].map(([row]) =>
      row.split(/<\/t[dh]>/).map(textOf),
    );
    expect(rows[1]!.slice(0, 4)).toEqual(['|age', '|30', '|31.23', '|32.47']);
    expect(rows[2]!.slice(0, 4)).toEqual(['|occupation', '|Craft-repair', '|Sales', '|Craft-repair']);
    expect(rows).toHaveLength(17);
    expect(textOf(tile!)).toContain('|and 4 values more|');
  });
});

describe('a large gallery', () => {
  it('shows 24 classes, the surest of each, and counts the rest', async () => {
    const report = sampleInversionReport();
    report.target.classes = 100;
    const large = { classes: 100, perClass: 3, size: 32, channels: 3, judge: 0.9, start: 0.1 } as const;
    report.results = ['one', 'two', 'three'].map((name) =>
      sampleInversion({ attack: `inversion/${name}`, closer: 0.5, ...large }),
    );
    const { gallery } = report.results[0]!;
    const page = await renderHtml(canonicalValue(reportSchema, report, 'report'), sampleRun());
    structureOf(page);
    expect(page.length).toBeLessThan(10e6);
    expect(tilesIn(page)).toHaveLength(3 * 24);
    expect(textOf(page)).toContain(
      'Of each class those that the model is surest of; 276 reconstructions more, among them 76 more classes: see|artifacts/inversion_one.parquet|',
    );
    const shown = tilesOf(gallery!);
    expect(shown.map((entry) => entry.class)).toEqual(
      [...new Set(gallery!.map((entry) => entry.class))].slice(0, 24),
    );
    for (const entry of shown)
      for (const other of gallery!.filter((each) => each.class === entry.class))
        expect(other.confidence).toBeLessThanOrEqual(entry.confidence);
  });

  it('shows several of each of few classes, and says nothing when nothing is left out', async () => {
    const few = sampleInversion({
      ...{ attack: 'inversion/mi-face', judge: 0.5, start: 0.1, closer: 0.5, classes: 5, perClass: 6 },
    });
    expect(tilesOf(few.gallery!)).toHaveLength(20);
    expect(await renderHtml(sampleInversionReport())).not.toContain('reconstructions more');
  });
});

describe('hostile texts', () => {
  /** The sample with every free text of an inversion replaced. */
  function withText(text: string): Draft {
    const report = sampleInversionReport();
    const [images, rows] = [report.results[0]!, sampleRowInversionReport().results[1]!];
    for (const result of [images, rows]) {
      result.gallery = result.gallery!.slice(0, 1);
      result.gallery[0]!.class = text;
      result.baselines[0]!.name = text;
      result.artifacts[0]!.path = text;
    }
    rows.gallery![0]!.reconstruction = { values: [{ name: text, value: text }] };
    return { ...report, results: [images, rows] };
  }

  it('change no structure', async () => {
    const plain = structureOf(await renderHtml(withText('x')));
    expect(plain).toContain('img src,width,alt');
    await fc.assert(
      fc.asyncProperty(hostileText, async (hostile) => {
        expect(structureOf(await renderHtml(withText(hostile)))).toEqual(plain);
      }),
      { numRuns: 60 },
    );
    expect(await renderHtml(withText('<b>'))).toContain(escapeHtml('<b>'));
  });
});
