/** What the catalogue knows of a data set: where it comes from, under which licence, and how its files are read. */

import type { FileRecord } from '../checked-file.ts';
import type { Dataset } from '../dataset.ts';
import type { NamedSplit } from '../named-splits.ts';
import type { DecodingOptions } from '../pictures/decoding.ts';

/** What its records are: pictures, rows of bits, rows of columns, or counted words. */
export type DataKind = 'pictures' | 'bits' | 'table' | 'text';

export interface CatalogEntry<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  readonly kind: DataKind;
  /** What the classes are classes of, as `income`. */
  readonly label: string;
  /** From the publisher's files to records: who is left out, how values are coded; a sentence or two. */
  readonly preprocessing: string;
  readonly source: string;
  readonly licence: string;
  readonly citation: string;
  /** Number of records. */
  readonly size: number;
  /**
   * Id of the data set of the same records, all of them or some, cut, coded or labelled otherwise; nothing of one that
   * others name. An attacker who learns from one of them has not another data set than the other.
   */
  readonly recordsOf?: string;
  /** Where its published parts lie: from the first record to before the second number. */
  readonly parts?: Readonly<Record<'train' | 'test', readonly [from: number, to: number]>>;
  /** Whether its files are part of the package; otherwise it is read from the user's data folder only. */
  readonly bundled: boolean;
  /** The attributes that attribute inference is about unless somebody names others, the first foremost. */
  readonly sensitive?: readonly string[];
  /**
   * Of pictures: pixels a side when nobody asks for others (`celeba` or `celeba@64`), and as published, the shorter side
   * where they are not square.
   */
  readonly pixels?: { readonly usual: number; readonly published: number };
  /** Records of each role in the papers that used it; of those not named, its quarters. */
  readonly splits?: Partial<Readonly<Record<NamedSplit, PaperSplit>>>;
  /** The layouts in which its files are around, the publisher's first. All of them give the same records in the same order. */
  readonly forms: readonly [DataForm, ...DataForm[]];
}

/** Sizes that a paper took; whoever is left over belongs to nobody. */
export interface PaperSplit {
  readonly members: number;
  readonly nonMembers: number;
  /** The attacker's own: shadow-train and shadow-test are its halves. */
  readonly auxiliary: number;
}

export interface DataForm {
  /** As `CIFAR-10 binary version`. */
  readonly title: string;
  /** All of them are needed. */
  readonly files: readonly FileRecord[];
  /**
   * @param at where the files are, in their order
   * @throws {AuditError} MLD_DATA_UNREADABLE, MLD_DATA_CHECKSUM, and those of the format's reader
   */
  read(at: readonly string[], options: ReadOptions): Promise<Dataset>;
}

export interface ReadOptions extends DecodingOptions {
  /** The name it was asked for by, which the data set gets as its id: `celeba@64`. */
  readonly name: string;
  /** Of pictures: pixels a side, the entry's usual ones unless others are asked for. */
  readonly pixels?: number;
}
