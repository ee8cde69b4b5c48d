/** Own records in tables (CSV, Parquet) as one data set: both or all sides in the same encoding. */
import { resolve } from 'node:path';
import { AuditError } from '../../../errors.ts';
import { createDataset, type Normalisation } from '../../dataset.ts';
import { classIndices } from '../classes.ts';
import { drawRows } from '../draw-rows.ts';
import type { OwnData, OwnDataChoice, OwnDataOptions, OwnDataSide } from '../own-data.ts';
import type { Side } from '../sources/source.ts';
import { attributeBuilder, attributeFault } from './attribute-column.ts';
import { cellCategory, cellNumber } from './cells.ts';
import { checkLabel, MAX_LABELS } from './check-label.ts';
import { type ChosenColumns, chooseColumns } from './choose-columns.ts';
import { type ColumnFacts, collectFacts, kindOf, MAX_CATEGORIES, newFacts } from './column-facts.ts';
import { encodingOf } from './encoding.ts';
import { openTable, type TableSource } from './table-source.ts';
import { visitRows } from './visit-rows.ts';

/** Of the encoded sample, in memory. */
const MAX_VALUES = 1 << 27;
const SIDES = ['members', 'nonMembers', 'auxiliary'] as const;

/**
 * Goes through every file twice: first for the kinds, categories and classes of all rows, then for those of the sample.
 * Columns may stand in another order in each file; that of the members counts. Records are in the order of their file.
 *
 * @throws {AuditError} MLD_DATA_UNREADABLE, MLD_DATA_MAGIC, MLD_DATA_TRUNCATED, MLD_DATA_INVALID, MLD_DATA_UNKNOWN, MLD_LIMIT
 */
export const readTables = async (choice: OwnDataChoice, options: OwnDataOptions): Promise<OwnData> => {
  const { base, signal } = options;
  const open = (path: string) => openTable(resolve(base, path), signal);
  const sources: [TableSource, ...TableSource[]] = [
    await open(choice.members),
    await open(choice.nonMembers),
  ];
  if (choice.auxiliary !== undefined) sources.push(await open(choice.auxiliary));
  const chosen = chooseColumns(sources, choice);
  const { facts, rows } = await surveyed(sources, chosen);
  const encoding = encodingOf(chosen.inputs.map((name) => facts.get(name) as ColumnFacts));
  checkOthers(chosen, facts);

  const picked = rows.map((size, side) => drawRows(SIDES[side] as Side, size, choice.sample, options.seed));
  const size = picked.reduce((sum, { length }) => sum + length, 0);
  if (size * encoding.width > MAX_VALUES)
    throw new AuditError(
      'MLD_LIMIT',
      `${size} records of ${encoding.width} places are more than fit into memory`,
      'Take a smaller sample, or leave out categories of many values.',
    );
  const x = new Float32Array(size * encoding.width);
  const labels = picked.map(({ length }) => new Array<string | number>(length));
  const labelPlaces = picked.map(({ length }) => new Array<string>(length));
  const numbered = kindOf(facts.get(chosen.label) as ColumnFacts) === 'number';
  const attributes = chosen.attributes.map(
    (name) => [name, attributeBuilder(facts.get(name) as ColumnFacts, size)] as const,
  );
  const attributeOf = new Map(attributes);

  let first = 0;
  for (const [side, source] of sources.entries()) {
    const own = picked[side] as Uint32Array;
    const offset = first;
    const names = new Map(
      [...(chosen.indices[side] as ReadonlyMap<string, number>)].map(([name, i]) => [i, name]),
    );
    const found = await visitRows(source, own, new Set(names.keys()), (column, cell, index, place) => {
      const name = names.get(column) as string;
      const attribute = attributeOf.get(name);
      if (name === chosen.label) {
        (labels[side] as (string | number)[])[index] = numbered ? cellNumber(cell) : cellCategory(cell);
        (labelPlaces[side] as string[])[index] = `${place()}: column '${name}'`;
      } else if (attribute) attribute.set(offset + index, cell);
      else encoding.writers.get(name)?.(x, (offset + index) * encoding.width, cell, place);
    });
    if (found !== rows[side]) throw changed(source.path);
    first += own.length;
  }

  const others = (facts.get(chosen.label) as ColumnFacts).distinct;
  const { y, classes } = classIndices(labels, {
    ...(choice.classes && { classes: choice.classes }),
    ...(options.modelClasses && { modelClasses: options.modelClasses }),
    others,
    place: (side, index) => (labelPlaces[side] as string[])[index] as string,
  });
  const normalisation = normalised(options.normalisation, encoding.width);
  const data = createDataset({
    id: 'own',
    recordShape: [encoding.width],
    x,
    y: Int32Array.from(y.flatMap((each) => [...each])),
    classes,
    label: chosen.label,
    normalisation,
    ...(attributes.length > 0 && {
      attributes: Object.fromEntries(attributes.map(([name, builder]) => [name, builder.attribute()])),
    }),
    ...(encoding.oneHot.length > 0 && { oneHot: encoding.oneHot }),
    columns: encoding.columns,
  });
  const [members, nonMembers, auxiliary] = sources.map(
    ({ path, format }, side): OwnDataSide => ({ path, format, records: rows[side] as number }),
  ) as [OwnDataSide, OwnDataSide, OwnDataSide?];
  const count = (side: number) => picked[side]?.length ?? 0;
  return {
    data,
    sizes: { members: count(0), nonMembers: count(1), auxiliary: count(2) },
    sides: { members, nonMembers, ...(auxiliary && { auxiliary }) },
    notes: [...chosen.notes, ...encoding.notes],
    normalisation,
    origin: { rows: Uint32Array.from(picked.flatMap((each) => [...each])) },
  };
};

