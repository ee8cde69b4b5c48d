/** What the catalogue knows of a data set: where it comes from, under which licence, and how to read it. */

import type { FileRecord } from '../checked-file.ts';
import type { Dataset } from '../dataset.ts';

export interface CatalogEntry<Id extends string = string, FileKey extends string = string> {
  readonly id: Id;
  readonly title: string;
  readonly source: string;
  readonly licence: string;
  readonly citation: string;
  /** Number of records. */
  readonly size: number;
  /** Where its published parts lie: from the first record to before the second number. */
  readonly parts?: Readonly<Record<'train' | 'test', readonly [from: number, to: number]>>;
  /** Whether its files are part of the package; otherwise it is read from the user's data folder only. */
  readonly bundled: boolean;
  /** The attributes that attribute inference is about unless somebody names others, the first foremost. */
  readonly sensitive?: readonly string[];
  readonly files: { readonly [K in FileKey]: FileRecord };
  /** Reads the data set; `locate` turns the name of a file into its path. */
  load(locate: (file: FileRecord) => Promise<string>): Promise<Dataset>;
}
