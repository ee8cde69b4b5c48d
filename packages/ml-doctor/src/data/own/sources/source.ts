/** What every kind of file of records can do: say how many it holds and of what form, and read those that are drawn. */
import type { Dataset } from '../../dataset.ts';

export interface RecordForm {
  /** Of one record, as the file has it. */
  readonly shape: readonly number[];
  /** Whether values are whole numbers 0 … 255 kept in bytes. */
  readonly bytes: boolean;
  /** `unknown` for arrays: found out from the shape, or named by the user. */
  readonly layout: 'channels-first' | 'channels-last' | 'unknown';
}

export interface RecordContent {
  /** Of the drawn records. */
  readonly labels: readonly (string | number)[];
  /** Of the others, each once. */
  readonly others: ReadonlySet<string | number>;
  readonly attributes: Readonly<Record<string, readonly (string | number)[]>>;
}

export interface RecordSource {
  readonly path: string;
  readonly format: string;
  readonly records: number;
  /** The row in the file of record 0, where only a range of it is meant. */
  readonly firstRow?: number;
  readonly notes: readonly string[];
  /** The names of its classes in their order, where it knows them. */
  readonly classes?: readonly string[];
  /** Where the records come from one that is in memory: its attributes, columns and categories are known. */
  readonly dataset?: Dataset;
  /** @param rows drawn, in ascending order */
  form(rows: Uint32Array): Promise<RecordForm>;
  /** Reads the values of the drawn rows into `x`, which has room for them; bytes only where the form says so. */
  read(rows: Uint32Array, x: Uint8Array | Float32Array): Promise<RecordContent>;
}

export const SIDES = ['members', 'nonMembers', 'auxiliary'] as const;
export type Side = (typeof SIDES)[number];

/** More different labels than this are no classes; whoever counts them need not go on. */
const ENOUGH = 10_001;

/** Collects values of all rows in their order: those of drawn rows one by one, the others each once. */
export function valueTaker(rows: Uint32Array): {
  readonly visit: (value: string | number, row: number) => void;
  readonly drawn: (string | number)[];
  readonly others: Set<string | number>;
} {
  const drawn: (string | number)[] = [];
  const others = new Set<string | number>();
  return {
    drawn,
    others,
    visit(value, row) {
      if (rows[drawn.length] === row) drawn.push(value);
      else if (others.size < ENOUGH) others.add(value);
    },
  };
}