/** The facts of every column over all rows of all sides, and the rows of each. */
const surveyed = async (sources: readonly TableSource[], { label, indices }: ChosenColumns) => {
  const facts = new Map(
    [...(indices[0] as ReadonlyMap<string, number>).keys()].map((name) => [name, newFacts(name)]),
  );
  const rows: number[] = [];
  for (const [side, source] of sources.entries()) {
    const byIndex = new Map(
      [...(indices[side] as ReadonlyMap<string, number>)].map(([name, i]) => [
        i,
        facts.get(name) as ColumnFacts,
      ]),
    );
    const found = await source.scan(new Set(byIndex.keys()), (block) => {
      const column = byIndex.get(block.column) as ColumnFacts;
      collectFacts(column, block, column.name === label ? MAX_LABELS : MAX_CATEGORIES);
    });
    if (found === 0)
      throw invalid(
        `${source.path}: has no rows`,
        'Give at least one record; a meaningful audit needs hundreds.',
      );
    rows.push(found);
  }
  return { facts, rows };
};

/** @throws {AuditError} MLD_DATA_INVALID for labels that are missing, lists or too many, and for what is no attribute */
const checkOthers = ({ label, attributes }: ChosenColumns, facts: ReadonlyMap<string, ColumnFacts>): void => {
  checkLabel(facts.get(label) as ColumnFacts);
  for (const name of attributes) {
    const fault = attributeFault(facts.get(name) as ColumnFacts);
    if (fault)
      throw invalid(
        `column '${name}' ${fault}, so it can be no attribute`,
        'Complete it, or take it out of the attributes.',
      );
  }
};

const normalised = (given: OwnDataOptions['normalisation'], width: number): Normalisation => {
  const each = (name: 'mean' | 'std', usual: number): readonly number[] => {
    const values = given?.[name] ?? [usual];
    if (values.length === 1) return new Array<number>(width).fill(values[0] as number);
    if (values.length === width) return values;
    throw invalid(
      `${name} has ${values.length} numbers for records of ${width} places`,
      'Give one number, or one for each place.',
    );
  };
  return { scale: given?.scale ?? 1, mean: each('mean', 0), std: each('std', 1) };
};

const changed = (path: string): AuditError =>
  invalid(`${path}: changed while it was read`, 'Try again when nothing writes to the file.');

const invalid = (message: string, hint: string): AuditError =>
  new AuditError('MLD_DATA_INVALID', message, hint);
