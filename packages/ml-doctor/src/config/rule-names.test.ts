/** Rules that name data sets and models with and without what is chosen of them. */
import { expect, test } from 'vitest';
import { studyWith } from '../../test/config/samples.ts';
import { cellId, cellToJson } from '../audit/cell.ts';
import { expandGrid } from '../audit/expand-grid.ts';
import type { StudyConfig } from './config.ts';
import { parseConfig } from './load-config.ts';
import { ruleEffects } from './rule-effects.ts';
import { namesData, namesModel } from './rule-names.ts';

test('a name alone speaks of all, one with options of that one', () => {
  expect(namesData('utkface', 'utkface@64')).toBe(true);
  expect(namesData('utkface', 'utkface')).toBe(true);
  expect(namesData('utkface@64', 'utkface@64')).toBe(true);
  expect(namesData('utkface@64', 'utkface')).toBe(false);
  expect(namesData('utkface@32', 'utkface')).toBe(true);
  expect(namesData('utkface@32', 'utkface@64')).toBe(false);
  expect(namesData('adult', 'adult-unaware')).toBe(false);
  expect(namesModel('resnet18', 'resnet18+group-norm')).toBe(true);
  expect(namesModel('resnet18', 'resnet18')).toBe(true);
  expect(namesModel('resnet18', 'resnet18-cifar')).toBe(false);
  expect(namesModel('resnet18+group-norm', 'resnet18+group-norm')).toBe(true);
  expect(namesModel('resnet18+group-norm', 'resnet18+group-norm+dropout-0.5')).toBe(false);
  expect(namesModel('resnet18+dropout-0', 'resnet18')).toBe(true);
  expect(namesModel('resnet18+dropout-0', 'resnet18+group-norm')).toBe(false);
});

const study = (rules: string) =>
  parseConfig(
    studyWith({
      data: 'data: [utkface, { catalog: utkface, pixels: 64 }, { catalog: utkface, split: ml-leaks-2019 }]',
      models: 'models: [resnet18, { resnet18: { norm: group } }]',
      rules,
    }),
    'study.yaml',
  ).config as StudyConfig;

const cells = (config: StudyConfig) =>
  expandGrid(config).map(({ data, model }) => `${data.catalog} ${model.model}`);

test.each([
  ['data: utkface@64', 2, 'utkface@64'],
  ['data: utkface@32', 4, undefined],
  ['model: resnet18+group-norm', 3, '+group-norm'],
  ['{ data: utkface@64, model: resnet18 }', 2, 'utkface@64'],
])('a rule of %s', (axes, dropped, name) => {
  const config = study(`exclude: [${axes.startsWith('{') ? axes : `{ ${axes} }`}]`);
  const left = cells(config);
  expect(left).toHaveLength(6 - dropped);
  if (name !== undefined) expect(left.some((one) => one.includes(name))).toBe(false);
  expect(ruleEffects(config)).toMatchObject([{ changed: dropped, left: 6 - dropped }]);
});

test('a rule that includes them', () => {
  const config = study('include: [{ data: utkface@64, model: resnet18+group-norm, seed: 3 }]');
  expect(expandGrid(config).filter(({ seed }) => seed === 3)).toMatchObject([
    { data: { catalog: 'utkface@64' }, model: { model: 'resnet18+group-norm' } },
  ]);
});

test('cells that differ in pixels, split or options have names of their own', () => {
  const all = expandGrid(study(''));
  expect(new Set(all.map(cellId)).size).toBe(6);
  // As reports and folders have it.
  for (const cell of all) expect(cellId(cell)).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/);
  expect(all.map((cell) => cellToJson(cell)).slice(2, 4)).toMatchObject([
    { data: { catalog: 'utkface', pixels: 64 }, target: { train: { model: 'resnet18' } } },
    { data: { catalog: 'utkface', pixels: 64 }, target: { train: { model: 'resnet18', norm: 'group' } } },
  ]);
});
