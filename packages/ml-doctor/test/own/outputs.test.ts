/** Saved outputs: the same answers in every form a user may have them in give the same figures. */
import { describe, expect, it } from 'vitest';
import { csv, parquet, type TestTable } from '../data/tables.ts';
import { npz } from '../data/write-npz.ts';
import { aucOf, bench, LOSS } from './own-run.ts';

const { run, save } = bench();

const ROWS = 240;
const wave = (i: number, k: number) => Math.sin(1 + i * 12.9898 + k * 78.233) * 2;
const member = Array.from({ length: ROWS }, (_, i) => (i % 2 === 0 ? 1 : 0));
const label = Array.from({ length: ROWS }, (_, i) => Math.floor(i / 2) % 3);
/** Members are a little surer of their labels. */
const logits = Array.from({ length: ROWS }, (_, i) =>
  [0, 1, 2].map((k) => wave(i, k) + (label[i] === k ? 0.5 + (member[i] as number) : 0)),
);
const posteriors = logits.map((row) => {
  const sum = row.reduce((total, z) => total + Math.exp(z), 0);
  return row.map((z) => Math.exp(z) / sum);
});
const losses = posteriors.map((row, i) => -Math.log(row[label[i] as number] as number));

/** P(a member's loss is below a non-member's), by counting pairs. */
const auc = (() => {
  const side = (one: number) => losses.filter((_, i) => member[i] === one);
  const [inside, outside] = [side(1), side(0)];
  let pairs = 0;
  for (const a of inside) for (const b of outside) pairs += a < b ? 1 : a === b ? 0.5 : 0;
  return pairs / (inside.length * outside.length);
})();
const right = (one: number) =>
  logits.filter((row, i) => member[i] === one && row.indexOf(Math.max(...row)) === label[i]).length /
  (ROWS / 2);

const columns = (letter: string, rows: readonly (readonly number[])[]): TestTable => ({
  ...Object.fromEntries([0, 1, 2].map((k) => [`${letter}${k}`, rows.map((row) => row[k] as number)])),
  label,
  member,
});
const arrays = (name: string, rows: readonly (readonly number[])[]) =>
  npz({
    [name]: { descr: '<f8', shape: [ROWS, 3], values: rows.flat() },
    label: { descr: '<i8', shape: [ROWS], values: label },
    member: { descr: '|u1', shape: [ROWS], values: member },
  });

describe('saved outputs', () => {
  it.each([
    ['posteriors.csv', csv(columns('p', posteriors))],
    ['posteriors.parquet', parquet(columns('p', posteriors))],
    ['posteriors.npz', arrays('posteriors', posteriors)],
    ['logits.csv', csv(columns('z', logits))],
    ['logits.parquet', parquet(columns('z', logits))],
    ['logits.npz', arrays('logits', logits)],
  ])('%s: the AUC by counting pairs, and the accuracies', async (name, content) => {
    const found = await run(`out-${name}`, 'audit', '--outputs', save(name, content), ...LOSS);
    expect(found.status, found.stderr).toBe(0);
    expect(aucOf(found)).toBeCloseTo(auc, 6);
    expect(found.report.target.trainAccuracy?.value).toBeCloseTo(right(1), 5);
    expect(found.report.target.testAccuracy?.value).toBeCloseTo(right(0), 5);
  });

  it.each([
    ['loss.csv', csv({ loss: losses, label, member })],
    ['loss.parquet', parquet({ loss: losses, label, member })],
    [
      'loss.npz',
      npz({
        loss: { descr: '<f8', shape: [ROWS], values: losses },
        label: { descr: '<i4', shape: [ROWS], values: label },
        member: { descr: '|b1', shape: [ROWS], values: member },
      }),
    ],
  ])('%s: runs loss-threshold, and says what the others need', async (name, content) => {
    const found = await run(`out-${name}`, 'audit', '--outputs', save(name, content));
    expect(found.status, found.stderr).toBe(0);
    expect(found.report.results.map(({ attack }) => attack)).toEqual(['membership/loss-threshold']);
    expect(aucOf(found)).toBeCloseTo(auc, 6);
    expect(found.report.target.trainAccuracy).toBeNull();
    const why = new Map(found.report.notRun?.map((one) => [one.attack, one.why]));
    expect(why.get('membership/shadow-classifier')).toMatch(/posteriors/);
    expect(why.get('membership/lira')).toBeDefined();
    expect([...why.values()].every((text) => text.length > 10)).toBe(true);
  });

  it('one column p of a binary model is the probability of class 1', async () => {
    const yes = label.map((one) => (one === 1 ? 1 : 0));
    const p = posteriors.map((row) => row[1] as number);
    const own = p.map((one, i) => -Math.log(yes[i] === 1 ? one : 1 - one));
    let pairs = 0;
    for (let i = 0; i < ROWS; i += 2)
      for (let j = 1; j < ROWS; j += 2) pairs += (own[i] as number) < (own[j] as number) ? 1 : 0;
    const file = save('binary.csv', csv({ p, label: yes, member }));
    const found = await run('binary', 'audit', '--outputs', file, ...LOSS);
    expect(found.status, found.stderr).toBe(0);
    expect(aucOf(found)).toBeCloseTo(pairs / (ROWS / 2) ** 2, 6);
  });
});
