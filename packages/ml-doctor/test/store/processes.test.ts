/** Processes that commit the same and different tasks while another one deletes: nothing that was committed is lost. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/study/store/folder-store.ts';
import { gcStore } from '../../src/study/store/gc.ts';
import { verifyStore } from '../../src/study/store/verify.ts';
import { temporaryFolder } from '../study/temporary-folder.ts';
import { contentsOf } from './crashes.ts';

const WORK_MS = 2000;

/** What the process printed, once it has ended well. */
async function printedBy(script: string, args: readonly string[]): Promise<unknown> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=source', path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  const status = await new Promise((resolve) => child.once('close', resolve));
  expect([script, status]).toEqual([script, 0]);
  return JSON.parse(text);
}

// Without sessions the one that deletes does not hold back, and only the order of looking and writing protects.
test.each(['session', 'no session'])(
  'two that commit, each with %s, and one that deletes',
  async (session) => {
    const { folder } = await openStore(join(temporaryFolder(), 'store'));
    const [a, b, collected] = await Promise.all([
      printedBy('committer.ts', [folder, 'a', String(WORK_MS), session]),
      printedBy('committer.ts', [folder, 'b', String(WORK_MS), session]),
      printedBy('collector.ts', [folder, String(WORK_MS)]),
    ]);
    const committed = new Set([...(a as string[]), ...(b as string[])]);
    expect(committed.size).toBeGreaterThan(16);
    if (session === 'no session') expect((collected as { blobs: number }).blobs).toBeGreaterThan(0);

    const store = await openStore(folder);
    expect(await verifyStore(store)).toMatchObject({ sound: true, records: committed.size });
    await gcStore(store);
    const files = [...contentsOf(folder).keys()];
    for (const key of committed) {
      const finished = await store.finished(key);
      for (const name of ['x', 'y']) expect(await finished.blob(name)).toHaveLength(100);
    }
    expect(files.filter((path) => path.startsWith('tasks'))).toHaveLength(committed.size);
    expect(await verifyStore(store)).toMatchObject({ unreferenced: { files: 0 }, temporaries: { files: 0 } });
  },
);
