import { describe, expect, it } from 'vitest';
import { judgeGraph } from '../../../../test/study/made-judge.ts';
import { judgeAnswers } from './judge-answers.ts';

const WIDTH = 2;
const options = { recordShape: [WIDTH], signal: new AbortController().signal, threads: 1 };
const part = (rows: number, first: number) => ({
  rows,
  values: Float32Array.from({ length: rows * WIDTH }, (_, i) => (i % 3 === 0 ? -1 : first + i)),
});

describe('judgeAnswers', () => {
  it('answers every row of every part in its order, in as many runs as it takes', async () => {
    const parts = [part(600, 1), part(0, 0), part(1, 5), part(256, 7000)];
    const fractions: number[] = [];
    const progress = (fraction: number) => void fractions.push(fraction);
    const answers = await judgeAnswers(judgeGraph(WIDTH), parts, { ...options, progress });
    expect(answers).toHaveLength(4);
    answers.forEach(({ judged, features }, i) => {
      const seen = parts[i]!.values.map((value) => Math.max(0, value));
      expect(features).toEqual(seen);
      expect(judged).toEqual(seen.map((value) => 2 * value));
    });
    expect(fractions).toEqual([256, 512, 600, 601, 857].map((rows) => rows / 857));
  });

  it('stops when told to', async () => {
    const abort = new AbortController();
    const progress = () => abort.abort(new Error('enough'));
    const stopped = { ...options, signal: abort.signal, progress };
    await expect(judgeAnswers(judgeGraph(WIDTH), [part(300, 0)], stopped)).rejects.toThrow('enough');
  });
});
