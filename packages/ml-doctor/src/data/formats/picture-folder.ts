/** Lists a folder of pictures with a subfolder for each class, and decodes them; needs the optional package sharp. */
import { readdir, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { AuditError } from '../../errors.ts';
import { systemReason } from '../../files/system-error.ts';
import { withFile } from './file-bytes.ts';
import { loadSharp } from './jpeg.ts';

export interface PictureFolder {
  /** Names of the subfolders that hold pictures, in ascending order of their code points. */
  readonly classes: readonly string[];
  /** Relative to the folder, class after class, in ascending order within each. */
  readonly files: readonly string[];
  /** Class indices of `files`. */
  readonly labels: Int32Array;
  /** Links that lead out of the folder, and were left out. */
  readonly leftOut: number;
}

const PICTURE = /\.(?:jpe?g|png)$/i;
/** Of one picture, as in {@link loadSharp}'s other use: a few bytes can claim any size. */
const MAX_PIXELS = 2 ** 24;
const MAX_FILE = 2 ** 26;

/** @throws {AuditError} MLD_DATA_UNREADABLE, MLD_DATA_INVALID when there is no picture in a subfolder */
export async function listPictures(folder: string): Promise<PictureFolder> {
  const root = await realpath(folder).catch((cause: unknown) => {
    throw unreadable(folder, cause);
  });
  const classes: string[] = [];
  const files: string[] = [];
  const labels: number[] = [];
  let leftOut = 0;
  const inside = async (path: string, isLink: boolean) => {
    if (!isLink) return true;
    const target = await realpath(path).catch(() => undefined);
    const way = target === undefined ? '..' : relative(root, target);
    const within = way !== '..' && !way.startsWith(`..${sep}`);
    if (!within) leftOut++;
    return within;
  };
  for (const entry of await visible(folder)) {
    const path = join(folder, entry.name);
    if (!(entry.isDirectory() || entry.isSymbolicLink()) || !(await inside(path, entry.isSymbolicLink())))
      continue;
    const pictures = (await visible(path).catch(() => [])).filter(({ name }) => PICTURE.test(name));
    let found = 0;
    for (const picture of pictures) {
      if (!(picture.isFile() || picture.isSymbolicLink())) continue;
      if (!(await inside(join(path, picture.name), picture.isSymbolicLink()))) continue;
      files.push(join(entry.name, picture.name));
      labels.push(classes.length);
      found++;
    }
    if (found > 0) classes.push(entry.name);
  }
  if (files.length === 0) {
    throw new AuditError(
      'MLD_DATA_INVALID',
      `${folder}: holds no pictures in subfolders`,
      'Put the pictures of each class (.jpg, .jpeg or .png) into a subfolder of its name.',
    );
  }
  return { classes, files, labels: Int32Array.from(labels), leftOut };
}

async function visible(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(folder, cause);
  });
  return entries
    .filter(({ name }) => !name.startsWith('.'))
    .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

export interface PictureForm {
  readonly width: number;
  readonly height: number;
  readonly grey: boolean;
}

export interface PictureReader {
  /** From its header alone. */
  form(path: string): Promise<PictureForm>;
  /** `height × width × channels` bytes: 1 channel if asked in grey, else red, green and blue; transparency is dropped. */
  decode(path: string, grey: boolean): Promise<Uint8Array>;
}

/** @throws {AuditError} MLD_IMAGES_MISSING without sharp; its methods MLD_DATA_UNREADABLE, MLD_DATA_INVALID */
export async function pictureReader(): Promise<PictureReader> {
  const sharp = await loadSharp();
  const open = async (path: string) => {
    const bytes = await withFile(path, (file) => {
      if (file.size > MAX_FILE) throw broken(path, `has ${file.size} bytes`);
      return file.read(0, file.size);
    });
    const known = bytes.subarray(0, 3).equals(JPEG) || bytes.subarray(0, 4).equals(PNG);
    // Without this the library would try its other formats on untrusted bytes.
    if (!known) throw broken(path, 'is neither a JPEG nor a PNG picture');
    return sharp(bytes, { failOn: 'warning', limitInputPixels: MAX_PIXELS, ignoreIcc: true });
  };
  const explain = (path: string) => (cause: unknown) => {
    const reason = String((cause as Error)?.message ?? cause).split('\n', 1)[0];
    throw broken(path, `cannot be decoded: ${reason}`, cause);
  };
  return {
    async form(path) {
      const { width, height, channels, space } = await (await open(path)).metadata().catch(explain(path));
      return { width, height, grey: channels <= 2 && space !== 'srgb' };
    },
    async decode(path, grey) {
      const picture = (await open(path)).removeAlpha().toColourspace(grey ? 'b-w' : 'srgb');
      const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true }).catch(explain(path));
      if (info.channels === (grey ? 1 : 3)) return data;
      throw broken(path, `was decoded to ${info.channels} channels`);
    },
  };
}

const JPEG = Buffer.of(0xff, 0xd8, 0xff);
const PNG = Buffer.of(0x89, 0x50, 0x4e, 0x47);

function broken(path: string, what: string, cause?: unknown): AuditError {
  return new AuditError(
    'MLD_DATA_INVALID',
    `${path}: ${what}`,
    'Copy the file again, or take it out of the folder.',
    {
      cause,
    },
  );
}

function unreadable(path: string, cause: unknown): AuditError {
  return new AuditError(
    'MLD_DATA_UNREADABLE',
    `${path}: cannot be read: ${systemReason(cause)}`,
    'Check the path and its permissions.',
    { cause },
  );
}
