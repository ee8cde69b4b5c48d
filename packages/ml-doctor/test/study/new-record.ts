/** A record for tests of the store. */

import { sha256 } from '../../src/study/canonical-json.ts';
import type { NewRecord } from '../../src/study/store/folder-store.ts';

/** @param name decides the key. */
export function newRecord(name: string): NewRecord {
  return {
    key: sha256(name),
    kind: 'train',
    label: name,
    seed: 0,
    params: { epochs: 3 },
    inputs: [],
    result: { loss: 0.25 },
    seconds: 1.5,
    finishedAt: '2024-05-06T07:08:09.123Z',
    runtime: { node: process.version, onnxruntime: 'absent', device: 'cpu', threads: 1, host: 'here' },
  };
}
