/** What `ml-doctor store` prints for people. */

import { fileSize } from '../files/file-size.ts';
import { grouped, plural } from '../report/format.ts';
import { printable } from '../report/plain-text.ts';
import type { GcResult } from '../study/store/gc.ts';
import type { Repair } from '../study/store/repair.ts';
import type { StoreSize } from '../study/store/size.ts';
import type { Tally } from '../study/store/tally.ts';
import type { StoreCheck } from '../study/store/verify.ts';

/** Tasks named beside a damaged blob; a split that all models share may have hundreds. */
const MOST_LABELS = 5;

export function verifyText(folder: string, check: StoreCheck, repair: Repair | undefined): string {
  const { damagedRecords, damagedBlobs, damagedPictures, unreferenced, temporaries } = check;
  const read = `${plural(check.records, 'task')} and ${counted(check.blobs, 'blob')}`;
  const lines = check.sound
    ? [`${printable(folder)}: ${read} are as they were written.`]
    : [
        `${printable(folder)}: ${plural(damagedRecords.length, 'damaged record')}, ${plural(damagedBlobs.length, 'damaged or missing blob')}${damagedPictures.length > 0 ? `, ${plural(damagedPictures.length, 'damaged file')} of decoded pictures` : ''}; ${read} are as they were written.`,
        ...damagedRecords.map(({ path, why }) => `  ${printable(`${path} ${why}`)}`),
        ...damagedBlobs.map(
          ({ path, why, neededBy }) => `  ${printable(`${path} ${why}; ${needing(neededBy)}`)}`,
        ),
      ];
  lines.push(
    ...damagedPictures.map(({ path, why }) => `  ${printable(`${path} ${why}; decoded anew when needed`)}`),
  );
  if (repair !== undefined)
    lines.push(
      `Deleted ${counted(repair.records, 'record')} and ${counted(repair.blobs, 'blob')}${repair.pictures.files > 0 ? `, and ${counted(repair.pictures, 'file')} of decoded pictures` : ''}: the next run computes anew what it needs of them.`,
      'ml-doctor store gc deletes what they leave behind.',
    );
  else if (!check.sound)
    lines.push('ml-doctor store verify --repair deletes them, and the next run computes anew what it needs.');
  const loose =
    repair !== undefined
      ? []
      : [
          ...(unreferenced.files > 0 ? [`${counted(unreferenced, 'blob')} of no task`] : []),
          ...(temporaries.files > 0 ? [counted(temporaries, 'half-written file')] : []),
        ];
  if (loose.length > 0) lines.push(`No damage: ${loose.join(', ')}. ml-doctor store gc tidies up.`);
  return toText(lines);
}

export function gcText(folder: string, { dryRun, users, ...parts }: GcResult): string {
  const removed = (Object.keys(PARTS) as (keyof typeof PARTS)[]).filter((part) => parts[part].files > 0);
  const lines =
    removed.length === 0
      ? [`${printable(folder)}: nothing to delete.`]
      : [
          `${printable(folder)}: ${dryRun ? 'would delete' : 'deleted'}`,
          ...removed.map((part) => `  ${counted(parts[part], PARTS[part])}`),
        ];
  const [user] = users;
  if (user !== undefined) {
    const who = user.host === undefined ? `process ${user.pid}` : `process ${user.pid} on ${user.host}`;
    lines.push(
      `As ${printable(who)} is at work on this store, only half-written files of dead processes were looked at.`,
    );
  }
  return toText(lines);
}

const PARTS = {
  temporaries: 'half-written file',
  records: 'record',
  damagedRecords: 'damaged record',
  blobs: 'blob',
  checkpoints: 'checkpoint',
} as const satisfies Partial<Record<keyof GcResult, string>>;

export function sizeText(folder: string, size: StoreSize): string {
  const rows: [string, string, string][] = [
    ...size.kinds.map(
      ({ kind, tasks, bytes }) =>
        [printable(kind), plural(tasks, 'task'), fileSize(bytes)] satisfies [string, string, string],
    ),
    ...(
      [
        ['damaged records', size.damagedRecords],
        ['blobs of no task', size.unreferenced],
        ['checkpoints', size.checkpoints],
        ['decoded pictures', size.decodedPictures],
        ['half-written', size.temporaries],
      ] as const
    )
      .filter(([, { files }]) => files > 0)
      .map(
        ([name, { files, bytes }]) =>
          [name, plural(files, 'file'), fileSize(bytes)] satisfies [string, string, string],
      ),
    ['total', plural(size.total.files, 'file'), fileSize(size.total.bytes)],
  ];
  const width = (column: 0 | 1 | 2) => Math.max(...rows.map((row) => row[column].length));
  const [first, second, third] = [width(0), width(1), width(2)];
  return toText([
    printable(folder),
    ...rows.map(([a, b, c]) => `  ${a.padEnd(first)}  ${b.padStart(second)}  ${c.padStart(third)}`),
  ]);
}

const counted = ({ files, bytes }: Tally, noun: string) => `${plural(files, noun)} (${fileSize(bytes)})`;

function needing(tasks: StoreCheck['damagedBlobs'][number]['neededBy']): string {
  if (tasks.length === 0) return 'no task needs it';
  const labels = tasks.slice(0, MOST_LABELS).map(({ label }) => `"${label}"`);
  const more = tasks.length - labels.length;
  return `needed by ${labels.join(', ')}${more > 0 ? ` and ${grouped(more)} more` : ''}`;
}

const toText = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
