/** From labels as people keep them, numbers or names, to class indices in the order of the model's outputs. */
import { AuditError } from '../../errors.ts';
import { nearestName } from '../nearest-name.ts';

export interface ClassOptions {
  /** Names in the order of the model's outputs. */
  readonly classes?: readonly string[];
  /** Names that the model knows itself; `classes` goes before them. */
  readonly modelClasses?: readonly string[];
  /** Labels of records that were not drawn: the order of the classes must not depend on the draw. */
  readonly others?: Iterable<string | number>;
  /** How an error names record `index` of a side; `members: row 3 (from 0)` and so on by default. */
  readonly place?: (side: number, index: number) => string;
}

export interface ClassIndices {
  /** One array per side. */
  readonly y: readonly Int32Array[];
  readonly classes: readonly string[];
}

/** Whoever has more classes than this has identifiers or amounts in the column of the labels. */
const MAX_CLASSES = 10_000;

const SIDES = ['members', 'non-members', 'auxiliary'] as const;

/**
 * Class indices of the records of all sides. Labels are the names of the classes, where names are given; whole numbers
 * 0 … K − 1 as well, unless a name is a number itself. Without names, whole numbers are indices (of classes `0` … `max`)
 * if none is below 0; names, and numbers that may be negative, stand in ascending order. `3.0` and the text `3` are the
 * number 3.
 *
 * @throws {AuditError} MLD_DATA_INVALID naming side and row of a label that is no class; for labels that are no whole
 *   numbers, or too many; for a class that is named twice
 */
export function classIndices(
  sides: readonly (readonly (string | number)[] | ArrayLike<number>)[],
  options: ClassOptions = {},
): ClassIndices {
  const place = options.place ?? ((side, index) => `${SIDES[side]}: row ${index} (from 0)`);
  const names = options.classes ?? options.modelClasses;
  const classes = names ? distinct(names) : foundClasses(sides, options.others ?? [], place);
  const indices = new Map(classes.map((name, index) => [name, index]));
  const byNumber = names !== undefined && !classes.some((name) => /^-?\d+$/.test(name));
  const indexOf = (label: string | number): number | undefined => {
    const text = canonical(label);
    const index = indices.get(text) ?? (typeof label === 'string' ? indices.get(label) : undefined);
    if (index !== undefined || !byNumber || !/^\d+$/.test(text)) return index;
    return Number(text) < classes.length ? Number(text) : undefined;
  };
  const y = sides.map((labels, side) => {
    const out = new Int32Array(labels.length);
    for (let i = 0; i < labels.length; i++) {
      const label = labels[i]!;
      const index = indexOf(label);
      if (index === undefined) throw noClass(label, classes, options, place(side, i));
      out[i] = index;
    }
    return out;
  });
  return { y, classes };
}

/** Every label once, in the order of the classes they stand for. */
function foundClasses(
  sides: readonly (readonly (string | number)[] | ArrayLike<number>)[],
  others: Iterable<string | number>,
  place: (side: number, index: number) => string,
): readonly string[] {
  const labels = new Set<string>();
  const take = (label: string | number, where: () => string) => {
    labels.add(canonical(label));
    if (typeof label === 'number' && !Number.isSafeInteger(label)) throw noLabel(label, where());
    if (labels.size > MAX_CLASSES) throw tooMany(`more than ${MAX_CLASSES} different labels`);
  };
  for (const [side, values] of sides.entries())
    for (let i = 0; i < values.length; i++) take(values[i]!, () => place(side, i));
  for (const label of others) take(label, () => 'a record that was not drawn');
  const found = [...labels];
  if (!found.every((label) => /^-?\d+$/.test(label) && Number.isSafeInteger(Number(label))))
    return names(found);
  const numbers = found.map(Number).sort((a, b) => a - b);
  if (!(numbers[0]! >= 0)) return numbers.map(String);
  const count = numbers.at(-1)! + 1;
  if (count > MAX_CLASSES) throw tooMany(`the label ${count - 1}`);
  return Array.from({ length: count }, (_, index) => String(index));
}

/** In ascending order of their UTF-8 bytes, which is that of their code points: so Python sorts them. */
function names(found: string[]): readonly string[] {
  const amounts = found.length > 0 && found.every((label) => label !== '' && Number.isFinite(Number(label)));
  if (amounts) throw noLabel(found.find((label) => !/^-?\d+$/.test(label))!, 'a record');
  return found.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** `3`, `3.0`, `'3'` and `' 3.00 '` are one label. */
function canonical(label: string | number): string {
  if (typeof label === 'number') return String(label === 0 ? 0 : label);
  const text = label.trim();
  const whole = /^\+?(-?)0*(\d+)(?:\.0*)?$/.exec(text);
  if (whole) return whole[2] === '0' ? '0' : `${whole[1]}${whole[2]}`;
  return text;
}

function distinct(names: readonly string[]): readonly string[] {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined && names.length > 0) return names;
  throw new AuditError(
    'MLD_DATA_INVALID',
    twice === undefined ? 'the list of classes is empty' : `the class '${twice}' is named twice`,
    "Name every class once, in the order of the model's outputs.",
  );
}

function noClass(
  label: string | number,
  classes: readonly string[],
  options: ClassOptions,
  place: string,
): AuditError {
  const shown = shorten(String(label));
  const nearest = typeof label === 'string' ? nearestName(label.slice(0, 100), classes) : undefined;
  const known = `${classes.slice(0, 5).map(shorten).join(', ')}${classes.length > 5 ? ', …' : ''}`;
  return new AuditError(
    'MLD_DATA_INVALID',
    `${place}: label '${shown}' is none of the ${classes.length} classes${options.classes ? ' given' : ' of the model'} ` +
      `(${known})${nearest === undefined ? '' : `; the nearest is '${shorten(nearest)}'`}`,
    "Correct the label, or name the classes in the order of the model's outputs (classes: [...]).",
  );
}

function noLabel(label: number | string, place: string): AuditError {
  return new AuditError(
    'MLD_DATA_INVALID',
    `${place}: label ${label} is no whole number`,
    'Labels are class numbers 0, 1, … or class names; name the column or array that holds them with `label`.',
  );
}

function tooMany(what: string): AuditError {
  return new AuditError(
    'MLD_DATA_INVALID',
    `labels are those of classes, at most ${MAX_CLASSES}, but there is ${what}`,
    'Name the column or array that holds the classes with `label`; amounts and identifiers are no classes.',
  );
}

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
