/** Preprocessing and accuracy that are not what the owner says. */
import { describe, expect, it } from 'vitest';
import { bench, fixtureOptions, LOSS } from './own-run.ts';

const { run } = bench();
const given = fixtureOptions('torch-cnn');
const without = (...flags: readonly string[]) =>
  given.filter((text, i) => !flags.includes(text) && !flags.includes(given[i - 1] ?? ''));

describe('the first look at a model', () => {
  it('stops where values are not scaled, with the scaling to give; going on is a choice', async () => {
    const raw = without('--scale', '--mean', '--std');
    const stopped = await run('raw', 'audit', ...raw, ...LOSS);
    expect(stopped.status).toBe(2);
    expect(stopped.stderr).toContain('error[MLD_PREPROCESSING]');
    expect(stopped.stderr).toMatch(/fix: .*--scale .*--no-check-scaling/);
    expect(stopped.report).toBeUndefined();
    const sure = await run('sure', 'audit', ...raw, ...LOSS, '--no-check-scaling');
    expect(sure.status, sure.stderr).toBe(0);
    expect(sure.report.target.testAccuracy?.value).toBeLessThan(0.98);
  });

  it('stops where the accuracy is not the expected one, of either side', async () => {
    const right = await run('right', 'audit', ...given, ...LOSS, '--expect-accuracy', '1,0.989');
    expect(right.status, right.stderr).toBe(0);
    for (const wrong of ['0.9', '0.9,0.989', '1,0.9']) {
      const { status, stderr } = await run('wrong', 'audit', ...given, ...LOSS, '--expect-accuracy', wrong);
      expect(status, wrong).toBe(2);
      expect(stderr).toMatch(/error\[MLD_ACCURACY\]: --expect-accuracy: .*where 0\.9 is expected/);
    }
  });
});
