/** Finds out which columns of saved outputs are what: outputs, label, member, id, attributes. */
import { AuditError } from '../../../errors.ts';
import type { SavedOutputTable } from '../output-table.ts';
import type { TableSource } from '../table/table-source.ts';

export interface OutputColumns {
  readonly kind: SavedOutputTable['kind'];
  /** Indices of the columns that hold the outputs, class by class, or the one that holds lists. */
  readonly values: readonly number[];
  /** One column is the probability of class 1 of two. */
  readonly binary: boolean;
  readonly label: number;
  readonly member: number;
  readonly id?: number;
  readonly attributes: ReadonlyMap<number, string>;
  readonly notes: readonly string[];
}

const ROW_NUMBERS = new Set(['', 'unnamed: 0', '__index_level_0__']);

/**
 * Names are compared without regard to case. Logits go before posteriors, posteriors before losses.
 *
 * @throws {AuditError} MLD_DATA_INVALID for columns that are not there, a class that is left out, a name used twice
 */
export const outputColumns = ({ path, columns }: Pick<TableSource, 'path' | 'columns'>): OutputColumns => {
  const byName = new Map<string, number>();
  columns.forEach((name, index) => {
    const lower = name.toLowerCase();
    const other = byName.get(lower);
    if (other !== undefined)
      throw invalid(
        `${path}: has columns '${columns[other]?.slice(0, 60)}' and '${name.slice(0, 60)}'`,
        'Give every column a name of its own.',
      );
    byName.set(lower, index);
  });
  const needed = (name: string, hint: string): number => {
    const index = byName.get(name);
    if (index !== undefined) return index;
    const shown = columns.slice(0, 12).map((each) => `'${each.slice(0, 60)}'`);
    throw invalid(
      `${path}: has no column '${name}'; it has ${shown.join(', ')}${columns.length > 12 ? ', …' : ''}`,
      hint,
    );
  };
  const label = needed(
    'label',
    'Add the true class of each record, an index from 0 or a name, as column label.',
  );
  const member = needed(
    'member',
    'Add a column member: 1 for records that the model was trained on, 0 for the others.',
  );
  const logits = outputsOf(byName, path, 'z', 'logits');
  const posteriors = outputsOf(byName, path, 'p', 'posteriors');
  const loss = byName.get('loss');
  const found = [
    ...(logits ? [{ kind: 'logits' as const, ...logits }] : []),
    ...(posteriors ? [{ kind: 'posteriors' as const, ...posteriors }] : []),
    ...(loss === undefined ? [] : [{ kind: 'loss' as const, values: [loss], binary: false }]),
  ];
  const [best, ...rest] = found;
  if (!best)
    throw invalid(
      `${path}: has no outputs: neither p0, p1, … or posteriors, nor z0, z1, … or logits, nor loss`,
      'Name the columns of the outputs p0, p1, … (probabilities, in the order of the classes), z0, z1, … (logits) or loss.',
    );
  const notes = rest.map(({ kind }) => `${best.kind} were used; the file holds ${kind} as well`);
  if (best.binary) notes.push('the single probability of each row is that of class 1 of two');
  const id = byName.get('id');
  const used = new Set([label, member, id, ...found.flatMap(({ values }) => values)]);
  const attributes = new Map(
    [...columns.entries()].filter(
      ([index, name]) => !used.has(index) && !ROW_NUMBERS.has(name.toLowerCase()),
    ),
  );
  return { ...best, label, member, ...(id !== undefined && { id }), attributes, notes };
};

const outputsOf = (
  byName: ReadonlyMap<string, number>,
  path: string,
  letter: 'p' | 'z',
  list: string,
): { readonly values: readonly number[]; readonly binary: boolean } | undefined => {
  const classes = new Map<number, number>();
  for (const [name, index] of byName) {
    const match = /^([pz])(0|[1-9]\d{0,5})$/.exec(name);
    if (match?.[1] === letter) classes.set(Number(match[2]), index);
  }
  const whole = byName.get(list);
  const single = letter === 'p' ? byName.get('p') : undefined;
  if (whole !== undefined && classes.size > 0)
    throw invalid(
      `${path}: has both '${list}' and '${letter}${[...classes.keys()][0]}'`,
      'Keep one of them.',
    );
  if (whole !== undefined) return { values: [whole], binary: false };
  if (classes.size === 0) return single === undefined ? undefined : { values: [single], binary: true };
  if (letter === 'p' && classes.size === 1 && classes.has(1))
    return { values: [classes.get(1) as number], binary: true };
  const count = Math.max(...classes.keys()) + 1;
  const missing = Array.from({ length: count }, (_, c) => c).find((c) => !classes.has(c));
  if (missing !== undefined || count < 2)
    throw invalid(
      `${path}: has ${letter}${[...classes.keys()]
        .sort((a, b) => a - b)
        .slice(0, 5)
        .join(`, ${letter}`)}, but no ${letter}${missing ?? 1}`,
      `Give one column for each class, ${letter}0, ${letter}1 and so on, in the order of the model's outputs.`,
    );
  return { values: Array.from({ length: count }, (_, c) => classes.get(c) as number), binary: false };
};

const invalid = (message: string, hint: string): AuditError =>
  new AuditError('MLD_DATA_INVALID', message, hint);
