/** Stealing attacks on the page: what queries buy stands beside what needs none, and attacks on a copy say so. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileText, sectionOf, structureOf } from '../../../test/report/page-structure.ts';
import { sampleReportOfAll } from '../../../test/report/sample-attribute.ts';
import { type Draft, sampleRun } from '../../../test/report/sample-report.ts';
import { sampleReportOfFour, sampleStealingReport } from '../../../test/report/sample-stealing.ts';
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

describe('a report with stealing attacks', async () => {
  const page = await render(sampleStealingReport());

  it('is well-formed, and asks for both families', () => {
    structureOf(page);
    expect(page).toContain('who was in the training data, or enough to copy the model?');
    expect(page).toContain('<h2>Much of the model can be copied by asking it</h2>');
  });

  it('has copies side by side in its key figures, each with what needs no such queries', () => {
    expect(rowsOf(page, 'Stealing: how good')).toEqual([
      [
        ...['|stealing/|posterior-matching', '|93.1 %|92 % to 94.2 %|', '|88.4 %|own labels|'],
        ...['|+4.7 points|+3.8 to +5.6|', '|81.9 %|80.5 % to 83.3 %|', '|5,000|cost 5|take 8 min 20 s|'],
        ...['|Moderate|', '|'],
      ],
      [
        ...['|stealing/|data-free', '|79.6 %|78.5 % to 80.7 %|', '|42 %|random inputs|'],
        ...['|+37.6 points|+36.7 to +38.5|', '|70 %|68.6 % to 71.4 %|', '|200,000', '|Moderate|', '|'],
      ],
    ]);
  });

  it('marks the best baseline, no gain and the model’s accuracy on its strips', () => {
    const figures = sectionOf(page, 'Key figures');
    const table = figures.slice(figures.indexOf('Stealing: how good'));
    const places = (pattern: RegExp) => [...table.matchAll(pattern)].map(([, x]) => Number(x));
    const marks = places(/<line class="chance" x1="([\d.]+)"/g);
    const seen = places(/<circle class="dot" cx="([\d.]+)"/g);
    expect(marks).toHaveLength(6);
    // Strips of shares begin at nothing: 4 to 132 pixels.
    expect([marks[0], seen[0], marks[3]].map((x) => ((x! - 4) / 128).toFixed(2))).toEqual([
      '0.88',
      '0.93',
      '0.42',
    ]);
    expect(marks[1]).toBe(marks[4]);
    expect([marks[2], marks[5]].map((x) => ((x! - 4) / 128).toFixed(2))).toEqual(['0.85', '0.85']);
  });

  it('draws what queries buy, with a table for each curve', () => {
    const part = sectionOf(page, 'What queries buy');
    expect(part).toContain('<svg role="img" aria-labelledby="budget-title budget-desc"');
    expect(rowsOf(part, 'class="points"')[3]).toEqual([
      ...['|5,000', '|93.1 %|92 % to 94.2 %|', '|81.9 %|80.5 % to 83.3 %|', '|65.2 %|60.2 % to 70.2 %|'],
      ...['|0.069|0.049 to 0.089|', '|5', '|8 min 20 s', '|'],
    ]);
    const second = part.slice(part.lastIndexOf('class="points"'));
    expect(rowsOf(second, 'class="points"').map((row) => row.length)).toEqual([6, 6, 6]);
    expect(second).not.toMatch(/Cost|Time/);
  });

  it('tells on each card what the copy is', () => {
    const cards = textOf(sectionOf(page, 'The attacks'));
    expect(cards).toContain(
      '|Copy|SimpleCNN, trained on answers about other data of the same kind (5,000 records to choose from); the queries cost 5 at the price given and take 8 min 20 s at the rate given|',
    );
    expect(cards).toContain('|Copy|SimpleCNN, trained on answers about what a generator makes up|');
    expect(cards).toContain('|Judged on|2,500 records that the model was not trained on, 5,000 records sent');
    expect(cards).not.toMatch(/posteriors?[^|]*; trains no models/);
    expect(cards).toContain('|artifacts/posterior-matching.onnx|(copy of the model)|');
    expect(textOf(sectionOf(page, 'Risk by class and by group'))).toContain(
      '|class|Records|Agreement with the model|Accuracy|bag|240|',
    );
  });

  it('has metrics in the order of reading, and baselines beside them', () => {
    expect(rowsOf(page, '<dt>Identity').map(([name, value, , guess]) => [name, value, guess])).toEqual([
      ['|Agreement with the model', '|93.1 %', '|–'],
      ['|Gain in agreement', '|+4.7 points', '|±0.0 points'],
      ['|Way to full agreement', '|+40.5 %', '|±0.0 %'],
      ['|Accuracy', '|81.9 %', '|–'],
      ['|Accuracy of the model', '|85.2 %', '|–'],
      ['|Agreement where the model errs', '|65.2 %', '|–'],
      ['|KL divergence, nats', '|0.069', '|–'],
    ]);
    expect(rowsOf(page, 'without these queries, or by asking')[0]).toEqual([
      ...['|Agreement with the model', '|93.1 %|92 % to 94.2 %|', '|88.4 %|87.2 % to 89.6 %|'],
      ...['|10.4 %|9.2 % to 11.6 %|', '|'],
    ]);
  });

  it('says of an attack on a copy that it is one', () => {
    expect(rowsOf(page, 'Membership: who')[0]![0]).toBe(
      '|membership/|loss-threshold|through a copy by stealing/|posterior-matching|',
    );
    const card = textOf(sectionOf(page, 'The attacks'));
    expect(card).toContain(
      '|Made on a copy|that|stealing/posterior-matching|got with 5,000 queries (architecture target, budgets [500,1000,2500,5000], temperature 1), not on the model itself',
    );
    expect(card).toContain('5,000 records sent to the model, all of them for the copy|');
    expect(page).toContain('<code>membership/loss-threshold through stealing/posterior-matching</code>:');
    expect(page.match(/Made on a copy/g)).toHaveLength(1);
  });

  it('explains its own figures and findings', async () => {
    const reading = textOf(sectionOf(page, 'How to read this: assumptions and limits'));
    expect(reading).toContain(
      '|High|Agreement of at least 90 %, and at least 50 % of the way from the best baseline to full agreement',
    );
    expect(reading).toContain('|Moderate|Agreement of at least 75 %, and at least 25 % of the way');
    expect(reading).toContain('too few to exclude a gain of 5 points|');
    expect(reading).toContain('|One distribution.|');
    const alone = sampleStealingReport();
    alone.results.length = 2;
    const copies = await render(alone);
    expect(copies).not.toContain('One distribution.');
    expect(copies).toContain('No members needed.');
    expect(copies).not.toContain('TPR');
  });
});

describe('a report of all families', () => {
  it('keeps their figures apart', async () => {
    const page = await render(sampleReportOfFour());
    structureOf(page);
    expect(rowsOf(page, 'Membership: who')).toHaveLength(3);
    expect(rowsOf(page, 'Stealing: how')).toHaveLength(2);
    expect(page).toMatch(/Findings of attribute attacks[\s\S]*Findings of stealing attacks/);
  });

  it('says nothing of copies where there are none', async () => {
    expect(await render(sampleReportOfAll())).not.toMatch(/stealing|through a copy|What queries buy|budget/i);
  });
});

describe('hostile texts', () => {
  /** The sample with every free text of stealing replaced. */
  function withText(text: string): Draft {
    const report = sampleStealingReport();
    for (const result of report.results) {
      if (result.copy) result.copy = { architecture: text, pool: text, poolRecords: 1 };
      if (result.through) result.through = { attack: text, params: { p: text }, queries: 1 };
      result.baselines.forEach((baseline, i) => {
        baseline.name = `${text}${i}`;
      });
      result.verdict.sentence = text;
      result.verdict.advice = [text];
    }
    return report;
  }

  it('change no structure', async () => {
    const plain = structureOf(await renderHtml(withText('x')));
    await fc.assert(
      fc.asyncProperty(hostileText, async (hostile) => {
        expect(structureOf(await renderHtml(withText(hostile.replaceAll('/', '-'))))).toEqual(plain);
      }),
      { numRuns: 40 },
    );
    const page = await renderHtml(withText('<script>alert(1)</script>'));
    expect(page).toContain(escapeHtml('<script>alert(1)</script>'));
    expect(page).not.toContain('<script');
  });
});
