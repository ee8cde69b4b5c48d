/** What valid files say, in all spellings, and what happens to files that cannot be read. */

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { auditWith, FULL_AUDIT, FULL_STUDY, studyWith, VALID } from '../../test/config/samples.ts';
import { temporaryFolder } from '../../test/study/temporary-folder.ts';
import { mlDoctorRecipe } from '../models/recipe.ts';
import type { AuditConfig, StudyConfig } from './config.ts';
import { loadConfig, parseConfig } from './load-config.ts';

const audit = (text: string): AuditConfig => {
  const loaded = parseConfig(text, 'audit.yaml');
  if (loaded.kind !== 'audit') throw new Error('no audit');
  return loaded.config;
};

const study = (text: string): StudyConfig => {
  const loaded = parseConfig(text, 'study.yaml');
  if (loaded.kind !== 'study') throw new Error('no study');
  return loaded.config;
};

describe('an audit', () => {
  it('is complete when the file says the least', () => {
    expect(audit(auditWith())).toEqual({
      data: { catalog: 'fashion-mnist-10k', split: 'ml-doctor-2022' },
      target: {
        train: { model: 'mlp', training: mlDoctorRecipe(300) },
        offers: { access: 'white-box', output: 'posteriors' },
      },
      defense: { name: 'none', params: {} },
      attacks: [{ name: 'membership/loss-threshold', params: { auxiliary: 'shadow' } }],
      seed: 0,
    });
  });

  it('is what the file says when it says all', () => {
    expect(audit(FULL_AUDIT)).toEqual({
      name: 'Künstliche Daten 🎲',
      data: {
        catalog: 'fashion-mnist-10k',
        split: 'ml-doctor-2022',
        recordsPerRole: 600,
        overlap: 'allow',
        slices: ['sex'],
      },
      target: {
        train: {
          model: 'simple-cnn',
          training: {
            epochs: 60,
            batchSize: 32,
            learningRate: 0.02,
            momentum: 0,
            weightDecay: 0,
            milestones: [0, 20, 40],
          },
        },
        offers: { access: 'black-box', output: 'posteriors' },
      },
      defense: { name: 'l2', params: { lambda: 0.01 } },
      attacks: [
        { name: 'membership/loss-threshold', params: { auxiliary: 'none' } },
        {
          name: 'membership/shadow-classifier',
          params: {
            access: 'black-box',
            auxiliary: 'shadow',
            epochs: 20,
            batchSize: 64,
            learningRate: 0.001,
          },
        },
      ],
      seed: 9_007_199_254_740_991,
    });
  });

  it('is the same through aliases, and octal and negative-zero numbers are numbers', () => {
    const config = audit(VALID['aliases, comments, a document marker and an octal number']!);
    expect(config.data.recordsPerRole).toBe(8);
    expect(config.defense.name).toBe('none');
    expect(Object.is(audit(auditWith({ seed: 'seed: -0' })).seed, 0)).toBe(true);
  });
});

describe('a study', () => {
  it('has defaults for what the file leaves out', () => {
    expect(study(studyWith())).toMatchObject({
      offers: { access: 'white-box', output: 'posteriors' },
      defenses: [{ name: 'none', params: {} }],
      seeds: [0],
      include: [],
      exclude: [],
    });
  });

  it('trains each model as it says, else as all, else as ML-Doctor did', () => {
    const { models } = study(FULL_STUDY);
    expect(models).toEqual([
      { model: 'mlp', training: { ...mlDoctorRecipe(30), batchSize: 128 } },
      { model: 'simple-cnn', training: { ...mlDoctorRecipe(60), batchSize: 128, milestones: [] } },
      { model: 'random-forest', training: mlDoctorRecipe(300) },
    ]);
    expect(study(studyWith()).models[0]?.training).toEqual(mlDoctorRecipe(300));
  });

  it('has the same forest whatever it says of the training of networks', () => {
    const forest = 'models: [random-forest, mlp]';
    const [with5, without] = ['training: { epochs: 5 }', ''].map(
      (training) => study(studyWith({ models: forest, training })).models,
    );
    expect(with5?.[0]).toEqual(without?.[0]);
    expect(with5?.[1]?.training).toEqual(mlDoctorRecipe(5));
    expect(without?.[1]?.training).toEqual(mlDoctorRecipe(300));
  });

  it('has attributes to slice by where the file names some, and refuses overlaps unless told otherwise', () => {
    expect(study(FULL_STUDY).data).toEqual([
      { catalog: 'fashion-mnist-10k', split: 'ml-doctor-2022' },
      { catalog: 'adult', split: 'ml-doctor-2022', recordsPerRole: 2000, slices: ['sex', 'race'] },
    ]);
  });

  it('has rules with lists, whatever the file has', () => {
    const { exclude, include } = study(FULL_STUDY);
    expect(exclude).toEqual([
      { data: ['adult'], model: ['simple-cnn'] },
      { defense: ['l2'], seed: [1, 2] },
    ]);
    expect(include).toEqual([{ data: ['adult'], model: ['mlp'], seed: [3, 4] }]);
  });

  it('may have one defence with several parameters', () => {
    expect(study(FULL_STUDY).defenses).toEqual([
      { name: 'none', params: {} },
      { name: 'l2', params: { lambda: 0.001 } },
      { name: 'l2', params: { lambda: 0.01 } },
    ]);
  });
});

