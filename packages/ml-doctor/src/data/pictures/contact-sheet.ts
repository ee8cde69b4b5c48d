/** A few pictures of each class on one sheet, for people who want to see what they have. */
import { encodePng } from '../../files/png.ts';
import type { Dataset } from '../dataset.ts';

const MOST_CLASSES = 12;
const PER_CLASS = 8;
/** Pixels between pictures and around them. */
const GAP = 2;
const PAPER = 255;

export interface ContactSheet {
  readonly png: Uint8Array;
  /** One for each row, from the top. */
  readonly rows: readonly { readonly class: string; readonly records: readonly number[] }[];
}

/** Of each class pictures from its first to its last, evenly; undefined for records that are no pictures of bytes. */
export function contactSheet({ x, y, classes, recordShape }: Dataset): ContactSheet | undefined {
  const [channels, height, width] = recordShape;
  if (x instanceof Float32Array || recordShape.length !== 3 || (channels !== 1 && channels !== 3))
    return undefined;
  const rows = classes
    .slice(0, MOST_CLASSES)
    .map((name, label) => ({ class: name, records: some(y, label) }));
  const [across, down] = [width! + GAP, height! + GAP];
  const sheet = { width: PER_CLASS * across + GAP, height: rows.length * down + GAP, channels } as const;
  const pixels = new Uint8Array(sheet.width * sheet.height * channels).fill(PAPER);
  const plane = width! * height!;
  for (const [row, { records }] of rows.entries())
    for (const [column, record] of records.entries()) {
      const picture = x.subarray(record * channels * plane, (record + 1) * channels * plane);
      for (let at = 0; at < channels * plane; at++) {
        const [channel, pixel] = [Math.floor(at / plane), at % plane];
        const line = row * down + GAP + Math.floor(pixel / width!);
        const place = line * sheet.width + column * across + GAP + (pixel % width!);
        pixels[place * channels + channel] = picture[at] as number;
      }
    }
  return { png: encodePng(pixels, sheet), rows };
}

function some(y: Int32Array, label: number): readonly number[] {
  const all: number[] = [];
  y.forEach((one, i) => {
    if (one === label) all.push(i);
  });
  const count = Math.min(PER_CLASS, all.length);
  return Array.from(
    { length: count },
    (_, i) => all[count === 1 ? 0 : Math.round((i * (all.length - 1)) / (count - 1))] as number,
  );
}
