/** The pictures' suite: how fast JPEGs are decoded, and how much memory an epoch over many pictures takes. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { stream } from 'onnx-grad';
import { decodePictures } from '../../packages/ml-doctor/src/data/pictures/decode-pictures.ts';
import { median } from '../engine/measure.ts';
import { aligned, type Columns, markdownTable, page } from '../layout.ts';
import { machine } from '../machine.ts';
import { chosenFrom, type MeasureOptions, type Suite, suiteOf } from '../suite.ts';
import { jpegs } from './jpegs.ts';

interface Measurement {
  readonly name: string;
  readonly about: string;
  readonly unit: string;
  readonly values: readonly number[];
  /** null without one, and where a quick round means nothing. */
  readonly bar: { readonly at: 'least' | 'most'; readonly value: number } | null;
}

const ROUNDS = 3;
const SHAPE = [3, 64, 64] as const;
const LENGTH = 3 * 64 * 64;
const THREADS = 2;
const PICTURES = 200_000;
/** Bytes written at a time. */
const BLOCK = 1000 * LENGTH;

const cases = [
  { name: 'decode', about: `JPEGs of 64×64 a second, ${THREADS} threads, into memory` },
  { name: 'decode-file', about: 'the same, into a file of the cache' },
  { name: 'epoch-memory', about: 'peak memory of a process that takes an epoch from a file' },
  { name: 'epoch-time', about: 'that epoch, without training' },
] as const;

const measure = async (
  { only, rounds = ROUNDS, quick, note }: MeasureOptions,
  onMeasured: (measurement: Measurement) => void,
): Promise<readonly string[]> => {
  const about = [...machine()];
  const chosen = new Set<string>(chosenFrom(cases, only).map(({ name }) => name));
  const [decode, decodeFile, memory, time] = cases;
  const folder = mkdtempSync(join(tmpdir(), 'ml-doctor-pictures-'));
  const least = quick ? null : ({ at: 'least', value: 3000 } as const);
  const most = quick ? null : ({ at: 'most', value: 1 } as const);
  try {
    if (chosen.has(decode.name) || chosen.has(decodeFile.name)) {
      const { pictures, what } = await jpegs(quick ? 1000 : 30_000);
      about.push(what);
      for (const one of [decode, decodeFile]) {
        if (!chosen.has(one.name)) continue;
        const values: number[] = [];
        for (let round = 0; round < rounds; round++) {
          const cache = one === decodeFile ? { cache: join(folder, `cache-${round}`) } : {};
          const started = performance.now();
          await decodePictures(
            { name: 'benchmark', pictures, shape: SHAPE, digest: 'benchmark' },
            { workers: THREADS, ...cache },
          );
          values.push((1000 * pictures.length) / (performance.now() - started));
        }
        onMeasured({ ...one, unit: '/s', values, bar: least });
      }
    }
    if (chosen.has(memory.name) || chosen.has(time.name)) {
      const pictures = quick ? 2000 : PICTURES;
      const path = join(folder, 'pictures.bin');
      const sha256 = writePictures(path, pictures);
      about.push(`${pictures.toLocaleString('en-GB')} made pictures, ${(pictures * LENGTH) / 1e9} GB`);
      const epochs: Epoch[] = [];
      for (let round = 0; round < rounds; round++) epochs.push(await epoch(path, sha256, pictures));
      const inGB = epochs.map(({ bytes }) => bytes / 1e9);
      if (chosen.has(memory.name)) onMeasured({ ...memory, unit: 'GB', values: inGB, bar: most });
      if (chosen.has(time.name))
        onMeasured({ ...time, unit: 's', values: epochs.map(({ seconds }) => seconds), bar: null });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (const line of about) note(line);
  return about;
};

/** Pictures of noise, a block of them over and over, each time shifted by a byte. Returns their sha256. */
const writePictures = (path: string, pictures: number): string => {
  const noise = Uint8Array.from(
    stream(1, 'benchmark', 'filed').uniform(new Float32Array(BLOCK + PICTURES)),
    (value) => 256 * value,
  );
  const hash = createHash('sha256');
  const file = openSync(path, 'wx', 0o600);
  for (let at = 0, block = 0; at < pictures * LENGTH; block++) {
    const bytes = noise.subarray(block, block + Math.min(BLOCK, pictures * LENGTH - at));
    hash.update(bytes);
    at += writeSync(file, bytes);
  }
  closeSync(file);
  return hash.digest('hex');
};

interface Epoch {
  readonly seconds: number;
  readonly bytes: number;
}

/** In a process of its own, whose memory holds nothing else. */
const epoch = async (path: string, sha256: string, pictures: number): Promise<Epoch> => {
  const script = fileURLToPath(new URL('./epoch.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--import', 'tsx', '--conditions=source', script],
    ...[path, sha256, `${pictures}`],
  ]);
  return JSON.parse(stdout);
};

const rounded = (value: number): number => Number(value.toPrecision(3));
const legend = [
  'A bar is for the median. `decode` is decodePictures as the readers of data sets call it: bytes in shared memory, threads that start from TypeScript, pixels channels first.',
  'Peak memory is `process.resourceUsage().maxRSS` of the whole process, Node and the loader for TypeScript included; pages of the file that the system keeps are not the process’s.',
];
const columns: Columns = {
  heads: ['case', 'what', 'median', 'lowest', 'highest', 'bar', ''],
  words: [0, 1, 6],
};

const row = ({ name, about, unit, values, bar }: Measurement): readonly string[] => {
  const met = bar && (bar.at === 'least' ? median(values) >= bar.value : median(values) <= bar.value);
  return [
    name,
    about,
    ...[median(values), Math.min(...values), Math.max(...values)].map((value) => `${rounded(value)} ${unit}`),
    bar === null ? '-' : `${bar.at === 'least' ? '≥' : '≤'} ${bar.value} ${unit}`,
    bar === null ? '' : met ? 'met' : 'missed',
  ];
};

export const picturesSuite: Suite = suiteOf<Measurement>({
  name: 'pictures',
  about: 'JPEGs decoded in threads, and an epoch over pictures that stay in a file',
  cases,
  legend,
  jsonKeys: 'name, about, unit, values, bar',
  measure,
  jsonLine: (measurement) => JSON.stringify(measurement),
  table: (measurements) => aligned(columns, measurements.map(row)),
  markdown: (about, measurements) =>
    page(
      { name: 'pictures', title: 'Pictures benchmark', legend },
      about,
      markdownTable(columns, measurements.map(row)),
    ),
});
