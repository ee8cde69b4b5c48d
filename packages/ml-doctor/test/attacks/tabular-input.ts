/**
 * Tables with a planted model, for tests of attribute attacks that ask it: the model is a function of the values of a
 * row's columns, and everything else is put together as the program does it.
 */
import type { AttributeInput } from '../../src/attacks/attribute/attribute-attack.ts';
import { attributeEditor } from '../../src/data/attribute-places.ts';
import { batch, type Column, columnPlaces, createDataset, type Dataset } from '../../src/data/dataset.ts';
import { sensitiveOf } from '../../src/data/sensitive.ts';
import { IDENTITY } from '../../src/data/view-key.ts';
import type { Counted, Inputs, WhiteBoxAccess } from '../../src/targets/access.ts';
import { modelAccess } from '../../src/targets/model-access.ts';

export interface PlantedTable {
  readonly columns: readonly Column[];
  /** A value for each column: a number, or a category's index. */
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly classes: number;
  /** Attributes that stand beside the records. */
  readonly attributes?: Dataset['attributes'];
  /** The name of the one that is guessed. */
  readonly attribute: string;
  /** So many of the first rows are those whose attribute is known; the others are asked about. */
  readonly known: number;
  /** Logits. */
  readonly model: (values: readonly number[]) => readonly number[];
}

export interface PlantedInput {
  readonly input: AttributeInput<WhiteBoxAccess> & { readonly target: WhiteBoxAccess & Counted };
  /** The attribute of the records that are asked about. */
  readonly truth: readonly number[];
  /** Values of the columns of every row that the attack made and sent, call by call. */
  readonly sent: readonly (readonly (readonly number[])[])[];
}

// Of powers of two, so that what is normalised can be read back to the bit.
const [MEAN, STD] = [0.5, 2];

export const plantedInput = (table: PlantedTable): PlantedInput => {
  const { columns, rows, labels, classes, attributes, attribute, model } = table;
  const places = columnPlaces(columns);
  const length = places.reduce((sum, { width }) => sum + width, 0);
  const x = new Float32Array(rows.length * length);
  rows.forEach((row, i) => {
    row.forEach((value, c) => {
      const { first, width } = places[c]!;
      if (width > 1) x[i * length + first + value] = 1;
      else x[i * length + first] = value;
    });
  });
  const data = createDataset({
    id: 'planted',
    recordShape: [length],
    ...{ x, columns },
    y: Int32Array.from(labels),
    classes: Array.from({ length: classes }, (_, c) => `class ${c}`),
    normalisation: { scale: 1, mean: new Array(length).fill(MEAN), std: new Array(length).fill(STD) },
    oneHot: places.filter(({ width }) => width > 1),
    ...(attributes && { attributes }),
  });
  const sensitive = sensitiveOf(data, attribute);
  const editor = attributeEditor(data, sensitive);
  const sent: number[][][] = [];
  /** Fails on a row in which a category is not told by exactly one 1. */
  const columnsOf = (row: Float32Array): number[] =>
    places.map(({ first, width }, c) => {
      const own = Array.from(row.subarray(first, first + width), (v) => v * STD + MEAN);
      if (width === 1) return own[0]!;
      if (own.filter((v) => v === 1).length !== 1 || own.some((v) => v !== 0 && v !== 1))
        throw new Error(`column ${columns[c]!.name} was sent as ${own.join()}`);
      return own.indexOf(1);
    });
  const answer = ({ values, rows: count }: Inputs) => {
    const asked = Array.from({ length: count }, (_, i) =>
      columnsOf(values.subarray(i * length, (i + 1) * length)),
    );
    return { asked, logits: Float32Array.from(asked.flatMap((row) => [...model(row)])) };
  };
  const all = Uint32Array.from(rows, (_, i) => i);
  const { logits } = answer({ values: batch(data, all).x, rows: rows.length });
  const target = modelAccess({
    classes,
    saved: [{ view: IDENTITY, table: { ids: all, logits, classes } }],
    live: {
      get model(): never {
        throw new Error('the attack reached for the model');
      },
      answers: async (inputs: Inputs) => {
        const found = answer(inputs);
        sent.push(found.asked);
        return { logits: found.logits, classes };
      },
      lastLayer: async () => {
        throw new Error('the attack reached for gradients');
      },
    } as never,
  });
  const records = (ids: Uint32Array) => ({
    records: { ids, labels: Int32Array.from(ids, (id) => data.y[id]!) },
    rest: () => {
      const values = batch(data, ids).x;
      editor?.clear(values);
      return values;
    },
  });
  const [known, asked] = [all.slice(0, table.known), all.slice(table.known)];
  const of = Array.from(sensitive.values);
  const { name, kind, categories, inRecord } = sensitive;
  return {
    input: {
      target,
      attribute: { name, kind, inRecord, ...(categories && { categories }) },
      ...(!categories && { range: { min: Math.min(...of), max: Math.max(...of) } }),
      ...{ editor, recordShape: data.recordShape },
      known: { ...records(known), truth: sensitive.values.slice(0, table.known) },
      asked: records(asked),
    },
    truth: of.slice(table.known),
    sent,
  };
};
