/** Attribute attacks on the page: what is guessed stands beside what is guessed without the model. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileText, sectionOf, structureOf } from '../../../test/report/page-structure.ts';
import { sampleAttributeReport, sampleReportOfAll } from '../../../test/report/sample-attribute.ts';
import { sampleMixedReport } from '../../../test/report/sample-inversion.ts';
import { type Draft, sampleReport, sampleRun } from '../../../test/report/sample-report.ts';
import { canonicalValue } from '../canonical.ts';
import { reportSchema } from '../schema.ts';
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

const render = (report: Draft) => renderHtml(canonicalValue(reportSchema, report, 'report'), sampleRun());

describe('a report with attribute attacks alone', async () => {
  const page = await render(sampleAttributeReport());

  it('is well-formed, and speaks of hidden attributes', () => {
    structureOf(page);
    expect(page).toContain('<p class="soft">Can someone find out a hidden attribute of a person?</p>');
    expect(page).toContain('<h2>The model gives away something of a hidden attribute of people</h2>');
    expect(page).not.toContain('TPR at 1');
    expect(page).not.toMatch(/reconstruct|itself shows training records/i);
  });

  it('has attributes side by side in its key figures, each with what is guessed without the model', () => {
    expect(rowsOf(page, '>Key figures</h2>')).toEqual([
      [
        ...['|attribute/|embedding', '|sex', '|82.3 %|81.5 % to 83.1 %|', '|75.1 %'],
        ...['|+7.2 points|+6.0 to +8.4|', '|+4.1 points|+2.6 to +5.6|', '|Moderate|members|', '|'],
      ],
      [
        ...['|attribute/|tabular', '|age', '|off by 7.91|7.75 to 8.07|', '|off by 9.84'],
        ...['|+19.6 %|+18.4 to +20.8|', '|+0.4 points|−1.1 to +1.9|', '|Moderate|population|', '|'],
      ],
      [
        ...['|attribute/|embedding', '|race', '|86.1 %|85.3 % to 86.9 %|', '|85.7 %'],
        ...['|+0.014 AUC|+0.003 to +0.025|', '|+0.2 points|−1.3 to +1.7|', '|Low|population|', '|'],
      ],
    ]);
  });

  it('draws gains about a mark for none', () => {
    const table = sectionOf(page, 'Key figures');
    const marks = [...table.matchAll(/<line class="chance" x1="([\d.]+)"/g)].map(([, x]) => Number(x));
    const dots = [...table.matchAll(/<circle class="dot" cx="([\d.]+)"/g)].map(([, x]) => Number(x));
    expect(marks).toHaveLength(6);
    expect(new Set(marks).size).toBe(1);
    expect(dots.every((x) => x > marks[0]!)).toBe(true);
    expect(dots[2]).toBeGreaterThan(dots[0]!);
  });

  it('names the attribute of a single attack', async () => {
    const report = sampleAttributeReport();
    report.results.length = 1;
    delete report.results[0]!.params.attribute;
    expect(rowsOf(await render(report), '>Key figures</h2>')[0]!.slice(0, 2)).toEqual([
      '|attribute/|embedding',
      '|sex',
    ]);
  });

  it('tells on each card what was guessed and what the attacker knew', () => {
    const cards = textOf(sectionOf(page, 'The attacks'));
    expect(cards).toContain(
      '|Attribute|sex|, one of two: Female, Male; the attacker knows it of 5,000 records|',
    );
    expect(cards).toContain('|Attribute|age|, a number; the attacker knows it of 5,000 records|');
    expect(cards).toContain('has other data of the same kind; knows the attribute of 5,000 records|');
    expect(cards).not.toContain('trains no models');
    expect(cards).toContain('|attribute/|embedding|(attribute race)|');
  });

  it('counts many categories', async () => {
    const report = sampleAttributeReport();
    report.results[1]!.attribute!.categories = Array.from({ length: 42 }, (_, i) => `k${i}`);
    expect(textOf(await render(report))).toContain(
      'categories: k0, k1, k2, k3, k4, k5, k6, k7, k8, k9, k10, k11, 30 more;',
    );
  });

  it('sets baselines and the attack on non-members beside the attack', () => {
    const rows = rowsOf(page, 'The same figures of guesses without the model');
    expect(rows[0]).toEqual([
      '|Accuracy',
      '|82.3 %|81.5 % to 83.1 %|',
      '|67.1 %|66.3 % to 67.9 %|',
      '|75.1 %|74.3 % to 75.9 %|',
      '|84 %|83.2 % to 84.8 %|',
      '|80.3 %|79.5 % to 81.1 %|',
      '|',
    ]);
    // A gain is that of the attack over a column, so that its own has none.
    expect(rows[1]!.slice(0, 3)).toEqual(['|Gain in accuracy', '|–', '|+15.2 points|+14.0 to +16.4|']);
  });

  it('has metrics in the order of reading, and no guessing that nobody guesses by', () => {
    const rows = rowsOf(page, '<dt>Identity');
    expect(rows.map(([name, value, , guess]) => [name, value, guess])).toEqual([
      ['|Accuracy', '|82.3 %', '|–'],
      ['|Gain in accuracy', '|+7.2 points', '|±0.0 points'],
      ['|Members beyond others, accuracy', '|+4.1 points', '|±0.0 points'],
      ['|AUC', '|0.863', '|0.500'],
      ['|Gain in AUC', '|+0.082', '|±0.000'],
      ['|Members beyond others, AUC', '|+0.041', '|±0.000'],
      ['|Macro-F1', '|0.773', '|–'],
      ['|Right of the 10 surest', '|95 %', '|–'],
      ['|Right of the 100 surest', '|93 %', '|–'],
    ]);
  });

  it('has a row for each category', () => {
    expect(page).toContain('<summary>By race (5 groups)</summary>');
    expect(page).toContain('how many are guessed to have it');
    expect(page).not.toContain('against its own non-members');
    const rows = rowsOf(page, 'By sex (2 groups)');
    expect(rows[1]!.slice(0, 4)).toEqual([
      ...['|Male', '|1,300, 1,270', '|77.3 %|74.3 % to 80.3 %|', '|+7.2 points|+4.2 to +10.2|'],
    ]);
  });

  it('explains its own figures and findings', () => {
    const reading = textOf(sectionOf(page, 'How to read this: assumptions and limits'));
    expect(reading).toContain('|Members beyond others.|');
    expect(reading).toContain('|Many questions.|');
    expect(reading).toContain(
      '|Gain of at least 25 % or points; or a gain, and members beyond others by at least 10 %',
    );
    expect(reading).toContain('never credited with failing on others');
    expect(reading).toMatch(/\|Low\|*A gain; at the lower end\|/);
    expect(reading).not.toMatch(/TPR|Judge/);
  });

  it('says that a split is shifted', async () => {
    const report = sampleAttributeReport();
    Object.assign(report.results[0]!.verdict, { level: 'inconclusive', reason: 'shifted-split' });
    expect(await render(report)).toContain('what members lose beyond others is no evidence of a leak');
    expect(page).not.toContain('is no evidence of a leak.');
  });
});

describe('a report of all families', async () => {
  const page = await render(sampleReportOfAll());

  it('keeps their figures apart', () => {
    structureOf(page);
    expect(page).toContain(
      'who was in the training data, what it looks like, or a hidden attribute of a person?',
    );
    expect(rowsOf(page, 'Membership: who')).toHaveLength(2);
    expect(rowsOf(page, 'Inversion: what')).toHaveLength(2);
    expect(rowsOf(page, 'Attributes: what')).toHaveLength(3);
    const reading = sectionOf(page, 'How to read this: assumptions and limits');
    expect(reading).toMatch(/Findings of membership[\s\S]*Findings of inversion[\s\S]*Findings of attribute/);
  });

  it('says nothing of attributes where there are none', async () => {
    for (const report of [sampleReport(), sampleMixedReport()])
      expect(await renderHtml(report, sampleRun())).not.toMatch(/attribute/i);
  });
});

describe('hostile texts', () => {
  /** The sample with every free text of an attribute attack replaced. */
  function withText(text: string): Draft {
    const report = sampleAttributeReport();
    report.results.length = 2;
    for (const result of report.results) {
      Object.assign(result.attribute!, { name: text, categories: [text, text] });
      result.slices = result.slices.slice(0, 1).map((slice) => ({ ...slice, by: text, value: text }));
      result.baselines[0]!.name = text;
      result.verdict.sentence = text;
      result.verdict.advice = [text];
    }
    report.results[0]!.params = { attribute: text, head: 1 };
    report.results[1]!.params = { attribute: text, head: 2 };
    return report;
  }

  it('change no structure', async () => {
    const plain = structureOf(await renderHtml(withText('x')));
    await fc.assert(
      fc.asyncProperty(hostileText, async (hostile) => {
        expect(structureOf(await renderHtml(withText(hostile)))).toEqual(plain);
      }),
      { numRuns: 60 },
    );
    const page = await renderHtml(withText('<script>alert(1)</script>'));
    expect(page).toContain(escapeHtml('<script>alert(1)</script>'));
    expect(page).not.toContain('<script');
  });
});
