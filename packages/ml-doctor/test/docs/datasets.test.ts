/** The page of data sets against the catalogue. */

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { catalog } from '../../src/data/catalog/catalog.ts';
import type { CatalogEntry } from '../../src/data/catalog/entry.ts';
import { fetchable } from '../../src/data/missing-files.ts';

const rows = readFileSync(new URL('../../../../docs/datasets.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()));
const namesOf = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name);

it('has every data set once, and no other', () => {
  expect(rows.flatMap(([, names]) => namesOf(names)).sort()).toEqual(Object.keys(catalog).sort());
});

it.each(Object.values<CatalogEntry>(catalog))(
  'says how many records $id has, and whether it can be fetched',
  (entry) => {
    const row = rows.find(([, names]) => namesOf(names).includes(entry.id));
    expect(Number(row?.[2]?.replaceAll(',', ''))).toBe(entry.size);
    const said = row?.[5]?.startsWith('no') ? 'no' : row?.[5] === 'bundled' ? 'bundled' : 'yes';
    expect(said).toBe(entry.bundled ? 'bundled' : entry.forms.some(fetchable) ? 'yes' : 'no');
  },
);
