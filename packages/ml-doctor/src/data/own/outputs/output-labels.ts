/** Labels of saved outputs as indices of the classes that the outputs are of. */
import { AuditError } from '../../../errors.ts';
import { classIndices } from '../classes.ts';
import { checkLabel } from '../table/check-label.ts';
import { type ColumnFacts, categoriesOf, kindOf } from '../table/column-facts.ts';

export interface OutputLabels {
  readonly path: string;
  /** Of the column of labels, over all rows. */
  readonly facts: ColumnFacts;
  readonly labels: readonly (string | number)[];
  /** Of the outputs; `undefined` where they are losses. */
  readonly count: number | undefined;
  /** Names as the user gives them. */
  readonly classes?: readonly string[];
  readonly place: (row: number) => string;
}

/**
 * Numbers are indices. Names are looked up in `classes`; without it they stand for the outputs in ascending order, if
 * there are as many.
 *
 * @throws {AuditError} MLD_DATA_INVALID
 */
export const outputLabels = ({ path, facts, labels, count, classes, place }: OutputLabels) => {
  checkLabel(facts);
  const numbers = kindOf(facts) === 'number';
  if (classes && count !== undefined && classes.length !== count)
    throw invalid(
      `${path}: has outputs of ${count} classes, and ${classes.length} classes are named`,
      "Name every class once, in the order of the model's outputs.",
    );
  const found = categoriesOf(facts);
  const notes: string[] = [];
  if (!classes && numbers && count !== undefined) {
    const indices = found.map(Number);
    if (Math.min(...indices) === 1 && Math.max(...indices) === count)
      throw invalid(
        `${path}: its labels run from 1 to ${count}, and classes are counted from 0`,
        'Subtract 1 from the labels, so that label 0 is the class of the first output.',
      );
  }
  if (!classes && !numbers && count !== undefined) {
    if (found.length !== count)
      throw invalid(
        `${path}: has ${found.length} different labels for outputs of ${count} classes`,
        "Name the classes in the order of the model's outputs (classes: [...]), or give labels as indices from 0.",
      );
    notes.push(
      `the outputs are taken to be in ascending order of the labels: ${found.slice(0, 5).join(', ').slice(0, 100)}${count > 5 ? ', …' : ''}`,
    );
  }
  const ofOutputs =
    count === undefined ? undefined : numbers ? Array.from({ length: count }, (_, c) => String(c)) : found;
  const names = classes ?? ofOutputs;
  const result = classIndices([labels], {
    ...(names && { classes: names }),
    others: found,
    place: (_, row) => `${place(row)}: column '${facts.name}'`,
  });
  if (result.classes.length < 2)
    throw invalid(
      `${path}: all records are of class '${result.classes[0]}'`,
      'Name all classes (classes: [...]).',
    );
  return { labels: result.y[0] as Int32Array, classes: result.classes, notes };
};

const invalid = (message: string, hint: string): AuditError =>
  new AuditError('MLD_DATA_INVALID', message, hint);
