/** The plain-text summary: complete, narrow, aligned, and harmless to the terminal. */

import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleReport, sampleRun } from '../../test/report/sample-report.ts';
import { wrap } from './plain-text.ts';
import { renderTerminal } from './terminal.ts';

const plain = () => renderTerminal(sampleReport(), { colour: false, run: sampleRun() });

describe('renderTerminal', () => {
  it('has the verdict, the figures, the work done and the advice, in 80 columns', () => {
    const text = plain();
    for (const part of [
      'SimpleCNN on fashion-mnist-10k',
      'LOW',
      '0.598',
      '100 %',
      '85.2 %',
      '5 tasks ran, 1 taken from the store; took 3 min 12 s; the',
      'What to do next',
    ]) {
      expect(text).toContain(part);
    }
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('aligns the columns of the table', () => {
    const lines = plain().split('\n');
    const header = lines.findIndex((line) => line.startsWith('Attack'));
    const column = lines[header]!.indexOf('AUC');
    // Of each attack the line with its name, the source, and what the attacker has.
    const rows = lines.slice(header + 1, header + 7);
    expect(rows[2]!.trim()).toBe('black-box, 1 model');
    for (const line of rows.filter((_, i) => i % 3 < 2))
      expect(line.slice(column - 2, column + 3)).toMatch(/^ {2}0\.\d/);
  });

  it('tells attacks of one name apart, and marks who trains on the audited records', () => {
    const report = sampleReport();
    const [first, second] = report.results;
    Object.assign(second!, { attack: first!.attack, threatModel: first!.threatModel, source: first!.source });
    Object.assign(first!, {
      params: { shadowData: 'real' },
      references: { count: 16, pool: 'with-candidates' },
    });
    Object.assign(second!, {
      params: { shadowData: 'noisy', noise: 0.1 },
      references: { count: 0, pool: 'none' },
    });
    const text = renderTerminal(report, { colour: false });
    expect(text).toMatch(/^membership\/loss-threshold \(shadowData noisy\): /m);
    expect(text).toMatch(/^ {2}shadowData real {3,}\d.* to /m);
    expect(text).toMatch(/^ {2}shadowData noisy {3,}\d.* to /m);
    expect(text).toContain('\n  black-box, 16 models *\n');
    expect(text).toContain('\n  black-box, no models\n');
    expect(text).toContain('\n* trained on random halves that contain the audited records: a stronger');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(plain()).not.toContain('*');
  });

  it('differs from the coloured one by colours only', () => {
    const coloured = renderTerminal(sampleReport(), { colour: true, run: sampleRun() });
    expect(coloured).not.toBe(plain());
    expect(stripVTControlCharacters(coloured)).toBe(plain());
  });

  it('tells of failed work and what it blocked', () => {
    const report = {
      ...sampleReport(),
      results: [],
      holes: [
        {
          task: 'shadow model',
          code: 'OG_DIVERGED',
          message: 'loss is NaN',
          hint: 'Lower the rate.',
          blocked: ['attack'],
        },
      ],
    };
    const text = renderTerminal(report, { colour: false });
    expect(text).toContain('nothing is known about this model');
    expect(text).toContain('- shadow model failed [OG_DIVERGED]: loss is NaN. Lower the rate.');
    expect(text).toContain('- not run because of it: attack');
    expect(text).toContain('1 task failed');
  });

  it('is titled as the configuration says, and names what it is about besides', () => {
    const report = { ...sampleReport(), results: [], config: { defense: { l2: { lambda: 0.25 } } } };
    expect(renderTerminal(report, { colour: false })).toMatch(
      /^\nPrivacy audit of SimpleCNN on fashion-mnist-10k, defended by l2\n/,
    );
    const named = renderTerminal({ ...report, name: 'Nightly' }, { colour: false });
    expect(named).toMatch(/^\nPrivacy audit of Nightly\n/);
    expect(named).toContain('Audit          SimpleCNN on fashion-mnist-10k, defended by l2\n');
    expect(named).toContain('Defence        l2 (lambda 0.25)\n');
    expect(plain()).not.toMatch(/^(Audit|Defence) /m);
  });

  it('passes no control character of a name on', () => {
    const report = sampleReport();
    report.target.name = 'a\u001b]0;x\u0007\u009b31m\nb';
    const text = renderTerminal(report, { colour: false });
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(text).toContain('Privacy audit of a]0;x31m b on');
  });
});

describe('wrap', () => {
  it('loses no word and keeps the width', () => {
    const words = fc.array(fc.stringMatching(/^[a-z%]{1,12}$/), { minLength: 1 });
    fc.assert(
      fc.property(words, fc.integer({ min: 16, max: 60 }), (parts, width) => {
        const lines = wrap(parts.join(' '), width);
        expect(lines.join(' ')).toBe(parts.join(' '));
        for (const line of lines) if (!line.includes('%')) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('keeps a number with its percent sign', () => {
    expect(wrap('about 12.5 % of all', 10)).toEqual(['about', '12.5 % of', 'all']);
  });
});
