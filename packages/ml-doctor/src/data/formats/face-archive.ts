/** Reads UTKFace as it is passed around: a tar archive of aligned faces whose file names say who is shown. */
import { AuditError } from '../../errors.ts';
import { jpegDecoder } from './jpeg.ts';
import { tarMembers } from './tar.ts';

export interface Faces {
  /** `count × 3 × SIDE × SIDE`: red, green and blue plane of each face. */
  readonly pixels: Uint8Array;
  /** In years. */
  readonly ages: Float32Array;
  /** 0 male, 1 female. */
  readonly genders: Int32Array;
  /** 0 white, 1 black, 2 Asian, 3 Indian. */
  readonly races: Int32Array;
}

/** Height and width of a face as it is returned; those in the archive have twice as many pixels each way. */
export const SIDE = 32;
const SOURCE = { width: 2 * SIDE, height: 2 * SIDE };
const OTHERS = 4;

/** Enough to keep the decoder's threads (4, unless UV_THREADPOOL_SIZE says so) busy; bounds what is in memory. */
const AT_ONCE = 16;

/**
 * The faces of races 0 to 3 in the order of their file names, whatever folder and order they have in the archive.
 * Race 4, "others", is left out, as ML-Doctor (USENIX Security 2022) does. Every file must be named
 * `age_gender_race_date.jpg` (`.jpg.chip.jpg` in the publisher's aligned version): none is passed over for its name.
 *
 * @param archive inflated
 * @param file name used in error messages
 * @throws {AuditError} MLD_DATA_INVALID for a file of another name, a name that is there twice, no faces at all, and
 * what is no JPEG of the right size; MLD_IMAGES_MISSING; those of the tar reader
 */
export async function readFaceArchive(archive: Uint8Array, file: string): Promise<Faces> {
  const faces = listFaces(archive, file);
  const decode = await jpegDecoder();
  const pixels = new Uint8Array(faces.length * 3 * SIDE * SIDE);
  let next = 0;
  const work = async () => {
    while (next < faces.length) {
      const i = next++;
      const { name, content } = faces[i]!;
      halve(await decode(content, `${file}: ${name}`, SOURCE), pixels, i * 3 * SIDE * SIDE);
    }
  };
  // The first broken face ends them all.
  await Promise.all(
    Array.from({ length: AT_ONCE }, () =>
      work().catch((error: unknown) => {
        next = faces.length;
        throw error;
      }),
    ),
  );
  return {
    pixels,
    ages: Float32Array.from(faces, ({ age }) => age),
    genders: Int32Array.from(faces, ({ gender }) => gender),
    races: Int32Array.from(faces, ({ race }) => race),
  };
}

interface Face {
  readonly name: string;
  readonly content: Uint8Array;
  readonly age: number;
  readonly gender: number;
  readonly race: number;
}

const NAME = /^(\d{1,3})_([01])_([0-4])_\d+\.jpg(?:\.chip\.jpg)?$/;

function listFaces(archive: Uint8Array, file: string): readonly Face[] {
  const refuse = (what: string) =>
    new AuditError('MLD_DATA_INVALID', `${file}: ${what}`, 'Check that this is the right archive.');
  const faces = new Map<string, Face>();
  for (const member of tarMembers(archive, file)) {
    if (!member.isFile) continue;
    const name = member.name.slice(member.name.lastIndexOf('/') + 1);
    const [, age, gender, race] = NAME.exec(name) ?? [];
    if (race === undefined) throw refuse(`'${member.name}' is not named age_gender_race_date.jpg`);
    if (faces.has(name)) throw refuse(`'${name}' is there twice`);
    faces.set(name, {
      ...{ name, content: member.content },
      ...{ age: Number(age), gender: Number(gender), race: Number(race) },
    });
  }
  const kept = [...faces.values()].filter(({ race }) => race !== OTHERS);
  if (kept.length === 0) throw refuse('the archive has no faces');
  return kept.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Each pixel the mean of 2×2, halves rounded up; from pixels of three colours to three planes. */
function halve(picture: Uint8Array, to: Uint8Array, start: number): void {
  const line = 3 * SOURCE.width;
  let at = start;
  for (let channel = 0; channel < 3; channel++) {
    for (let row = 0; row < SIDE; row++) {
      for (let column = 0; column < SIDE; column++) {
        const i = 2 * row * line + 6 * column + channel;
        const sum = picture[i]! + picture[i + 3]! + picture[i + line]! + picture[i + line + 3]!;
        to[at++] = (sum + 2) >> 2;
      }
    }
  }
}
