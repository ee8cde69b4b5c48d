import { describe, expect, it } from 'vitest';
import { hasShared, sharedData } from '../../test/data/shared-data.ts';
import { checkDataset } from './check-dataset.ts';

describe.skipIf(!hasShared('german-credit'))('german-credit', () => {
  it('has the counts of german.doc, of classes and of a sensitive column', async () => {
    const { check } = await checkDataset('german-credit', { dataDir: sharedData });
    expect(check).toMatchObject({
      records: 1000,
      shape: [52],
      classes: [
        { name: 'good', count: 700 },
        { name: 'bad', count: 300 },
      ],
      duplicates: { inputs: 0, surplus: 0, conflicting: 0 },
    });
    expect(check).not.toHaveProperty('published');
    expect(check.files).toEqual([{ path: expect.stringContaining('german.data'), verified: true }]);
    const [status, foreign, age] = check.attributes;
    expect(status).toMatchObject({ name: 'personal-status-sex' });
    expect('categories' in status! && status.categories.map(({ count }) => count)).toEqual([
      50, 310, 548, 92,
    ]);
    expect('categories' in foreign! && foreign.categories.map(({ count }) => count).sort()).toEqual([
      37, 963,
    ]);
    // The mean age that every description of the set gives, 35.5 years.
    expect(age).toMatchObject({ name: 'age', least: 19, most: 75, mean: expect.closeTo(35.546, 3) });
  });
});
