/** The studies of ML-Doctor: files that can be run, figures that there are, and the paper's own setting where it is claimed. */
import { describe, expect, it } from 'vitest';
import type { StudyConfig } from '../../config/config.ts';
import { loadConfig } from '../../config/load-config.ts';
import { figures } from '../figures/registry.ts';
import { FIGURE_8_EPOCHS } from '../published/ml-doctor-2022/epochs.ts';
import { PRIVATE_DELTA, PRIVATE_TRAININGS } from '../published/ml-doctor-2022/private-trainings.ts';
import { presetFile } from './preset-file.ts';
import { PRESETS } from './presets.ts';

const studyOf = async (preset: string, part: string): Promise<StudyConfig> => {
  const loaded = await loadConfig(presetFile({ name: preset }, part));
  if (loaded.kind !== 'study') throw new Error(`${preset}/${part} is no study`);
  return loaded.config;
};

describe.each(['small', 'paper'])('%s', (name) => {
  const { parts, figures: wanted } = PRESETS[name]!;

  it('has studies that can be read, and figures that there are, of parts that it has', async () => {
    for (const part of parts) expect((await studyOf(name, part.name)).data.length).toBeGreaterThan(0);
    const known = parts.map((part) => part.name);
    for (const { figure, parts: of } of wanted) {
      expect(Object.keys(figures)).toContain(figure);
      expect(known).toEqual(expect.arrayContaining([...of]));
    }
    expect(wanted.map(({ figure }) => figure)).toEqual(
      expect.arrayContaining(Object.keys(figures).filter((figure) => figure.startsWith('ml-doctor-2022/'))),
    );
  });

  it('measures complexity on the very data that is attacked, with the same seeds', async () => {
    const [targets, complexity] = [await studyOf(name, 'targets'), await studyOf(name, 'complexity')];
    expect(complexity.explain).toBe(true);
    expect(complexity.data).toEqual(targets.data);
    expect(complexity.seeds).toEqual(targets.seeds);
  });
});

describe('the small studies', () => {
  it('share what is undefended: data, training and attacks', async () => {
    const [targets, defenses] = [await studyOf('small', 'targets'), await studyOf('small', 'defenses')];
    expect(defenses.data).toEqual(targets.data);
    expect(defenses.attacks).toEqual(targets.attacks);
    expect(defenses.models).toEqual(targets.models.slice(0, 1));
    const epochs = await studyOf('small', 'epochs');
    expect(epochs.models.map(({ training }) => training.epochs)).toEqual([2, 5, 10, 20, 40]);
    expect(targets.data).toEqual(expect.arrayContaining([...epochs.data]));
  });
});

describe('the studies as published', () => {
  it('have 20 targets and ten modes, attributes on faces only', async () => {
    const { data, models, attacks, defenses, seeds, exclude } = await studyOf('paper', 'targets');
    expect(data.length * models.length * defenses.length * seeds.length).toBe(20);
    expect(attacks).toHaveLength(10);
    expect(models.every(({ training }) => training.epochs === 300 && training.batchSize === 64)).toBe(true);
    expect(exclude).toHaveLength(1);
  });

  it.each([
    ['celeba', 'CelebA'],
    ['fashion-mnist', 'FMNIST'],
    ['stl10', 'STL10'],
    ['utkface', 'UTKFace'],
  ] as const)('have the noise that gives the published epsilons on %s', async (id, data) => {
    const { defenses } = await studyOf('paper', `dp-sgd-${id}`);
    const { epsilon1, epsilon2 } = PRIVATE_TRAININGS[data];
    expect(defenses.slice(1).map(({ params }) => params)).toMatchObject(
      [epsilon1, epsilon2].map(({ noiseMultiplier }) => ({ noiseMultiplier, delta: PRIVATE_DELTA })),
    );
  });

  it('stop at the epochs of Fig. 8', async () => {
    const { models } = await studyOf('paper', 'epochs');
    expect(models.map(({ training }) => training.epochs)).toEqual([...FIGURE_8_EPOCHS]);
  });
});
