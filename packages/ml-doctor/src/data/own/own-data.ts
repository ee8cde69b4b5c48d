/** A user's own records: members, non-members and, if there are any, the attacker's, as one data set with known roles. */
import { AuditError } from '../../errors.ts';
import type { Dataset, Normalisation } from '../dataset.ts';
import type { RoleSizes } from '../split.ts';
import { readRecords } from './read-records.ts';
import { SIDES } from './sources/source.ts';
import { readTables } from './table/read-tables.ts';
import { isTablePath } from './table/table-source.ts';

/** Where the records are and how to read them; plain data. */
export interface OwnDataChoice {
  /**
   * A file (`.npz`, `.csv`, `.parquet`, IDX, CIFAR binary), a folder of pictures with a subfolder for each class, or a
   * catalogue name with an optional part and range: `cifar10-20k`, `fashion-mnist:train[0:5000]`, `fashion-mnist:test`.
   */
  readonly members: string;
  readonly nonMembers: string;
  /** Records of the attacker's: of the same kind, none of them a member or a non-member. */
  readonly auxiliary?: string;
  /** Column or array of the labels; `label`, `y`, `target` or `class` by default, whichever is there. */
  readonly label?: string;
  /** Columns or arrays that are no inputs but attributes: of slices and of attribute inference. */
  readonly attributes?: readonly string[];
  /** Class names in the order of the model's outputs; by default numbers 0, 1, …, or names in ascending order. */
  readonly classes?: readonly string[];
  /** Where the channels of pictures in arrays are; found out by default. */
  readonly layout?: 'nchw' | 'nhwc';
  /** At most so many records of each side (twice as many of auxiliary ones) are drawn at random. */
  readonly sample: number;
}

export interface OwnDataOptions {
  /** Of the draw of the sample. */
  readonly seed: number;
  /** Folder that relative paths start from. */
  readonly base: string;
  readonly dataDir?: string;
  /** Folder that keeps decoded pictures of the catalogue. */
  readonly dataCache?: string;
  /** What the model receives; by default values as they are (`scale` 1, `mean` 0, `std` 1). One number stands for all channels. */
  readonly normalisation?: Partial<{ scale: number; mean: readonly number[]; std: readonly number[] }>;
  /** Classes as the model names them, where it does; `classes` of the choice goes before it. */
  readonly modelClasses?: readonly string[];
  readonly signal?: AbortSignal;
}

/** One of the three sides. */
export interface OwnDataSide {
  readonly path: string;
  /** `npz`, `csv`, `parquet`, `idx`, `cifar`, `pictures`, `catalogue`. */
  readonly format: string;
  /** Records in the file; as many as `sample` at most are in the data set. */
  readonly records: number;
}

export interface OwnData {
  /** The members first, then the non-members, then the auxiliary records; id `own`. Its hash is that of the sampled records. */
  readonly data: Dataset;
  readonly sizes: RoleSizes;
  readonly sides: {
    readonly members: OwnDataSide;
    readonly nonMembers: OwnDataSide;
    readonly auxiliary?: OwnDataSide;
  };
  /** For the report: what was assumed, as the column that the label was read from, or how categories are encoded. */
  readonly notes: readonly string[];
  readonly normalisation: Normalisation;
  /** Which row of its side's file each record is, counted from 0, parallel to the records of `data`. */
  readonly origin: { readonly rows: Uint32Array };
}

/**
 * Reads both or all three sides in the same encoding: categories, classes and shapes are those of all sides together.
 * Never holds more of a file than what is sampled, plus one block.
 *
 * @throws {AuditError} MLD_DATA_UNREADABLE, MLD_DATA_MAGIC, MLD_DATA_TRUNCATED, MLD_DATA_CHECKSUM, MLD_DATA_INVALID,
 *   MLD_DATA_UNKNOWN, MLD_IMAGES_MISSING, MLD_LIMIT
 */
export async function readOwnData(choice: OwnDataChoice, options: OwnDataOptions): Promise<OwnData> {
  if (!(Number.isInteger(choice.sample) && choice.sample >= 1)) {
    throw new AuditError(
      'MLD_DATA_INVALID',
      `a sample of ${choice.sample} records`,
      'Sample at least 1 record.',
    );
  }
  options.signal?.throwIfAborted();
  const tables = SIDES.flatMap((side) => (choice[side] === undefined ? [] : [isTablePath(choice[side])]));
  if (tables.every(Boolean)) return readTables(choice, options);
  if (tables.some(Boolean)) {
    throw new AuditError(
      'MLD_DATA_INVALID',
      `members (${choice.members}), non-members (${choice.nonMembers})${choice.auxiliary === undefined ? '' : ` and auxiliary records (${choice.auxiliary})`} ` +
        'are partly tables and partly not',
      'Give all sides as tables, or all as arrays or pictures: their columns are encoded together.',
    );
  }
  return readRecords(choice, options);
}
