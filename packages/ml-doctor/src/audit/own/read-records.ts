/** A user's own records, read as an audit needs them. */

import { resolve } from 'node:path';
import type { ConfigSource } from '../../config/config.ts';
import type { OwnAuditConfig } from '../../config/own-config.ts';
import { pathFrom } from '../../config/own-text.ts';
import { mixSides } from '../../data/own/mix-sides.ts';
import {
  type OwnData,
  type OwnDataChoice,
  type OwnDataOptions,
  type OwnDataSide,
  readOwnData,
} from '../../data/own/own-data.ts';
import { sidePlaces } from '../../data/split.ts';
import { grouped, plural } from '../../report/format.ts';
import type { OwnPlaces, Places } from '../../study/task.ts';
import { placed } from './placed.ts';

export interface OwnRecords extends OwnData {
  /** For other processes to read the same. */
  readonly place: NonNullable<OwnPlaces['data']>;
}

/** @param modelClasses what the model calls its classes, where it says so */
export const readRecords = async (
  { data, scaling, seed, base }: OwnAuditConfig,
  source: ConfigSource,
  { dataDir, dataCache }: Places,
  modelClasses?: readonly string[],
): Promise<OwnRecords> => {
  const { members, nonMembers, overlap: _, slices = [], ...rest } = data;
  if (members === undefined || nonMembers === undefined)
    throw source.fault(['data'], 'members or non-members are missing', 'Give both.');
  // What reports are sliced by is no input, unless it is said to be one.
  const attributes = [...new Set([...(rest.attributes ?? []), ...slices])];
  const choice: OwnDataChoice = {
    ...rest,
    members,
    nonMembers,
    ...(attributes.length > 0 && { attributes }),
  };
  const options: Omit<OwnDataOptions, 'signal'> = {
    ...{ seed, base, normalisation: scaling },
    ...(dataDir !== undefined && { dataDir }),
    ...(dataCache !== undefined && { dataCache }),
    ...(modelClasses && { modelClasses }),
  };
  const found = mixSides(await placed(source, ['data'], () => readOwnData(choice, options)), seed);
  // As they are written in the configuration: a report says the same wherever its folder lies.
  const paths = [members, nonMembers, ...(rest.auxiliary === undefined ? [] : [rest.auxiliary])];
  const notes = found.notes.map((note) =>
    paths.reduce((text, path) => text.replaceAll(resolve(base, path), path), note),
  );
  const { classes } = found.data;
  const guessed = !choice.classes && !modelClasses && classes.some((name) => !/^\d+$/.test(name));
  const order = `The model’s outputs are taken to be in ascending order of the class names: ${classes.slice(0, 6).join(', ')}${classes.length > 6 ? ', …' : ''} (classes says otherwise).`;
  return { ...found, notes: [...notes, ...(guessed ? [order] : [])], place: { choice, options } };
};

/** In words: which files, and how much of each. */
export const sourceOf = ({ sides, sizes, place }: OwnRecords): string => {
  const side = (name: string, { path, records }: OwnDataSide, taken: number) =>
    `${name}: ${pathFrom(place.options.base, path)} (${taken === records ? plural(records, 'record') : `${grouped(taken)} of ${plural(records, 'record')}, drawn at random`})`;
  return [
    side('members', sides.members, sizes.members),
    side('non-members', sides.nonMembers, sizes.nonMembers),
    ...(sides.auxiliary ? [side('auxiliary', sides.auxiliary, sizes.auxiliary)] : []),
  ].join('; ');
};

/** Said where a part of the records stands for all. */
export const sampleNotes = ({ sides, sizes }: Pick<OwnData, 'sides' | 'sizes'>): readonly string[] => {
  const taken = [
    ['members', sides.members, sizes.members],
    ['non-members', sides.nonMembers, sizes.nonMembers],
    ['auxiliary records', sides.auxiliary, sizes.auxiliary],
  ] as const;
  return taken.flatMap(([name, side, count]) =>
    side && count < side.records
      ? [
          `Of ${grouped(side.records)} ${name} a random sample of ${grouped(count)} was audited (data.sample).`,
        ]
      : [],
  );
};

/** Where the owner finds a record: the file and its row, counted from 1 as people do. */
export const recordNames = ({ sides, sizes, origin, place, data }: OwnRecords) => {
  const order = new Uint32Array(data.size);
  sidePlaces(data.size, place.options.seed).forEach((at, i) => {
    order[at] = i;
  });
  return (record: number): string | undefined => {
    const row = origin.rows[record];
    const i = order[record];
    if (row === undefined || i === undefined) return undefined;
    const { path } =
      i < sizes.members
        ? sides.members
        : i < sizes.members + sizes.nonMembers
          ? sides.nonMembers
          : (sides.auxiliary ?? sides.nonMembers);
    return `${pathFrom(place.options.base, path)}, record ${row + 1}`;
  };
};
