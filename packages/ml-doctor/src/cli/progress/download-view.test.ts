import { expect, it } from 'vitest';
import { downloadView } from './download-view.ts';

function watch(json: boolean) {
  const written: string[] = [];
  let time = 0;
  const view = downloadView({ write: (text) => written.push(text) }, { json, now: () => time });
  return {
    written,
    at(seconds: number, bytes: number, total?: number, kept = 0) {
      time = seconds * 1000;
      view.onProgress({ file: 'set/file', bytes, kept, ...(total !== undefined && { total }) });
    },
    view,
  };
}
const MIB = 2 ** 20;

it('tells share, rate and time left in a log, every 15 seconds', () => {
  const { written, at } = watch(false);
  at(0, 0, 100 * MIB);
  at(10, 10 * MIB, 100 * MIB);
  expect(written).toEqual([]);
  at(20, 40 * MIB, 100 * MIB);
  at(25, 45 * MIB, 100 * MIB);
  expect(written).toEqual(['set/file: 40 % of 100 MiB, 2.0 MiB/s, about 30 s left\n']);
});

it('does not count what was there before as fast', () => {
  const { written, at } = watch(false);
  at(0, 50 * MIB, 100 * MIB, 50 * MIB);
  at(20, 60 * MIB, 100 * MIB, 50 * MIB);
  expect(written).toEqual(['set/file: 60 % of 100 MiB, 512 KiB/s, about 1 min 20 s left\n']);
});

it('tells bytes and rate where nobody knows how many there are', () => {
  const { written, at } = watch(false);
  at(0, 0);
  at(20, 20 * MIB);
  expect(written).toEqual(['set/file: 20 MiB, 1.0 MiB/s\n']);
});

it('gives JSON lines to programs, one a second', () => {
  const { written, at, view } = watch(true);
  at(0.5, 1, 10);
  at(1.5, 2, 10);
  at(1.6, 3, 10);
  view.onRetry('lost');
  expect(written.map((line) => JSON.parse(line))).toEqual([
    { type: 'progress', file: 'set/file', bytes: 2, total: 10, kept: 0 },
    { type: 'retry', message: 'lost' },
  ]);
});
