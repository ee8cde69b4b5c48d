/** The disk that stores are measured on: what file system it is, and what it costs to be sure of one small file. */
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSynced } from '../../packages/ml-doctor/src/files/atomic-write.ts';
import { median } from '../engine/measure.ts';

/** Linux's magic numbers. */
const kinds: Readonly<Record<number, string>> = {
  61267: 'ext4',
  16914836: 'tmpfs, where syncing costs nothing',
  1481003842: 'XFS',
  2435016766: 'Btrfs',
  26985: 'NFS',
  2035054128: 'overlay',
};

const FILES = 50;

export const diskAbout = async (): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'ml-doctor-bench-'));
  try {
    const took: number[] = [];
    for (let i = 0; i < FILES; i += 1) {
      const started = performance.now();
      await writeSynced(join(folder, String(i)), 'eight by');
      took.push(performance.now() - started);
    }
    const { type } = statfsSync(folder);
    const kind = kinds[type] ?? `file system of type 0x${type.toString(16)}`;
    return `stores lie in the temporary folder (TMPDIR) on ${kind}; writing and syncing one file of 8 bytes takes ${median(took).toFixed(2)} ms there`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
