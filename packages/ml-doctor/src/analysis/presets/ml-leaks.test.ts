/** The studies of ML-Leaks: files that can be run, figures that there are, and the paper's recipe in every one of them. */
import { describe, expect, it } from 'vitest';
import type { StudyConfig } from '../../config/config.ts';
import { loadConfig } from '../../config/load-config.ts';
import { figures } from '../figures/registry.ts';
import { presetFile } from './preset-file.ts';
import { PRESETS } from './presets.ts';

const studyOf = async (preset: string, part: string): Promise<StudyConfig> => {
  const loaded = await loadConfig(presetFile({ name: preset }, part));
  if (loaded.kind !== 'study') throw new Error(`${preset}/${part} is no study`);
  return loaded.config;
};

describe.each(['ml-leaks-small', 'ml-leaks-paper'])('%s', (name) => {
  const { parts, figures: wanted } = PRESETS[name]!;

  it('has studies that can be read, trained as the released code does', async () => {
    for (const part of parts) {
      const study = await studyOf(name, part.name);
      for (const { training } of study.models)
        expect(training).toMatchObject({
          ...{ optimizer: 'adam', learningRate: 0.001, batchSize: 100, weightDecay: 2e-7, milestones: [] },
          ...(part.name === 'epochs' ? {} : { epochs: 50 }),
        });
      if (part.name.startsWith('transfer-'))
        expect(study.data.map(({ catalog }) => `transfer-${catalog}`)).toEqual([part.name]);
    }
  });

  it('has figures that there are, all of the paper, of parts that it has', () => {
    const known = parts.map((part) => part.name);
    for (const { parts: of } of wanted) expect(known).toEqual(expect.arrayContaining([...of]));
    expect(wanted.map(({ figure }) => figure).sort()).toEqual(
      Object.keys(figures)
        .filter((figure) => figure.startsWith('ml-leaks-2019/'))
        .sort(),
    );
  });
});
