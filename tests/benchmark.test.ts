/** The benchmark runs and prints what it promises; how fast anything is, is not asserted. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = new URL('..', import.meta.url);
const bench = (...args: string[]) =>
  promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--conditions=source', 'benchmarks/main.ts', ...args],
    { cwd: root },
  );

test('engine --json: one object a line, with or without PyTorch', async () => {
  const { stdout, stderr } = await bench('engine', '--quick', '--only', 'mlp-step', '--json');
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ name, threads }) => [name, threads])).toEqual([
    ['mlp-step', 1],
    ['mlp-step', 2],
  ]);
  const torchIsHere = !stderr.includes('PyTorch is not here');
  for (const line of lines) {
    expect(Object.keys(line).slice(0, 5)).toEqual(['name', 'threads', 'oursMs', 'torchMs', 'ratio']);
    expect(line['oursMs']).toBeGreaterThan(0);
    if (torchIsHere) {
      expect(line['torchMs']).toBeGreaterThan(0);
      // Both numbers and their ratio are rounded to four digits.
      const exact = (line['oursMs'] as number) / (line['torchMs'] as number);
      expect(line['ratio']).toBeCloseTo(exact, 2 - Math.floor(Math.log10(exact)));
    } else expect([line['torchMs'], line['ratio']]).toEqual([null, null]);
  }
  if (torchIsHere) expect(stderr.match(/: same$/gm)).toHaveLength(4);
});

test('an unknown case is a usage error that lists the cases', async () => {
  await expect(bench('engine', '--only', 'mlp')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/no case is named 'mlp'.*mlp-step/) as unknown,
  });
});