it.each(Object.entries(VALID))('reads %s', (_, text) => {
  expect(() => parseConfig(text, 'file')).not.toThrow();
});

describe('the source of a configuration', () => {
  const { source } = parseConfig(
    auditWith({ attacks: 'attacks:\n  - membership/loss-threshold\n  - &b membership/shadow-classifier' }),
    'my audit.yaml',
  );

  it.each([
    [['attacks', 1], '5:8'],
    [['attacks', 0], '4:5'],
    [['attacks', 0, 'membership/loss-threshold'], '4:5'],
    [['target', 'train', 'model'], '2:27'],
    [['target', 'train', 'epochs'], '2:18'],
    [['seed'], '1:1'],
    [[], '1:1'],
  ])('finds %j at %s, and the parent of what is not there', (path, place) => {
    expect(source.fault(path, 'what.', 'hint.')).toMatchObject({
      code: 'MLD_CONFIG',
      message: `my audit.yaml:${place}: what.`,
      hint: 'hint.',
    });
  });

  it('gives the code it is told', () => {
    expect(source.fault(['data'], 'a', 'b', 'MLD_SPLIT')).toMatchObject({ code: 'MLD_SPLIT' });
  });
});

describe('a file', () => {
  const file = (name: string, content: string | Uint8Array) => {
    const path = join(temporaryFolder(), name);
    writeFileSync(path, content);
    return path;
  };

  it('is read as it stands', async () => {
    const loaded = await loadConfig(file('a.yaml', `\uFEFF${FULL_AUDIT}`));
    expect(loaded.config).toEqual(audit(FULL_AUDIT));
    const path = file('b.json', '{"data": 3}');
    await expect(loadConfig(path)).rejects.toMatchObject({
      message: expect.stringContaining(`${path}:1:1: `),
    });
  });

  const refused = async (path: string, says: string) =>
    expect(loadConfig(path)).rejects.toMatchObject({
      code: 'MLD_CONFIG',
      message: expect.stringMatching(new RegExp(`${path.replace(/[.]/g, '\\.')}.*${says}`)),
      hint: expect.stringMatching(/\.$/),
    });

  it('that is not there is named', () =>
    refused(join(temporaryFolder(), 'none.yaml'), 'there is no such file'));

  it('that is a folder is named', async () => {
    await refused(temporaryFolder(), 'a folder stands where');
  });

  it.skipIf(process.getuid?.() === 0)(
    'that may not be read is named (skipped for root, who may)',
    async () => {
      const path = file('secret.yaml', auditWith());
      chmodSync(path, 0);
      await refused(path, 'permission denied');
    },
  );

  it.each<[string, string | Uint8Array, string]>([
    ['is empty', '', 'the file is empty'],
    ['is a byte order mark', '\uFEFF', 'the file is empty'],
    ['is UTF-16', Buffer.from(`\uFEFF${auditWith()}`, 'utf16le'), 'not text in UTF-8'],
    ['is Latin-1', Buffer.from('name: Größe', 'latin1'), 'not text in UTF-8'],
    ['is a gzip file', new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), 'not text in UTF-8'],
    ['is longer than any configuration', new Uint8Array(5_000_000).fill(0x23), 'more than 2097152 bytes'],
  ])('that %s is named', (_, content, says) => refused(file('bad.yaml', content), says));
});
