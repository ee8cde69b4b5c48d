/** Timings as a store holds them, and what is made of them. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newRecord } from '../../../test/study/new-record.ts';
import { temporaryFolder } from '../../../test/study/temporary-folder.ts';
import { sha256 } from '../canonical-json.ts';
import { openStore } from '../store/folder-store.ts';
import { recordedTimings, secondsFor, type Timing } from './timings.ts';

const runtime = { node: 'v20', onnxruntime: '1.2.3', device: 'cpu', threads: 1, host: 'here' };
const where = { onnxruntime: '1.2.3', device: 'cpu', threads: 1, host: 'here' } as const;

describe('recordedTimings', () => {
  it('reads what was done here under the same conditions, of the kinds that matter', async () => {
    const store = await openStore(join(temporaryFolder(), 'store'));
    let key = 0;
    const put = (change: object) => {
      key += 1;
      return store.commit({ ...newRecord(String(key)), runtime, seconds: key, ...change }, {});
    };
    const effort = (like: string) => ({ effort: { like, units: 10 } });
    await put(effort('train a'));
    await put(effort('train a'));
    await put(effort('train b'));
    await put({});
    for (const other of [{ host: 'there' }, { threads: 2 }, { device: 'cuda' }, { onnxruntime: '1.2.4' }])
      await put({ ...effort('train a'), runtime: { ...runtime, ...other } });
    const damaged = sha256('damaged');
    await store.commit({ ...newRecord('damaged'), runtime, ...effort('train a') }, {});
    writeFileSync(store.recordPath(damaged), '{"half');

    const found = await recordedTimings(store, where, new Set(['train a', 'train c']));
    expect([...found.keys()]).toEqual(['train a']);
    expect(
      found
        .get('train a')
        ?.map(({ seconds }) => seconds)
        .sort(),
    ).toEqual([1, 2]);
  });

  it('finds nothing in a store that is not there', async () => {
    const { openStoreReadOnly } = await import('../store/open-existing.ts');
    const store = await openStoreReadOnly(join(temporaryFolder(), 'none'));
    expect((await recordedTimings(store, where, new Set(['train a']))).size).toBe(0);
  });
});

describe('secondsFor', () => {
  const estimate = (units: number, timings: readonly Timing[]) =>
    secondsFor({ like: 'x', units }, new Map([['x', timings]]));

  it('is proportional to the units', () => {
    expect(estimate(50, [{ units: 10, seconds: 2 }])).toBeCloseTo(10, 12);
  });

  it('does not follow one slow moment', () => {
    const steady = Array.from({ length: 4 }, () => ({ units: 10, seconds: 2 }));
    expect(estimate(10, [...steady, { units: 10, seconds: 500 }])).toBeCloseTo(2, 12);
  });

  it('goes by the tasks nearest in size', () => {
    // Small tasks pay for starting up: ten a unit, where large ones pay one.
    const small = Array.from({ length: 9 }, () => ({ units: 1, seconds: 10 }));
    const large = Array.from({ length: 9 }, () => ({ units: 1000, seconds: 1000 }));
    expect(estimate(900, [...small, ...large])).toBeCloseTo(900, 9);
    expect(estimate(2, [...small, ...large])).toBeCloseTo(20, 9);
  });

  it('knows nothing of what is unlike', () => {
    expect(secondsFor({ like: 'y', units: 1 }, new Map([['x', [{ units: 1, seconds: 1 }]]]))).toBeUndefined();
  });
});
