/** How a CSV file is written, found out from its beginning: whether it is text at all, and what separates its fields. */
import { AuditError } from '../../errors.ts';

export type Separator = ',' | ';' | '\t';

const SEPARATORS: readonly Separator[] = [',', ';', '\t'];
const [NEWLINE, RETURN, QUOTE] = [0x0a, 0x0d, 0x22];

/** Files that are often taken for text, by their first bytes. */
const OTHERS: readonly (readonly [magic: readonly number[], name: string, hint: string])[] = [
  [[0x1f, 0x8b], 'a gzip file', 'Unpack it first (gunzip FILE).'],
  [
    [0x50, 0x4b, 3, 4],
    'a zip file (an .npz or .xlsx is one too)',
    'Unpack it, or give it the ending that it has.',
  ],
  [[0x50, 0x41, 0x52, 0x31], 'a Parquet file', 'Give it the ending .parquet.'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'a Zstandard file', 'Unpack it first (unzstd FILE).'],
  [[0xff, 0xfe], 'text in UTF-16', 'Save it as UTF-8.'],
  [[0xfe, 0xff], 'text in UTF-16', 'Save it as UTF-8.'],
];

/**
 * The separator that is most frequent in the first line, outside quotes; a comma where there is none.
 *
 * @param head the first bytes of the file
 * @throws {AuditError} MLD_DATA_MAGIC for what is no text
 */
export const csvSeparator = (head: Uint8Array, path: string): Separator => {
  const other = OTHERS.find(([magic]) => magic.every((byte, i) => head[i] === byte));
  if (other) throw new AuditError('MLD_DATA_MAGIC', `${path}: is ${other[1]}, not CSV`, other[2]);
  const zero = head.indexOf(0);
  if (zero >= 0)
    throw new AuditError(
      'MLD_DATA_MAGIC',
      `${path}: is no text, byte ${zero} is 0`,
      'Save the table as CSV in UTF-8, or give the file the ending that it has (.parquet, .npz).',
    );
  const counts = new Map<number, number>(SEPARATORS.map((text) => [text.charCodeAt(0), 0]));
  let quoted = false;
  for (const byte of head) {
    if (byte === QUOTE) quoted = !quoted;
    else if (quoted) continue;
    else if (byte === NEWLINE || byte === RETURN) {
      if ([...counts.values()].some((count) => count > 0)) break;
    } else if (counts.has(byte)) counts.set(byte, (counts.get(byte) as number) + 1);
  }
  return SEPARATORS.reduce((best, next) =>
    (counts.get(next.charCodeAt(0)) as number) > (counts.get(best.charCodeAt(0)) as number) ? next : best,
  );
};
