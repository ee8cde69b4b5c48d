/** One malformed file or setting: what lies where, what is typed, and the error that has to come of it. */

export type Planted =
  | string
  | Uint8Array
  | { readonly link: string }
  | { readonly special: 'folder' | 'pipe' | 'unreadable' };

export interface BadCase {
  readonly title: string;
  /** Of the error; the exit status is 2. */
  readonly code: string;
  /** In its message or its remedy. */
  readonly says?: RegExp;
  /** As typed in the folder of the case; `SERVER` and `CLOSED` are addresses of a server and of none. */
  readonly args: readonly string[];
  readonly files?: () => Readonly<Record<string, Planted>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Names in the folder of the case that may be there afterwards; `out/store` where a question was paid for. */
  readonly leaves?: readonly string[];
}

/** Where the good files of all cases lie, seen from the folder of one. */
export const GOOD = '../good';

/** An audit that is right but for what is replaced or added. */
const RIGHT: Readonly<Record<string, string>> = {
  '--model': `${GOOD}/model.onnx`,
  '--members': `${GOOD}/members.npz`,
  '--non-members': `${GOOD}/others.npz`,
  '--out': 'out',
};

/** @param changed values of options; `undefined` leaves one out */
export const auditOf = (
  changed: Readonly<Record<string, string | undefined>>,
  ...further: readonly string[]
): readonly string[] => [
  'audit',
  ...Object.entries({ ...RIGHT, ...changed }).flatMap(([flag, value]) =>
    value === undefined ? [] : [flag, value],
  ),
  ...further,
];

export const outputsOf = (file: string, ...further: readonly string[]): readonly string[] => [
  ...['audit', '--outputs', file, '--out', 'out'],
  ...further,
];

/** A configuration file, audited. */
export const ofConfig = (text: string): Pick<BadCase, 'args' | 'files'> => ({
  args: ['audit', 'audit.yaml', '--out', 'out'],
  files: () => ({ 'audit.yaml': text }),
});
