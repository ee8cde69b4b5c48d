/** Records as users have them: named classes, sides of unequal size, overlaps, attributes, odd paths. */
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aucOf, bench, fixtureOptions, fixtureRows, LOSS, MODELS } from './own-run.ts';

const { run, save, folder } = bench();
const members = fixtureRows('wine-members.csv');
const others = fixtureRows('wine-non-members.csv');
const side = (name: string, rows: readonly string[], head = members.head) =>
  save(name, `${[head, ...rows].join('\n')}\n`);
const wine = (a: string, b: string, model = 'sklearn-forest') => [
  ...['audit', '--model', join(MODELS, `${model}.onnx`), '--members', a, '--non-members', b, ...LOSS],
];
const asNumbers = (rows: readonly string[], first: number) =>
  rows.map((row) =>
    row.replace(/[a-z]+$/, (name) => String(['barbera', 'barolo', 'grignolino'].indexOf(name) + first)),
  );
const expected = JSON.parse(readFileSync(join(MODELS, 'sklearn-forest.json'), 'utf8')).lossAuc as number;

describe('classes', () => {
  it('may be numbers where the model has names, from 0', async () => {
    const found = await run(
      'numbers',
      ...wine(side('n/a.csv', asNumbers(members.rows, 0)), side('n/b.csv', asNumbers(others.rows, 0))),
    );
    expect(found.status, found.stderr).toBe(0);
    expect(Math.abs(aucOf(found) - expected)).toBeLessThan(0.01);
  });

  it('may start at 1 where they are named in order, and are refused otherwise', async () => {
    const [a, b] = [
      side('one/a.csv', asNumbers(members.rows, 1)),
      side('one/b.csv', asNumbers(others.rows, 1)),
    ];
    const refused = await run('one', ...wine(a, b));
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/error\[MLD_DATA_INVALID\].*label '3' is none of the 3 classes/);
    const named = await run('one', ...wine(a, b), '--classes', '1,2,3');
    expect(named.status, named.stderr).toBe(0);
    expect(Math.abs(aucOf(named) - expected)).toBeLessThan(0.01);
  });

  it('may be missing on one side', async () => {
    const some = others.rows.filter((row) => !row.endsWith('barolo'));
    const found = await run('missing', ...wine(side('a.csv', members.rows), side('few.csv', some)));
    expect(found.status, found.stderr).toBe(0);
    expect(found.report.data.splits).toMatchObject({ 'target-train': 89, 'target-test': some.length });
  });
});

describe('sides', () => {
  it('may be tiny', async () => {
    const [a, b] = [
      side('tiny/a.csv', members.rows.slice(0, 20)),
      side('tiny/b.csv', others.rows.slice(0, 20)),
    ];
    const found = await run('tiny', ...wine(a, b).filter((text) => !LOSS.includes(text)));
    expect(found.status, found.stderr).toBe(0);
    expect(found.report.holes).toEqual([]);
    expect(found.report.data.splits).toMatchObject({ 'target-train': 20, 'target-test': 20 });
  });

  it('that share inputs are refused, and counted as both on request', async () => {
    const [a, b] = [
      side('over/a.csv', members.rows),
      side('over/b.csv', [...others.rows, ...members.rows.slice(0, 5)]),
    ];
    const refused = await run('overlap', ...wine(a, b));
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/error\[MLD_OVERLAP\].*5 members.*\n.*--overlap allow/);
    const allowed = await run('overlap', ...wine(a, b), '--overlap', 'allow');
    expect(allowed.status, allowed.stderr).toBe(0);
    expect(allowed.report.data.splits).toMatchObject({ 'target-train': 89, 'target-test': 94 });
  });

  it('larger than the sample: the same records in every run of a seed, and a note', async () => {
    const options = [...wine(side('a.csv', members.rows), side('b.csv', others.rows)), '--sample', '40'];
    const one = await run('sample-1', ...options, '--store', join(folder, 's1'));
    const two = await run('sample-2', ...options, '--store', join(folder, 's2'));
    const other = await run('sample-3', ...options, '--seed', '1');
    expect(one.status, one.stderr).toBe(0);
    expect(two.report).toEqual(one.report);
    expect(other.report.data.contentHash).not.toBe(one.report.data.contentHash);
    expect(one.report.target.notes?.join('\n')).toContain('Of 89 members a random sample of 40');
  });

  it('have slices by columns that are no inputs', async () => {
    const region = (rows: readonly string[]) => rows.map((row, i) => `${row},${i % 2 ? 'north' : 'south'}`);
    const head = `${members.head},region`;
    const [a, b] = [
      side('slices/a.csv', region(members.rows), head),
      side('slices/b.csv', region(others.rows), head),
    ];
    const found = await run('slices', ...wine(a, b), '--slices', 'region');
    expect(found.status, found.stderr).toBe(0);
    expect(Math.abs(aucOf(found) - expected)).toBeLessThan(0.01);
    expect(JSON.stringify(found.report.results[0])).toMatch(/region/);
  });
});

