/** Reads saved outputs: once for labels, sides and attributes of all rows, once for the outputs of those that are drawn. */
import { extname, resolve } from 'node:path';
import { AuditError } from '../../../errors.ts';
import type { Attribute } from '../../dataset.ts';
import type { SavedOutputTable } from '../output-table.ts';
import { attributeBuilder, attributeFault } from '../table/attribute-column.ts';
import { cellCategory, cellNumber } from '../table/cells.ts';
import { MAX_LABELS } from '../table/check-label.ts';
import { type ColumnFacts, collectFacts, kindOf, MAX_CATEGORIES, newFacts } from '../table/column-facts.ts';
import { type Cell, openTable, type TableSource } from '../table/table-source.ts';
import { visitRows } from '../table/visit-rows.ts';
import { checkLogits, checkLosses, checkPosteriors } from './check-outputs.ts';
import { memberFlags, sampledRows } from './member-flags.ts';
import { npzSource } from './npz-source.ts';
import { type OutputColumns, outputColumns } from './output-columns.ts';
import { outputLabels } from './output-labels.ts';
import { outputValues } from './output-values.ts';

export interface OutputOptions {
  readonly sample: number;
  readonly seed: number;
  readonly classes?: readonly string[];
  readonly signal?: AbortSignal;
}

const CHECKS = { posteriors: checkPosteriors, logits: checkLogits, loss: checkLosses };
const MAX_ID = 1000;

/** @throws {AuditError} as `readOutputTable` */
export const readOutputs = async (path: string, options: OutputOptions): Promise<SavedOutputTable> => {
  const source = await openOutputs(resolve(path), options.signal);
  const columns = outputColumns(source);
  const name = (column: number) => source.columns[column] as string;
  const { facts, flags } = await survey(source, columns, name);
  const label = facts.get(columns.label) as ColumnFacts;
  const rows = sampledRows(source.path, flags, options.sample, options.seed);
  const notes = [...columns.notes];
  const attributes = new Map(
    [...columns.attributes].flatMap(([column, attribute]) => {
      const own = facts.get(column) as ColumnFacts;
      const fault = attributeFault(own) ?? tooMany(own);
      if (fault === undefined) return [[column, attributeBuilder(own, rows.length)] as const];
      notes.push(`column '${attribute}' ${fault}: nothing is sliced by it`);
      return [];
    }),
  );

  const outputs = outputValues(columns, rows.length, name);
  const labels = new Array<string | number>(rows.length);
  const places = new Array<string>(rows.length);
  const ids = columns.id === undefined ? undefined : new Array<string>(rows.length);
  const numbered = kindOf(label) === 'number';
  const wanted = new Set([
    columns.label,
    ...columns.values,
    ...attributes.keys(),
    ...(columns.id === undefined ? [] : [columns.id]),
  ]);
  const found = await visitRows(source, rows, wanted, (column, cell, index, place) => {
    if (column === columns.label) {
      labels[index] = numbered ? cellNumber(cell) : cellCategory(cell);
      places[index] = place();
    } else if (column === columns.id && ids) ids[index] = idOf(cell, place);
    else if (attributes.has(column)) attributes.get(column)?.set(index, cell);
    else outputs.set(column, cell, index, place);
  });
  if (found !== flags.length)
    throw invalid(`${source.path}: changed while it was read`, 'Try again when nothing writes to the file.');

  const { values, width } = outputs.done();
  const place = (row: number) => places[row] as string;
  CHECKS[columns.kind]({ path: source.path, values, width, place });
  const classes = outputLabels({
    path: source.path,
    facts: label,
    labels,
    count: columns.kind === 'loss' ? undefined : width,
    ...(options.classes && { classes: options.classes }),
    place,
  });
  return {
    kind: columns.kind,
    values,
    width,
    labels: classes.labels,
    classes: classes.classes,
    members: Uint8Array.from(rows, (row) => flags[row] as number),
    names: ids ?? rowNames(rows),
    attributes: Object.fromEntries(
      [...attributes].map(([column, builder]): [string, Attribute] => [name(column), builder.attribute()]),
    ),
    rows: flags.length,
    notes: [...notes, ...outputs.notes(), ...classes.notes],
  };
};

/** Counted from 1, as people do. */
const rowNames = (rows: Uint32Array): readonly string[] => Array.from(rows, (row) => `row ${row + 1}`);

const openOutputs = (path: string, signal?: AbortSignal): Promise<TableSource> =>
  ['.npz', '.npy'].includes(extname(path).toLowerCase()) ? npzSource(path, signal) : openTable(path, signal);

const survey = async (source: TableSource, columns: OutputColumns, name: (column: number) => string) => {
  const facts = new Map(
    [columns.label, ...columns.attributes.keys()].map((column) => [column, newFacts(name(column))]),
  );
  const members = memberFlags();
  await source.scan(new Set([columns.member, ...facts.keys()]), (block) => {
    if (block.column === columns.member) members.take(block);
    else
      collectFacts(
        facts.get(block.column) as ColumnFacts,
        block,
        block.column === columns.label ? MAX_LABELS : MAX_CATEGORIES,
      );
  });
  return { facts, flags: members.flags() };
};

const tooMany = (facts: ColumnFacts): string | undefined =>
  kindOf(facts) !== 'number' && (facts.tooMany || facts.long !== undefined)
    ? `holds more than ${MAX_CATEGORIES} different texts, or long ones`
    : undefined;

const idOf = (cell: Cell, place: () => string): string => {
  const text = cell === null || typeof cell === 'object' ? '' : String(cell);
  if (text !== '' && text.length <= MAX_ID) return text;
  throw invalid(
    `${place()}: column 'id' ${text === '' ? 'has no value' : 'is too long'}`,
    'Give every record a short name, or leave the column out.',
  );
};

const invalid = (message: string, hint: string): AuditError =>
  new AuditError('MLD_DATA_INVALID', message, hint);
