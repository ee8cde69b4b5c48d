/** The matrix in a terminal: within its width, in as many blocks as that takes. */

import { describe, expect, it } from 'vitest';
import { type HandMade, handMade, UNDEFENDED } from '../../../../test/report/sample-matrix.ts';
import { sampleRun } from '../../../../test/report/sample-report.ts';
import { sampleStudy } from '../../../../test/report/sample-study.ts';
import { WIDTH } from '../../plain-text.ts';
import { painter } from '../../terminal.ts';
import { SAME } from '../changes.ts';
import { studySchema } from '../study-schema.ts';
import { matrixLines } from './matrix-terminal.ts';

const paint = painter(false);
const TARGETS: readonly HandMade[] = [
  { id: 'a', defense: UNDEFENDED, attack: 0.7, accuracy: 0.9 },
  { id: 'b', defense: { name: 'l2', params: {} }, attack: 0.6, accuracy: 0.8 },
  { id: 'c', defense: { name: 'dropout', params: {} }, attack: 0.75, accuracy: 0.9 },
  { id: 'd', defense: { name: 'top-k\u001b[2J', params: {} }, holes: 1 },
];

describe('matrixLines', () => {
  it('marks what changed beyond chance', () => {
    const lines = matrixLines(handMade(TARGETS), { ...sampleRun(), trainings: { a: 10, b: 25 } }, paint);
    expect(lines.slice(2)).toEqual([
      'mlp on digits',
      '                  none  l2      dropout  top-k[2J',
      '  loss-threshold  70 %  60 % -  75 % +   failed',
      '  test accuracy   90 %  80 % -  90 % ~   80 % -',
      '  training time   1 ×   2.5 ×   unknown  unknown',
      '',
    ]);
    expect(lines[0]).toContain('Balanced accuracy');
  });

  it('has claims, their alarms, what cannot have changed, and what few seeds mean', () => {
    const seeds = [0, 1].flatMap((seed) =>
      TARGETS.slice(0, 2).map((target) => ({
        ...target,
        accuracy: 0.8,
        id: `${target.id}${seed}`,
        seed,
      })),
    );
    const same = [0, 1].map((seed) => ({ from: `a${seed}`, audit: `b${seed}`, metrics: 'same' as const }));
    const study = studySchema.parse(handMade(seeds, same));
    const run = { ...sampleRun(), trainings: { a0: 1, a1: 1, b0: 9, b1: 9 } };
    for (const audit of study.audits)
      if (audit.defense.name === 'l2') {
        audit.privacy = { epsilon: 2, delta: 1e-5 };
        audit.results[0]!.change!.metrics = { balancedAccuracy: { value: 0, low: 0, high: 0, method: SAME } };
      }
    const text = matrixLines(study, run, paint).join('\n');
    expect(text).toContain('claimed epsilon  none  2\n');
    expect(text).toMatch(/test accuracy +80 % {2}80 % =\n/);
    expect(text).toMatch(/training time +1 × +too short\n/);
    expect(text.replace(/\s+/g, ' ')).toContain('= not touched by this defence; times under 2 s');
    expect(text.replace(/\s+/g, ' ')).toContain('only 2 seeds');
    expect(text).not.toContain('refuted');
    Object.assign(study.audits[1]!.results[0]!, { attack: 'membership/one-run-audit', level: 'high' });
    const alarmed = matrixLines(study, run, paint).join('\n');
    expect(alarmed).toContain('claimed epsilon  none  2 !\n');
    expect(alarmed.replace(/\s+/g, ' ')).toContain('! refuted by the one-run audit');
  });

  it('fits, in blocks that each begin with the undefended', () => {
    expect(matrixLines(sampleStudy().study, undefined, paint).every((line) => line.length <= WIDTH)).toBe(
      true,
    );
    const many = Array.from(
      { length: 9 },
      (_, i): HandMade => ({
        ...{ id: `x${i}`, attack: 0.6 },
        defense: { name: `defence-${i}${'-of-long-name'.repeat(i % 3)}`, params: {} },
      }),
    );
    const lines = matrixLines(handMade([...TARGETS, ...many]), undefined, paint);
    expect(lines.filter((line) => line.length > WIDTH)).toEqual([]);
    const headings = lines.filter((line) => /^ +none /.test(line));
    expect(headings.flatMap((line) => line.trim().split(/ {2,}/).slice(1))).toEqual([
      ...['l2', 'dropout', 'top-k[2J'],
      ...many.map(({ defense: { name } }) =>
        name.length > 24 ? `${name.slice(0, 12)}…${name.slice(-11)}` : name,
      ),
    ]);
    // Every block with all rows.
    expect(lines.filter((line) => line.startsWith('  loss-threshold  70 %'))).toHaveLength(headings.length);
    expect(lines.filter((line) => line.includes('failed'))).toHaveLength(1);
    expect(matrixLines(handMade(TARGETS.slice(0, 1)), undefined, paint)).toEqual([]);
  });
});
