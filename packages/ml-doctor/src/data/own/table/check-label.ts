/** Refuses a column of labels that cannot be one: values missing, lists, amounts, identifiers. */
import { AuditError } from '../../../errors.ts';
import { type ColumnFacts, kindOf } from './column-facts.ts';

/** Different labels that are remembered; whoever has more has identifiers or amounts in the column. */
export const MAX_LABELS = 10_000;

/** @throws {AuditError} MLD_DATA_INVALID */
export const checkLabel = (facts: ColumnFacts): void => {
  const { name, first, distinct, tooMany, long } = facts;
  const odd = first.missing ?? first.infinite ?? first.list;
  if (odd)
    throw invalid(
      `${odd.place}: column '${name}' ${first.missing ? 'has no value' : `is ${odd.cell}`}, where a label belongs`,
      'Give every record its class, a number from 0 or a name.',
    );
  if (tooMany || long !== undefined)
    throw invalid(
      `column '${name}' holds ${long === undefined ? `more than ${MAX_LABELS} different labels` : 'texts too long for names of classes'}`,
      NO_CLASSES,
    );
  const fraction =
    kindOf(facts) === 'number' ? [...distinct].find((text) => !Number.isInteger(Number(text))) : undefined;
  if (fraction !== undefined)
    throw invalid(`column '${name}' holds the label ${fraction}, which is no whole number`, NO_CLASSES);
};

const NO_CLASSES =
  'Name the column that holds the classes with `label`; what is predicted are classes, not amounts or identifiers.';

const invalid = (message: string, hint: string): AuditError =>
  new AuditError('MLD_DATA_INVALID', message, hint);
