/** Reads what UTKFace's file names say of who is shown: `age_gender_race_date.jpg.chip.jpg`. */
import { AuditError } from '../../errors.ts';
import type { PictureFile } from '../pictures/picture-files.ts';

export interface Faces {
  readonly files: readonly PictureFile[];
  /** In years. */
  readonly ages: Float32Array;
  /** 0 male, 1 female. */
  readonly genders: Int32Array;
  /** 0 white, 1 black, 2 Asian, 3 Indian. */
  readonly races: Int32Array;
}

const OTHERS = 4;

/** The date of two of the publisher's files is followed by a space and by `jpg`. */
const NAME = /^(\d{1,3})_([01])_([0-4])_\d+(?: |jpg)?(?:\.jpg)?(?:\.chip)?\.jpg$/;

/** The publisher's files whose names lack the race: nobody can say of which class they are. */
const WITHOUT_RACE: ReadonlySet<string> = new Set([
  '39_1_20170116174525125.jpg.chip.jpg',
  '61_1_20170109142408075.jpg.chip.jpg',
  '61_1_20170109150557335.jpg.chip.jpg',
]);

/**
 * The faces of races 0 to 3 in the order of their file names, whatever folder and order they have. Race 4, "others", is left
 * out, as ML-Doctor (USENIX Security 2022) does, and so are three files of the publisher without a race. Any other name is
 * an error: none is passed over for its name.
 *
 * @param from name of folder or archive used in error messages
 * @throws {AuditError} MLD_DATA_INVALID for a file of another name, a name that is there twice, no faces at all
 */
export function readFaceNames(files: readonly PictureFile[], from: string): Faces {
  const refuse = (what: string) =>
    new AuditError('MLD_DATA_INVALID', `${from}: ${what}`, 'Check that this is the right one.');
  const faces = new Map<string, { file: PictureFile; age: number; gender: number; race: number }>();
  for (const file of files) {
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    if (WITHOUT_RACE.has(name)) continue;
    const [, age, gender, race] = NAME.exec(name) ?? [];
    if (race === undefined) throw refuse(`'${file.path}' is not named age_gender_race_date.jpg`);
    if (faces.has(name)) throw refuse(`'${name}' is there twice`);
    faces.set(name, { file, age: Number(age), gender: Number(gender), race: Number(race) });
  }
  const kept = [...faces].filter(([, { race }]) => race !== OTHERS);
  if (kept.length === 0) throw refuse('it has no faces');
  const sorted = kept.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, face]) => face);
  return {
    files: sorted.map(({ file }) => file),
    ages: Float32Array.from(sorted, ({ age }) => age),
    genders: Int32Array.from(sorted, ({ gender }) => gender),
    races: Int32Array.from(sorted, ({ race }) => race),
  };
}
