/**
 * A process that commits for a while and prints the keys of what it committed. Blobs come from a small set, so that
 * they are forever without a record and then needed again. Arguments: folder, name, milliseconds, whether to hold a session.
 */

import { createHash } from 'node:crypto';
import { FolderStore } from '../../src/study/store/folder-store.ts';
import { newRecord } from '../study/new-record.ts';

const [folder = '', name = '', milliseconds = '', session = ''] = process.argv.slice(2);
const store = new FolderStore(folder);
const held = session === 'session' ? await store.startSession() : undefined;
const keys = new Set<string>();
const until = performance.now() + Number(milliseconds);
for (let step = 0; performance.now() < until; step += 1) {
  const draw = createHash('sha256').update(`${name} ${step}`).digest();
  // Half of the tasks are this process's own, half are everybody's.
  const task = step % 2 === 0 ? `${name} ${draw[0]! % 8}` : `shared ${draw[0]! % 8}`;
  const blob = (which: number) => new Uint8Array(100).fill(draw[which]! % 64);
  const { key } = await store.commit({ ...newRecord(task), result: step }, { x: blob(1), y: blob(2) });
  keys.add(key);
}
await held?.close();
console.log(JSON.stringify([...keys]));
