import { expect, it } from 'vitest';
import { catalog } from './catalog/catalog.ts';
import type { CatalogEntry } from './catalog/entry.ts';
import { sameRecords } from './same-records.ts';

it('knows parts, copies and other codings of a data set, in any pixels', () => {
  const same = (names: readonly string[]) =>
    names.flatMap((one) => names.map((other) => sameRecords(one, other))).every(Boolean);
  for (const names of [
    ['fashion-mnist', 'fashion-mnist-10k', 'fashion-mnist@32'],
    ['cifar10', 'cifar10-20k'],
    ['celeba', 'celeba@64', 'celeba-10k'],
    ['utkface', 'utkface-64px'],
    ['lfw', 'lfw-funneled'],
    ['purchase-2', 'purchase-10', 'purchase-20', 'purchase-50', 'purchase-100'],
    ['retail-2', 'retail-10', 'retail-20', 'retail-50', 'retail-100'],
    ['adult', 'adult-unaware'],
    ['own', 'own'],
  ])
    expect(same(names)).toBe(true);
});

it('keeps apart what is only alike', () => {
  for (const [one, other] of [
    ['cifar10', 'cifar100'],
    ['mnist', 'fashion-mnist'],
    ['purchase-100', 'retail-100'],
    ['celeba', 'lfw'],
    ['own', 'mnist'],
  ] as const)
    expect(sameRecords(one, other)).toBe(false);
});

it('is said of a data set that others do not have from a third', () => {
  const entries: readonly CatalogEntry[] = Object.values(catalog);
  for (const { recordsOf } of entries.filter((entry) => entry.recordsOf !== undefined))
    expect(entries.find(({ id }) => id === recordsOf)).toMatchObject({ id: recordsOf });
  const named = new Set(entries.map(({ recordsOf }) => recordsOf));
  expect(entries.filter(({ id, recordsOf }) => recordsOf !== undefined && named.has(id))).toEqual([]);
});
