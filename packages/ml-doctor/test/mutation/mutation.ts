/** What a mutation is: one edit of a source, and the tests that must notice it. */

export interface Mutation {
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly from: string;
  readonly to: string;
  /** Test files from the root of the repository; at least one test in them must fail. */
  readonly tests: readonly string[];
}

export type Edit = readonly [name: string, from: string, to: string];

/** Edits of one file that the same tests watch. */
export const edits = (file: string, tests: readonly string[], list: readonly Edit[]): readonly Mutation[] =>
  list.map(([name, from, to]) => ({ name, file, from, to, tests }));

export const OWN = 'packages/ml-doctor/src';
