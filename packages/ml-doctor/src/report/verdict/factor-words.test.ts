/** What the most exposed records have in common, in words. */

import { expect, it } from 'vitest';
import type { Factor } from '../schema.ts';
import { factorsSentence } from './factor-words.ts';

const metric = (value: number, low: number, high: number) => ({ value, low, high, method: 'm' });
const records = { members: 2000, nonMembers: 2000 };
const mostExposed = { members: 25, nonMembers: 3 };
const outliers: Factor = {
  name: 'localOutlier',
  top: { members: 200, share: 0.1, exposed: 18, lift: metric(7.2, 5, 8.8), others: { records: 3, top: 0 } },
  pValue: 1e-6,
  explains: 'more',
};
const quiet: Factor = { name: 'duplicates', pValue: 0.7 };

it('says how many of the most exposed have most of a factor, by chance, and of others', () => {
  expect(factorsSentence({ records, mostExposed, factors: [quiet, outliers] })).toBe(
    'Of the 25 most exposed records 18 are among the members that are the strongest local outliers (by chance 2.5; of the 3 non-members that score as high, 0).',
  );
});

it('tells of the AUC where the most exposed do not show it', () => {
  const small: Factor = {
    name: 'smallClass',
    lowest: metric(0.52, 0.5, 0.54),
    highest: metric(0.81, 0.7, 0.9),
    pValue: 0.01,
    explains: 'more',
  };
  expect(factorsSentence({ records, factors: [small, quiet] })).toBe(
    'It is easier to tell members of small classes (AUC 0.52 among those with least of it, 0.81 with most).',
  );
});

it('says that nothing explains it', () => {
  expect(factorsSentence({ records, mostExposed, factors: [quiet] })).toContain(
    'Nothing that was looked at explains',
  );
});
