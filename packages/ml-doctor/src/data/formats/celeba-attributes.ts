/** Reads what is known of CelebA's pictures: 40 attributes of each, in the publisher's list or in a CSV file. */
import { AuditError } from '../../errors.ts';

export const CELEBA_ATTRIBUTES = [
  ...['5_o_Clock_Shadow', 'Arched_Eyebrows', 'Attractive', 'Bags_Under_Eyes', 'Bald'],
  ...['Bangs', 'Big_Lips', 'Big_Nose', 'Black_Hair', 'Blond_Hair'],
  ...['Blurry', 'Brown_Hair', 'Bushy_Eyebrows', 'Chubby', 'Double_Chin'],
  ...['Eyeglasses', 'Goatee', 'Gray_Hair', 'Heavy_Makeup', 'High_Cheekbones'],
  ...['Male', 'Mouth_Slightly_Open', 'Mustache', 'Narrow_Eyes', 'No_Beard'],
  ...['Oval_Face', 'Pale_Skin', 'Pointy_Nose', 'Receding_Hairline', 'Rosy_Cheeks'],
  ...['Sideburns', 'Smiling', 'Straight_Hair', 'Wavy_Hair', 'Wearing_Earrings'],
  ...['Wearing_Hat', 'Wearing_Lipstick', 'Wearing_Necklace', 'Wearing_Necktie', 'Young'],
] as const;
export type CelebaAttribute = (typeof CELEBA_ATTRIBUTES)[number];

export interface PictureAttributes {
  /** File names of the pictures, all different. */
  readonly pictures: readonly string[];
  /** 0 or 1 of each picture. */
  readonly values: Readonly<Record<CelebaAttribute, Int32Array>>;
  /** The line of the file on which the first picture stands. */
  readonly firstLine: number;
}

/**
 * The publisher's list_attr_celeba.txt: the number of pictures, the names of the attributes, then a row for each picture,
 * its name and 1 or -1 for each attribute, blanks between them.
 *
 * @param file name used in error messages
 * @throws {AuditError} MLD_DATA_INVALID naming the line, MLD_DATA_TRUNCATED when the last line has no end
 */
export function readAttributeList(bytes: Uint8Array, file: string): PictureAttributes {
  const [count = '', header = '', ...rows] = linesOf(bytes, file);
  if (!/^\d{1,9}$/.test(count.trim()))
    throw invalid(file, 1, `'${count.slice(0, 20)}' is no number of pictures`);
  checkNames(file, 2, header.trim().split(/ +/), CELEBA_ATTRIBUTES);
  const layout = { firstLine: 3, fields: (row: string) => row.trim().split(/ +/), lead: 1, no: '-1' };
  const read = readRows(rows, file, layout);
  if (rows.length !== Number(count))
    throw invalid(file, 1, `announces ${Number(count)} pictures, and ${rows.length} rows follow`);
  return read;
}

/**
 * A CSV file with a header: the picture's name (`file`), the person shown (`identity`, not used), and 1 or 0 for each attribute.
 *
 * @throws {AuditError} as {@link readAttributeList}
 */
export function readAttributeCsv(bytes: Uint8Array, file: string): PictureAttributes {
  const [header = '', ...rows] = linesOf(bytes, file);
  checkNames(file, 1, header.split(','), ['file', 'identity', ...CELEBA_ATTRIBUTES]);
  return readRows(rows, file, { firstLine: 2, fields: (row) => row.split(','), lead: 2, no: '0' });
}

/** Of either system. */
function linesOf(bytes: Uint8Array, file: string): string[] {
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  if (lines.pop() === '') return lines;
  throw new AuditError(
    'MLD_DATA_TRUNCATED',
    `${file}: cut short, line ${lines.length + 1} has no end`,
    'Copy or download the file again.',
  );
}

function checkNames(file: string, line: number, found: readonly string[], wanted: readonly string[]): void {
  const other = wanted.findIndex((name, i) => found[i] !== name);
  if (other >= 0) {
    const there = found[other] === undefined ? 'nothing' : `'${found[other].slice(0, 40)}'`;
    throw invalid(file, line, `column ${other + 1} is ${there}, expected '${wanted[other]}'`);
  }
  if (found.length > wanted.length)
    throw invalid(file, line, `has ${found.length} columns, expected ${wanted.length}`);
}

interface Layout {
  readonly firstLine: number;
  readonly fields: (row: string) => readonly string[];
  /** Columns before those of the attributes. */
  readonly lead: number;
  /** How a 0 is written. */
  readonly no: string;
}

function readRows(
  rows: readonly string[],
  file: string,
  { firstLine, fields, lead, no }: Layout,
): PictureAttributes {
  const columns = CELEBA_ATTRIBUTES.map((name) => [name, new Int32Array(rows.length)] as const);
  const pictures = new Set<string>();
  for (const [i, row] of rows.entries()) {
    const line = firstLine + i;
    const found = fields(row);
    if (found.length !== lead + columns.length)
      throw invalid(file, line, `has ${found.length} fields, expected ${lead + columns.length}`);
    const picture = found[0] as string;
    if (pictures.has(picture)) throw invalid(file, line, `${picture} is there twice`);
    pictures.add(picture);
    for (const [c, [name, values]] of columns.entries()) {
      const field = found[lead + c] as string;
      if (field !== '1' && field !== no)
        throw invalid(file, line, `${name} of ${picture} is '${field.slice(0, 20)}', neither 1 nor ${no}`);
      values[i] = field === '1' ? 1 : 0;
    }
  }
  return {
    pictures: [...pictures],
    values: Object.fromEntries(columns) as unknown as PictureAttributes['values'],
    firstLine,
  };
}

function invalid(file: string, line: number, what: string): AuditError {
  return new AuditError('MLD_DATA_INVALID', `${file}:${line}: ${what}`, 'Check that this is the right file.');
}
