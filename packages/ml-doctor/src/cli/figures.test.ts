/** `ml-doctor figures`: which are made of which studies, what is told of those that cannot be, and where all goes. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SampleTarget, sampleSource } from '../../test/analysis/sample-evidence.ts';
import { writeSampleStudy } from '../../test/analysis/write-sample-study.ts';
import { runHere } from '../../test/process/here.ts';
import { figures } from '../analysis/figures/registry.ts';
import { PRESETS, type Preset } from '../analysis/presets/presets.ts';
import { namedFigures, presetFigures } from './figure-requests.ts';

const targets = (models: readonly string[], over: Partial<SampleTarget> = {}): readonly SampleTarget[] =>
  models.map((model, i) => ({
    ...{ data: 'celeba', model, testAccuracy: 0.6 + i / 30, modes: { 'MemInf <B,S>': 0.55 + i / 50 } },
    ...over,
  }));
const six = targets(['a', 'b', 'c', 'd', 'e', 'f']);

let root: string;
const at = (...names: readonly string[]) => join(root, ...names);
const made = (folder: string): { figures: { name: string }[]; refused: { what: string }[] } =>
  JSON.parse(readFileSync(join(folder, 'figures.json'), 'utf8'));

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'mld-figures-'));
  await writeSampleStudy(at('six'), sampleSource(six));
  await writeSampleStudy(at('more', 'six'), sampleSource(targets(['g'])));
  await writeSampleStudy(at('few'), sampleSource(six.slice(0, 2)));
  await writeSampleStudy(at('preset', 'targets'), sampleSource(six));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('ml-doctor figures', () => {
  it('makes what the study has the numbers for, into its folder, and is done', async () => {
    const { status, stdout, stderr } = await runHere(['figures', at('six')]);
    expect([status, stderr]).toEqual([0, '']);
    expect(made(at('six')).figures.map(({ name }) => name)).toContain('relations');
    expect(made(at('six')).refused).toEqual([]);
    expect(stdout).toContain(at('six', 'figures.html'));
    for (const name of ['figures.html', 'figures.md', 'figures/relations-pairs.svg'])
      expect([name, existsSync(at('six', name))]).toEqual([name, true]);
  });

  it('says of those that were asked for what they lack, makes the others, and ends with 3', async () => {
    const { status, stdout } = await runHere([
      ...['figures', at('six'), '--out', at('some')],
      ...['--figure', 'relations', 'ml-doctor-2022/figure-8'],
    ]);
    expect(status).toBe(3);
    const { figures: done, refused } = made(at('some'));
    expect(done.map(({ name }) => name)).toEqual(['relations']);
    expect(refused).toMatchObject([{ what: 'ml-doctor-2022/figure-8', code: 'MLD_EVIDENCE_MISSING' }]);
    expect(stdout).toContain('Cannot be shown (MLD_EVIDENCE_MISSING)');
  });

  it('tells of a figure that nobody asked for and that wants targets', async () => {
    const { status } = await runHere(['figures', at('few'), '--out', at('wanting')]);
    expect(status).toBe(3);
    expect(made(at('wanting')).refused).toContainEqual(
      expect.objectContaining({ what: 'relations', code: 'MLD_TARGETS_FEW' }),
    );
  });

  it('prints figures.json itself with --json, of one figure that is named twice', async () => {
    const { status, stdout } = await runHere([
      ...['figures', at('six'), at('more', 'six'), '--json', '--out', at('both')],
      ...['--figure', 'relations', '--figure', 'relations'],
    ]);
    expect(status).toBe(0);
    expect(stdout).toBe(readFileSync(at('both', 'figures.json'), 'utf8'));
    const { sources, figures: done } = JSON.parse(stdout);
    // Two folders of one name are told apart.
    expect(sources.map(({ name }: { name: string }) => name)).toEqual([`${basename(root)}/six`, 'more/six']);
    expect(done).toHaveLength(1);
    expect(done[0].finding).toContain('7 targets');
  });

  it('makes of a preset that was stopped what is there, and names what is not', async () => {
    const { status, stderr } = await runHere(['figures', at('preset'), '--preset', 'small']);
    expect(status).toBe(3);
    expect(stderr).toBe(
      'note: not run to the end yet: complexity, defenses, epochs; their figures are missing\n',
    );
    const { figures: done, refused } = made(at('preset'));
    expect(done.map(({ name }) => name)).toContain('relations');
    expect(refused.map(({ what }) => what)).toContain('ml-doctor-2022/figure-8');
  });
});

describe('a preset that was stopped', () => {
  it('is not done where all of its figures could be made of less than they are for', async () => {
    const parts = ['targets', 'later'];
    const two: Preset = {
      ...{ name: 'two', title: 'Two', source: 'here', parts: parts.map((name) => ({ name, title: name })) },
      figures: [{ figure: 'relations', parts }],
    };
    (PRESETS as Record<string, Preset>).two = two;
    try {
      const { status } = await runHere(['figures', at('preset'), '--preset', 'two', '--out', at('two')]);
      expect([status, made(at('two')).refused]).toEqual([3, []]);
    } finally {
      delete (PRESETS as Record<string, Preset>).two;
    }
  });
});

describe('the figures of a preset', () => {
  const [a, b] = [sampleSource(targets(['a']), { name: 'a' }), sampleSource(targets(['b']), { name: 'b' })];
  const preset = (parts: readonly string[], over: Partial<Preset> = {}): Preset => ({
    ...{ name: 'p', title: 'P', source: 's' },
    parts: ['a', 'b'].map((name) => ({ name, title: name })),
    figures: [{ figure: 'relations', parts }],
    ...over,
  });
  const modelsOf = (of: Preset) =>
    presetFigures(of, [a, b]).map(({ evidence }) => evidence.targets.map(({ model }) => model.name));

  it('are each of the parts that it names, and of a model of the user’s of all there is', () => {
    expect(modelsOf(preset(['b']))).toEqual([['b']]);
    expect(modelsOf(preset(['b', 'a']))).toEqual([['a', 'b']]);
    expect(modelsOf(preset([], { parts: [] }))).toEqual([['a', 'b']]);
  });

  it('are, unnamed, all that there are, each of all studies', () => {
    const all = namedFigures(undefined, [a, b]);
    expect(all.map(({ kind }) => kind)).toEqual(Object.values(figures));
    for (const { evidence } of all) expect(evidence.targets).toHaveLength(2);
    expect(namedFigures(['relations'], [a]).map(({ kind }) => kind.name)).toEqual(['relations']);
    for (const name of ['toString', 'relation'])
      expect(() => namedFigures(['relations', name], [a])).toThrow(
        expect.objectContaining({ code: 'MLD_USAGE', message: `no figure is called '${name}'` }),
      );
  });
});
