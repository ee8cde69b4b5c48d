/** The matrix in a terminal: within its width, or not there. */

import { describe, expect, it } from 'vitest';
import { type HandMade, handMade, UNDEFENDED } from '../../../../test/report/sample-matrix.ts';
import { sampleRun } from '../../../../test/report/sample-report.ts';
import { sampleStudy } from '../../../../test/report/sample-study.ts';
import { painter, WIDTH } from '../../terminal.ts';
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

  it('fits, or is left to the page', () => {
    expect(matrixLines(sampleStudy().study, undefined, paint).every((line) => line.length <= WIDTH)).toBe(
      true,
    );
    const many = Array.from(
      { length: 9 },
      (_, i): HandMade => ({
        ...{ id: `x${i}`, attack: 0.6 },
        defense: { name: `defence-${i}`, params: {} },
      }),
    );
    expect(matrixLines(handMade([...TARGETS, ...many]), undefined, paint)).toEqual([]);
    expect(matrixLines(handMade(TARGETS.slice(0, 1)), undefined, paint)).toEqual([]);
  });
});
