/** The benchmark runs and prints what it promises; how fast anything is, is not asserted. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { wallByKind } from '../benchmarks/lira/spans.ts';
import type { Bar } from '../benchmarks/study/case.ts';
import { jsonLine, table } from '../benchmarks/study/report.ts';

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

test('study --json: every figure of every case, without a verdict when quick', async () => {
  // plan-10k and plan-100k are plan-1k with other numbers.
  const cases = [
    'plan-1k',
    'missing-100k',
    'store-writes',
    'store-reads',
    'overhead',
    'speed-up',
    'estimate',
  ];
  const { stdout, stderr } = await bench('study', '--quick', '--only', cases.join(','), '--json');
  const figures = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect([...new Set(figures.map(({ name }) => name))]).toEqual(cases);
  for (const figure of figures) {
    const keys = ['name', 'what', 'unit', 'median', 'lowest', 'highest', 'rounds', 'bar', 'ok'];
    expect(Object.keys(figure).slice(0, 9)).toEqual(keys);
    expect(figure).toMatchObject({ bar: null, ok: null });
    const { what, rounds, median, lowest, highest, remark } = figure;
    // Where something is missing, such as a second core, the reason stands there.
    if (rounds === 0) expect([median, typeof remark]).toEqual([null, 'string']);
    else expect(0 < (lowest as number) && lowest === median && median === highest, String(what)).toBe(true);
  }
  // Ten targets, each with a shadow model: four tasks for the two models, four for the two attacks, one for the split.
  expect(figures[0]).toMatchObject({ name: 'plan-1k', what: 'tasks', median: 90 });
  for (const name of cases) expect(stderr).toContain(`${name}: `);
});

test('study: the cases are listed', async () => {
  await expect(bench('study', '--only', 'plan')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /no case is named 'plan'.*plan-100k.*^engine: .*^study: .*plan-100k/ms,
    ) as unknown,
  });
});

test('study: a bar is for the median, at most or at least', () => {
  const figure = { name: 'case', what: 'figure', unit: 's', values: [1, 9, 3] } as const;
  const lineWith = (bar: Bar | undefined, values: readonly number[] = figure.values) =>
    JSON.parse(jsonLine({ ...figure, values, ...(bar && { bar }) })) as Record<string, unknown>;
  expect(lineWith(undefined)).toMatchObject({
    median: 3,
    lowest: 1,
    highest: 9,
    rounds: 3,
    bar: null,
    ok: null,
  });
  expect(lineWith({ most: 3 })).toMatchObject({ bar: { most: 3 }, ok: true });
  expect(lineWith({ most: 2.9 }).ok).toBe(false);
  expect(lineWith({ least: 3 })).toMatchObject({ bar: { least: 3 }, ok: true });
  expect(lineWith({ least: 3.1 }).ok).toBe(false);
  expect(lineWith({ least: 3 }, [])).toMatchObject({ median: null, rounds: 0, ok: null });
  expect(table([{ ...figure, bar: { most: 2 } }])).toMatch(/^case +figure +3 +1 +9 +s +at most 2 +MISSED$/m);
});

// Threads of PyTorch that spin while they wait take long on cores that are taken.
test('lira --json: every figure, or a line that says why there is none', { timeout: 300_000 }, async () => {
  const { stdout, stderr } = await bench('lira', '--quick', '--only', 'lira-16', '--json');
  if (stderr.includes('CIFAR-10 is not here')) {
    console.log('lira: CIFAR-10 is not on this machine; only the line that says so was checked');
    expect(stdout).toBe('');
    return;
  }
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const parts = ['training', 'querying', 'scoring', 'the rest'];
  expect(lines.map(({ what }) => what)).toEqual(expect.arrayContaining(['all', ...parts]) as unknown);
  const value = (what: string, side: string) => lines.find((line) => line['what'] === what)?.[side] as number;
  const torchIsHere = !stderr.includes('PyTorch is not here');
  for (const side of torchIsHere ? ['ours', 'torchThreads', 'torchProcesses'] : ['ours']) {
    const all = value('all', side);
    for (const part of parts) expect(value(part, side), `${side}: ${part}`).toBeGreaterThan(0);
    // Each is rounded to four digits.
    const sum = parts.reduce((seconds, part) => seconds + value(part, side), 0);
    expect(Math.abs(sum / all - 1)).toBeLessThan(0.002);
    const share = (100 * (value('querying', side) + value('scoring', side))) / all;
    expect(value('querying and scoring, of all', side) / share).toBeCloseTo(1, 2);
    for (const what of ['AUC of the attack', 'accuracy of the target on its records'])
      expect(0 <= value(what, side) && value(what, side) <= 1, `${side}: ${what}`).toBe(true);
  }
  const best = Math.min(value('all', 'torchThreads'), value('all', 'torchProcesses'));
  if (torchIsHere) expect(value('all', 'ratio') / (value('all', 'ours') / best)).toBeCloseTo(1, 2);
  for (const line of lines) expect(line).toMatchObject({ name: 'lira-16', rounds: 1, bar: null, ok: null });
});

test('lira: a moment with several tasks is shared out between them, one without any is nobody’s', () => {
  const spans = [
    { kind: 'train', from: 10, to: 14 },
    { kind: 'train', from: 10, to: 12 },
    { kind: 'query', from: 12, to: 15 },
    { kind: 'score', from: 20, to: 21 },
  ] as const;
  // 10 to 12 both trainings, 12 to 14 half and half, 14 to 15 the query alone, 15 to 20 nothing.
  expect(wallByKind(spans)).toEqual({ train: 3, query: 2, score: 1 });
  expect(wallByKind([])).toEqual({ train: 0, query: 0, score: 0 });
});

test('dcgan --json: an epoch of each side, after a step that is the same', { timeout: 120_000 }, async () => {
  const { stdout, stderr } = await bench('dcgan', '--quick', '--only', 'dcgan-128', '--json');
  const line = JSON.parse(stdout) as Record<string, unknown>;
  expect(line).toMatchObject({ name: 'dcgan-128', rounds: 1, bar: null, ok: null });
  type Spread = Record<'median' | 'lowest' | 'highest', number | null>;
  const [ours, torch, ratio] = ['ours', 'torch', 'ratio'].map((key) => line[key] as Spread) as [
    Spread,
    Spread,
    Spread,
  ];
  expect(ours.median).toBeGreaterThan(0);
  expect([ours.lowest, ours.highest]).toEqual([ours.median, ours.median]);
  if (stderr.includes('PyTorch is not here')) {
    expect([torch.median, ratio.median]).toEqual([null, null]);
    return;
  }
  expect(stderr.match(/: same$/gm)).toHaveLength(2);
  // Each is rounded to three digits.
  const exact = (ours.median as number) / (torch.median as number);
  expect(Math.abs((ratio.median as number) / exact - 1)).toBeLessThan(0.02);
});

test('embeddings --json: every case both ways, with the ratios to plain inference', async () => {
  const { stdout } = await bench('embeddings', '--quick', '--only', 'mlp-784,cnn-28', '--json');
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ name }) => name)).toEqual(['mlp-784', 'cnn-28']);
  for (const line of lines) {
    expect(line).toMatchObject({ records: 600, rounds: 1, bar: null, ok: null });
    const speed = (key: string) => (line[key] as { readonly median: number }).median;
    expect(speed('plain')).toBeGreaterThan(0);
    // Each is rounded to three digits.
    for (const way of ['cut', 'access'])
      expect(Math.abs(speed(`${way}Ratio`) / (speed(way) / speed('plain')) - 1)).toBeLessThan(0.02);
  }
});
