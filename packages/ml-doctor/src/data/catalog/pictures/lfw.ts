/** LFW, Labeled Faces in the Wild: the people with at least forty photographs, 1,867 of 19 people. */
import { AuditError } from '../../../errors.ts';
import type { FileRecord } from '../../checked-file.ts';
import { checkPictures } from '../../pictures/check-pictures.ts';
import {
  type PictureFile,
  type PictureFiles,
  picturesInFolder,
  picturesInTar,
} from '../../pictures/picture-files.ts';
import { checkSize } from '../bits/bits-dataset.ts';
import type { CatalogEntry, DataForm } from '../entry.ts';
import { decodedDataset } from './decoded-dataset.ts';

type LfwId = 'lfw' | 'lfw-funneled';

interface Published {
  /** Pictures in the archive, all of them and those of people with at least `least`. */
  readonly all: number;
  readonly kept: number;
  readonly least: number;
  readonly archive: Pick<FileRecord, 'sha256'>;
}

const SIDE = 250;

const COUNTS = { all: 13_233, kept: 1867, least: 40 };

const VERSIONS = {
  lfw: {
    title: 'LFW: 1,867 faces of the 19 people with at least 40 pictures',
    archive: 'lfw.tgz',
    folder: 'lfw',
    bytes: 180_566_744,
    url: 'https://ndownloader.figshare.com/files/5976018',
  },
  'lfw-funneled': {
    title: 'LFW, aligned by funneling: 1,867 faces of the 19 people with at least 40 pictures',
    archive: 'lfw-funneled.tgz',
    folder: 'lfw_funneled',
    bytes: 243_346_528,
    url: 'https://ndownloader.figshare.com/files/5976015',
  },
} as const;

/**
 * ML-Leaks (NDSS 2019) calls it Face. A class is a person, by the name of the folder; the pictures are whole, 250×250 with the
 * face in their middle, where scikit-learn cuts a part out of them. The addresses are those of scikit-learn's copies of the
 * publisher's archives, whose own server does not always answer.
 *
 * @param published what the files hold; others are for tests
 */
export function lfwOf<const Id extends LfwId>(
  id: Id,
  { all, kept, least, archive: digest }: Published,
): CatalogEntry<Id> {
  const version = VERSIONS[id];
  const archive: FileRecord = {
    name: `lfw/${version.archive}`,
    alsoAt: [version.archive, `lfw-py/${version.archive}`, `lfw_home/${version.archive}`],
    ...digest,
    inflatedBytes: 2 ** 29,
    bytes: version.bytes,
    url: version.url,
  };
  const folder: FileRecord = {
    name: `lfw/${version.folder}`,
    alsoAt: [`lfw-py/${version.folder}`, `lfw_home/${version.folder}`],
    folder: true,
    inflatedBytes: 2 ** 29,
  };
  const form = (
    title: string,
    file: FileRecord,
    list: (path: string, signal?: AbortSignal) => Promise<PictureFiles>,
  ): DataForm => ({
    title,
    files: [file],
    async read([at], options) {
      const path = at as string;
      const { digest: found, files } = await list(path, options.signal);
      const people = byPerson(files, path);
      checkPictures(path, files.length, all, firstGap(people));
      const often = [...people].filter(([, pictures]) => pictures.length >= least);
      const pictures = often.flatMap(([, of]) => of);
      checkSize(path, pictures.length, kept);
      return decodedDataset(
        {
          files: pictures,
          digest: found,
          published: { width: SIDE, height: SIDE },
          usualSide: 32,
          labels: Int32Array.from(often.flatMap(([, of], person) => of.map(() => person))),
          classes: often.map(([person]) => person.replaceAll('_', ' ')),
          label: 'person',
        },
        options,
      );
    },
  });
  return {
    id,
    ...(id !== 'lfw' && { recordsOf: 'lfw' }),
    title: version.title,
    kind: 'pictures',
    label: 'person',
    preprocessing:
      'People with fewer than 40 pictures are left out; pictures are not cropped, and made smaller by the mean of the area.',
    pixels: { usual: 32, published: SIDE },
    source: 'http://vis-www.cs.umass.edu/lfw/',
    licence: 'none stated; for research',
    citation:
      'G. B. Huang, M. Ramesh, T. Berg, E. Learned-Miller: Labeled Faces in the Wild, University of Massachusetts, Technical Report 07-49, 2007',
    size: kept,
    bundled: false,
    forms: [
      form("the publisher's archive", archive, (path, signal) => picturesInTar(path, archive, signal)),
      form("the publisher's archive, unpacked", folder, picturesInFolder),
    ],
  };
}

/** Pictures of each person in the order of their numbers, the people by name: `George_W_Bush/George_W_Bush_0001.jpg`. */
function byPerson(files: readonly PictureFile[], from: string): ReadonlyMap<string, readonly PictureFile[]> {
  const people = new Map<string, PictureFile[]>();
  for (const file of files) {
    const [, person, again] = /(?:^|\/)([^/]+)\/([^/]+)_\d{4}\.jpg$/.exec(file.path) ?? [];
    if (person === undefined || person !== again) {
      throw new AuditError(
        'MLD_DATA_INVALID',
        `${from}: '${file.path}' is not named PERSON/PERSON_0001.jpg`,
        'Check that this is the right one.',
      );
    }
    const pictures = people.get(person);
    if (pictures) pictures.push(file);
    else people.set(person, [file]);
  }
  return people;
}

/** Every person's pictures are numbered from 1 on. */
function firstGap(people: ReadonlyMap<string, readonly PictureFile[]>): string | undefined {
  for (const [person, pictures] of people)
    for (const [i, { path }] of pictures.entries()) {
      const name = `${person}_${String(i + 1).padStart(4, '0')}.jpg`;
      if (!path.endsWith(`/${name}`)) return `${person}/${name}`;
    }
  return undefined;
}

export const lfw = lfwOf('lfw', {
  ...COUNTS,
  archive: { sha256: '055f7d9c632d7370e6fb4afc7468d40f970c34a80d4c6f50ffec63f5a8d536c0' },
});
export const lfwFunneled = lfwOf('lfw-funneled', {
  ...COUNTS,
  archive: { sha256: 'b47c8422c8cded889dc5a13418c4bc2abbda121092b3533a83306f90d900100a' },
});
