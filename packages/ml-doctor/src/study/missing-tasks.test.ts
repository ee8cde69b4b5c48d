/** What must run, against the definition written down plainly, on random graphs and half-filled stores. */

import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newRecord } from '../../test/study/new-record.ts';
import { temporaryFolder } from '../../test/study/temporary-folder.ts';
import { sha256 } from './canonical-json.ts';
import { findMissing } from './missing-tasks.ts';
import { FolderStore, openStore } from './store/folder-store.ts';
import type { Task } from './task.ts';

const keyOf = (index: number) => sha256(`task ${index}`);

const taskOf = (index: number, inputs: readonly number[]): Task => ({
  key: keyOf(index),
  kind: 'train',
  label: `task ${index}`,
  seed: 0,
  params: null,
  inputs: inputs.map(keyOf),
  code: '',
  runtime: { onnxruntime: 'absent', device: 'cpu', threads: 1 },
});

/** Per task: how it lies in the store, and which of the tasks before it are its inputs. */
const graph = fc.array(
  fc.record({
    state: fc.constantFrom('none', 'stored', 'damaged', 'without its blob'),
    inputs: fc.array(fc.nat(), { maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 8 },
);

describe('findMissing', () => {
  test('walks back from the targets through what is not stored, and tells of all damage', async () => {
    await fc.assert(
      fc.asyncProperty(
        graph,
        fc.option(fc.array(fc.nat(), { minLength: 1, maxLength: 3 })),
        async (nodes, wanted) => {
          const inputsOf = nodes.map(({ inputs }, index) =>
            index === 0 ? [] : [...new Set(inputs.map((input) => input % index))],
          );
          const store = await openStore(join(temporaryFolder(), 'store'));
          for (const [index, { state }] of nodes.entries()) {
            if (state === 'none') continue;
            const blob = new Uint8Array([index]);
            const { key } = await store.commit(newRecord(`task ${index}`), { blob });
            if (state === 'damaged') truncateSync(store.recordPath(key), 50);
            if (state === 'without its blob') truncateSync(store.blobPath(sha256(blob)), 0);
          }
          const indices = nodes.map((_, index) => index);
          const isInput = new Set(inputsOf.flat());
          const targets = wanted?.map((index) => index % nodes.length);
          const isStored = (index: number) => nodes[index]!.state === 'stored';
          const mustRun = (index: number): boolean =>
            !isStored(index) &&
            ((targets?.includes(index) ?? !isInput.has(index)) ||
              indices.some((other) => inputsOf[other]!.includes(index) && mustRun(other)));

          const plan = { tasks: indices.map((index) => taskOf(index, inputsOf[index]!)) };
          const refs = targets?.map((index) => ({ key: keyOf(index) }));
          const { missing, unneeded, damaged } = await findMissing(plan, store, refs);
          const labels = (some: readonly number[]) => some.map((index) => `task ${index}`);
          expect(missing.map(({ label }) => label)).toEqual(labels(indices.filter(mustRun)));
          expect(unneeded.map(({ label }) => label)).toEqual(
            labels(indices.filter((index) => !isStored(index) && !mustRun(index))),
          );
          const broken = indices.filter((index) => nodes[index]!.state === 'damaged');
          expect(damaged.map(({ task, failure, needed }) => [task.label, failure.code, needed])).toEqual(
            broken.map((index) => [`task ${index}`, 'MLD_STORE_CORRUPT', mustRun(index)]),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  test('reads no record that is not there', async () => {
    const store = await openStore(join(temporaryFolder(), 'store'));
    await store.commit(newRecord('task 1'), {});
    let reads = 0;
    class Counting extends FolderStore {
      override record(key: string) {
        reads += 1;
        return super.record(key);
      }
    }
    const plan = { tasks: [0, 1, 2, 3].map((index) => taskOf(index, [])) };
    const { missing } = await findMissing(plan, new Counting(store.folder));
    expect([missing.length, reads]).toEqual([3, 1]);
  });

  test('knows no target outside its plan', async () => {
    const store = await openStore(join(temporaryFolder(), 'store'));
    await expect(findMissing({ tasks: [] }, store, [{ key: keyOf(0) }])).rejects.toThrow('internal: target');
  });
});