describe('paths', () => {
  it('of a configuration start from its folder, and may hold spaces and letters of any language', async () => {
    const home = join(folder, 'mes modèles – 模型');
    mkdirSync(join(home, 'data sets'), { recursive: true });
    cpSync(join(MODELS, 'sklearn-forest.onnx'), join(home, 'forêt.onnx'));
    for (const name of ['wine-members.csv', 'wine-non-members.csv'])
      cpSync(join(MODELS, 'data', name), join(home, 'data sets', name));
    const config = save(
      'mes modèles – 模型/audit.yaml',
      `target: { onnx: forêt.onnx }
data: { members: data sets/wine-members.csv, nonMembers: data sets/wine-non-members.csv }
attacks: [membership/loss-threshold]
`,
    );
    const found = await run('out ü', 'audit', config);
    expect(found.status, found.stderr).toBe(0);
    expect(Math.abs(aucOf(found) - expected)).toBeLessThan(0.01);
  });

  it('may be catalogue ranges', async () => {
    const { status, stderr } = await run(
      'catalogue',
      ...['audit', '--model', join(MODELS, 'torch-cnn.onnx'), ...LOSS],
      ...['--members', 'fashion-mnist-10k[0:50]', '--non-members', 'fashion-mnist-10k[50:100]'],
    );
    // Pictures of 28 by 28 do not fit a model of 8 by 8.
    expect(status).toBe(2);
    expect(stderr).toMatch(/error\[MLD_MODEL_INPUT\]/);
  });
});

it('fixtures are those that the tests above speak of', () => {
  expect([members.rows.length, others.rows.length]).toEqual([89, 89]);
  expect(fixtureOptions('sklearn-forest')).not.toContain('--scale');
});

describe('what would make a wrong number', () => {
  const sides = () => [side('w/a.csv', members.rows), side('w/b.csv', others.rows)] as const;

  it('class names in another order than the file has them', async () => {
    const [a, b] = sides();
    const found = await run('order', ...wine(a, b), '--classes', 'grignolino,barolo,barbera');
    expect(found.status).toBe(2);
    expect(found.stderr).toMatch(
      /error\[MLD_DATA_INVALID\].*--classes.*the model has them as barbera, barolo, grignolino/s,
    );
  });

  it('labels under which the model is worse than guessing, unless its owner knows', async () => {
    const turned = (rows: readonly string[]) =>
      rows.map((row) =>
        row.replace(
          /[a-z]+$/,
          (name) => ({ barbera: 'barolo', barolo: 'grignolino', grignolino: 'barbera' })[name] ?? '',
        ),
      );
    const options = [side('t/a.csv', turned(members.rows)), side('t/b.csv', turned(others.rows))] as const;
    const found = await run('turned', ...wine(...options));
    expect(found.status).toBe(2);
    expect(found.stderr).toMatch(/error\[MLD_ACCURACY\].*less than guessing among 3 classes/s);
    const known = await run('turned', ...wine(...options), '--expect-accuracy', '0,0.045');
    expect(known.status, known.stderr).toBe(0);
  });

  it('the members as the attacker’s own records', async () => {
    const [a, b] = sides();
    const found = await run('auxiliary', ...wine(a, b), '--auxiliary', a);
    expect(found.status).toBe(2);
    expect(found.stderr).toMatch(
      /error\[MLD_OVERLAP\].*8[89] members have the same input as an auxiliary record/s,
    );
  });
});
