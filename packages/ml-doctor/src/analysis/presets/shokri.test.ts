/** The studies of Shokri et al.: files that can be run, figures that there are, and the paper's own setting where it is claimed. */
import { describe, expect, it } from 'vitest';
import { type SampleTarget, sampleEvidence } from '../../../test/analysis/sample-shokri.ts';
import type { StudyConfig } from '../../config/config.ts';
import { loadConfig } from '../../config/load-config.ts';
import { largestRole } from '../../data/paper-roles.ts';
import { figures } from '../figures/registry.ts';
import { attackedOf } from '../figures/shokri/attacked.ts';
import { cifarSetting, networkSetting, unlikeText } from '../figures/shokri/setting.ts';
import { presetFile } from './preset-file.ts';
import { PRESETS } from './presets.ts';

const studyOf = async (preset: string, part: string): Promise<StudyConfig> => {
  const loaded = await loadConfig(presetFile({ name: preset }, part));
  if (loaded.kind !== 'study') throw new Error(`${preset}/${part} is no study`);
  return loaded.config;
};

describe.each(['shokri-small', 'shokri-paper'])('%s', (name) => {
  const { parts, figures: wanted } = PRESETS[name]!;

  it('has studies that can be read, and figures that there are, of parts that it has', async () => {
    for (const part of parts) expect((await studyOf(name, part.name)).data.length).toBeGreaterThan(0);
    const known = parts.map((part) => part.name);
    for (const { figure, parts: of } of wanted) {
      expect(Object.keys(figures)).toContain(figure);
      expect(known).toEqual(expect.arrayContaining([...of]));
    }
    expect(wanted.map(({ figure }) => figure).sort()).toEqual(
      Object.keys(figures)
        .filter((figure) => figure.startsWith('shokri-2017/'))
        .sort(),
    );
  });
});

describe('the setting of the paper', () => {
  const sampleOf = (study: StudyConfig, at: number): SampleTarget => {
    const data = study.data[at]!;
    const [{ model, training }] = study.models as [StudyConfig['models'][number]];
    const shadows = study.attacks[0]!.params.shadows as number;
    return {
      ...{ data: data.catalog, model, training: { ...training } },
      members: data.recordsPerRole ?? largestRole(data.catalog, data.split),
      attacks: [{ shadows, figures: {} }],
    };
  };
  const unlike = (setting: Parameters<typeof unlikeText>[0], sample: SampleTarget) =>
    unlikeText(setting, attackedOf(sampleEvidence([sample]))[0]!);

  it('is that of its own networks: Table III, and CIFAR', async () => {
    for (const data of ['purchase', 'texas']) {
      const study = await studyOf('shokri-paper', `${data}-mitigations`);
      expect(unlike(networkSetting(`${data}-100`), sampleOf(study, 0))).toBeUndefined();
    }
    const cifar10 = await studyOf('shokri-paper', 'cifar10');
    for (const [i, members] of [2500, 5000, 10_000, 15_000].entries())
      expect(unlike(cifarSetting('cifar10', members), sampleOf(cifar10, i))).toBeUndefined();
    const cifar100 = await studyOf('shokri-paper', 'cifar100');
    for (const [i, members] of [4600, 10_520].entries())
      expect(unlike(cifarSetting('cifar100', members), sampleOf(cifar100, i))).toBeUndefined();
  });

  it('is not claimed of the small studies', async () => {
    const study = await studyOf('shokri-small', 'mitigations');
    expect(unlike(networkSetting('purchase-100'), sampleOf(study, 0))).toMatch(/^retail-100 in place of/);
  });
});
