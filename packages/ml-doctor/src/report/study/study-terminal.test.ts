/** The study on a terminal: complete, narrow, aligned, and harmless. */

import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { sampleRun } from '../../../test/report/sample-report.ts';
import { sampleAbout, sampleAudits, sampleStudy } from '../../../test/report/sample-study.ts';
import { renderStudyTerminal } from './study-terminal.ts';
import { summariseStudy } from './summarise-study.ts';

const { study } = sampleStudy();
const plain = renderStudyTerminal(study, { colour: false, run: sampleRun() });
const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('renderStudyTerminal', () => {
  it('has the verdict, what is missing, the work done and the files, in 80 columns', () => {
    for (const part of [
      'Privacy study: simple-cnn, mlp on fashion-mnist-10k, digits',
      'MODERATE  Some training records of at least one model can be identified',
      '2 tasks failed, which leaves gaps in 2 of 48 audits.',
      'train shadow 0 and 1 more failed [OG_DIVERGED]: the loss is not a number any',
      'more. Lower the learning rate. (3 tasks not run because of it)',
      'Work: 5 tasks ran, 1 taken from the store; took 3 min 12 s; the tasks alone 3\nmin 05 s, estimated 2 min 55 s\n',
      'study.csv',
    ])
      expect(plain).toContain(part);
    expect(widest(plain)).toBeLessThanOrEqual(80);
  });

  it('has one aligned line per row, below its model and data set', () => {
    const lines = plain.split('\n');
    const header = lines.findIndex((line) => line.startsWith('Attack '));
    const end = lines.indexOf('', header);
    const table = lines.slice(header + 1, end);
    expect(table.filter((line) => !line.startsWith(' '))).toEqual([
      'simple-cnn on fashion-mnist-10k',
      'mlp on fashion-mnist-10k',
      'simple-cnn on digits',
      'mlp on digits',
    ]);
    const rows = table.filter((line) => /^ {2}\S/.test(line));
    expect(rows).toHaveLength(32);
    const auc = lines[header]!.indexOf('AUC');
    for (const row of rows) expect(row.slice(auc - 2, auc + 7)).toMatch(/^ {2}0\.\d{3} {2}$/);
    expect(rows[0]).toMatch(
      /^ {2}loss-threshold {5}none {15}3 {4}\d.* % {2}0\.\d{3} {2}84\.5 % {2}Moderate$/,
    );
    expect(rows[1]).toMatch(/^ {2}loss-threshold {5}l2 \(lambda 0\.001\) {2}2\/3 /);
  });

  it('has what seeds and sampling leave open below each row', () => {
    const start = plain.split('\n').findIndex((line) => line.startsWith('Attack '));
    const at = plain.split('\n').findIndex((line, i) => i > start && line.startsWith('  loss-threshold'));
    const below = plain.split('\n').slice(at + 1, at + 4);
    const { auc } = study.repeats.find(({ defense }) => defense.name === 'none')!.metrics;
    const [mean, low, high] = [auc!.mean.value, auc!.mean.low!, auc!.mean.high!].map((x) => x.toFixed(3));
    expect(below.every((line) => line.startsWith('    '))).toBe(true);
    expect(below.map((line) => line.trim()).join(' ')).toContain(
      `AUC ${mean} (${low} to ${high}), spread ${auc!.spread!.toFixed(3)}; Balanced accuracy`,
    );
    expect(plain).toContain('intervals for sampling and seed');
  });

  it('marks who trains on the audited records', () => {
    expect(plain).not.toContain('*');
    const audits = sampleAudits();
    for (const { report } of audits) report.results[1]!.references = { count: 4, pool: 'with-candidates' };
    const text = renderStudyTerminal(summariseStudy(audits, sampleAbout()), { colour: false });
    expect(text).toMatch(/^ {2}shadow-classifier \* /m);
    expect(text).toMatch(/^ {2}loss-threshold {3}/m);
    expect(text).toContain('* trains models on random halves that contain the audited records: a stronger');
    expect(widest(text)).toBeLessThanOrEqual(80);
  });

  it('stops after 40 rows and counts the rest', () => {
    const grid = {
      data: ['a', 'b'],
      models: ['x', 'y', 'z'],
      defenses: study.audits.slice(0, 9).map(() => 0),
      seeds: [0],
    };
    const defenses = grid.defenses.map((_, i) => ({ name: `defence-${i}`, params: {} }));
    const text = renderStudyTerminal(summariseStudy(sampleAudits({ ...grid, defenses }), sampleAbout()), {
      colour: false,
    });
    expect(text.match(/^ {2}\S.*(Low|Moderate|High|None found|Inconclusive)$/gm)).toHaveLength(40);
    expect(text).toContain('\nand 68 more in study.html\n');
    const table = text.slice(text.indexOf('Means over n seeds'));
    expect(table.match(/^[xyz] on [ab]$/gm)).toEqual(['x on a', 'y on a', 'z on a']);
    expect(text).not.toContain('Work:');
    expect(text).not.toContain('Missing');
  });

  it('shortens long names in their middle', () => {
    const audits = sampleAudits({
      data: ['d'],
      models: ['m'],
      defenses: [1, 2].map((n) => ({ name: 'a-defence-with-a-rather-long-name', params: { strength: n } })),
      seeds: [0],
    });
    const text = renderStudyTerminal(summariseStudy(audits, sampleAbout()), { colour: false });
    expect(widest(text)).toBeLessThanOrEqual(80);
    expect(text).toMatch(/ a-def\S*….*ength 1\) /);
    expect(text).toMatch(/ a-def\S*….*ength 2\) /);
  });

  it('differs from the coloured one by colours only', () => {
    const coloured = renderStudyTerminal(study, { colour: true, run: sampleRun() });
    expect(coloured).not.toBe(plain);
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });

  it('passes no control character on, and says when nothing is known', () => {
    const evil = 'a\u001b]0;x\u0007\u009b31m\nb';
    const audits = sampleAudits({
      data: [evil],
      models: [evil],
      defenses: [{ name: evil, params: {} }],
      seeds: [0],
    });
    // A parameter shows where it tells two attacks apart.
    const [first, second] = audits[0]!.report.results;
    Object.assign(second!, { attack: first!.attack, threatModel: first!.threatModel, params: { p: evil } });
    const named = audits.map(({ report }, i) => ({ id: `r${i}`, report }));
    const hole = { task: evil, code: 'C', message: evil, hint: evil, blocked: [] };
    const hostile = { ...summariseStudy(named, sampleAbout()), name: evil, holes: [hole] };
    expect(renderStudyTerminal(hostile, { colour: false }).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(renderStudyTerminal({ ...hostile, audits: [] }, { colour: false })).toContain('nothing is known');
  });
});
