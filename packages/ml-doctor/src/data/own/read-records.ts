/** Own data of arrays and pictures: draws the sample of each side, and puts the sides together as one data set. */
import { AuditError } from '../../errors.ts';
import { createDataset, type Dataset, elements, type Normalisation } from '../dataset.ts';
import { loadDataset } from '../load-dataset.ts';
import { ownAttribute } from './attributes.ts';
import { checkValues } from './check-values.ts';
import { classIndices } from './classes.ts';
import { drawRows } from './draw-rows.ts';
import { channelsFirst, recordLayout } from './layout.ts';
import type { OwnData, OwnDataChoice, OwnDataOptions, OwnDataSide } from './own-data.ts';
import { openSource } from './sources/open-source.ts';
import {
  type RecordContent,
  type RecordForm,
  type RecordSource,
  SIDES,
  type Side,
} from './sources/source.ts';

/** Values in memory, in bytes; above it a sample is refused rather than the machine brought down. */
const MAX_BYTES = 2 ** 32;

interface OpenSide {
  readonly side: Side;
  readonly source: RecordSource;
  readonly rows: Uint32Array;
  readonly form: RecordForm;
  readonly recordShape: readonly number[];
  readonly move: boolean;
}

/** @throws {AuditError} as readOwnData, which hands it all that is no table */
export async function readRecords(choice: OwnDataChoice, options: OwnDataOptions): Promise<OwnData> {
  const sides = await openSides(choice, options);
  const [first] = sides as [OpenSide];
  const { recordShape } = first;
  checkShapes(sides);
  const size = sides.reduce((sum, { rows }) => sum + rows.length, 0);
  const length = elements(recordShape);
  const bytes = sides.every(({ form }) => form.bytes);
  if (size * length * (bytes ? 1 : 4) > MAX_BYTES) {
    throw new AuditError(
      'MLD_LIMIT',
      `${size} records of shape (${recordShape.join(', ')}) are ${size * length} values, more than fit into memory`,
      'Sample fewer records.',
    );
  }
  const normalisation = fullNormalisation(options.normalisation ?? {}, recordShape);
  const x = bytes ? new Uint8Array(size * length) : new Float32Array(size * length);
  const contents: RecordContent[] = [];
  let at = 0;
  for (const { source, rows, move } of sides) {
    options.signal?.throwIfAborted();
    const part = x.subarray(at, at + rows.length * length);
    const content = await source.read(rows, part);
    if (content.labels.length !== rows.length)
      throw new Error(`internal: labels of ${source.path} are missing`);
    if (move) channelsFirst(part, recordShape);
    contents.push(content);
    at += part.length;
  }
  checkValues(
    sides.map(({ source, rows }) => ({ path: source.path, rows })),
    x,
    recordShape,
  );
  const labels = sideLabels(choice, options, sides, contents);
  const data = createDataset({
    id: 'own',
    recordShape,
    x,
    y: Int32Array.from(labels.y.flatMap((part) => [...part])),
    classes: labels.classes,
    normalisation,
    ...commonParts(choice, sides, contents),
  });
  const sized = (side: Side) => sides.find((open) => open.side === side)?.rows.length ?? 0;
  return {
    data,
    sizes: { members: sized('members'), nonMembers: sized('nonMembers'), auxiliary: sized('auxiliary') },
    sides: Object.fromEntries(
      sides.map(({ side, source }) => [side, describe(source)]),
    ) as unknown as OwnData['sides'],
    notes: [
      ...new Set(
        sides.flatMap(({ source, move }) => [
          ...source.notes,
          ...(move && source.format === 'npz' ? [`${source.path}: channels taken to be last`] : []),
        ]),
      ),
    ],
    normalisation,
    origin: {
      rows: Uint32Array.from(
        sides.flatMap(({ source, rows }) => Array.from(rows, (row) => row + (source.firstRow ?? 0))),
      ),
    },
  };
}

const describe = ({ path, format, records }: RecordSource): OwnDataSide => ({ path, format, records });

async function openSides(choice: OwnDataChoice, options: OwnDataOptions): Promise<readonly OpenSide[]> {
  const { base, dataDir, dataCache, seed, signal } = options;
  const loading = {
    ...(dataDir !== undefined && { dataDir }),
    ...(dataCache !== undefined && { cache: dataCache }),
    ...(signal !== undefined && { signal }),
  };
  const loaded = new Map<string, Promise<Dataset>>();
  const load = (id: string) => {
    const found = loaded.get(id) ?? loadDataset(id, loading);
    loaded.set(id, found);
    return found;
  };
  const { label, attributes = [] } = choice;
  const sides: OpenSide[] = [];
  for (const side of SIDES) {
    const text = choice[side];
    if (text === undefined) continue;
    const source = await openSource(text, side, {
      ...{ base, attributes, load },
      ...(label !== undefined && { label }),
      ...(signal !== undefined && { signal }),
    });
    const rows = drawRows(side, source.records, choice.sample, seed);
    const form = await source.form(rows);
    sides.push({ side, source, rows, form, ...recordLayout(form, source.path, choice.layout) });
  }
  return sides;
}

function checkShapes(sides: readonly OpenSide[]): void {
  const [first] = sides as [OpenSide];
  const other = sides.find(({ recordShape }) => recordShape.join() !== first.recordShape.join());
  if (!other) return;
  const shape = ({ recordShape }: OpenSide) => `(${recordShape.join(', ')})`;
  throw new AuditError(
    'MLD_DATA_INVALID',
    `records of ${first.source.path} are of shape ${shape(first)}, those of ${other.source.path} of ${shape(other)} (channels first)`,
    'Prepare all sides in the same way.',
  );
}

/** One number stands for all channels. */
function fullNormalisation(
  { scale = 1, mean = [0], std = [1] }: NonNullable<OwnDataOptions['normalisation']>,
  recordShape: readonly number[],
): Normalisation {
  const channels = recordShape[0]!;
  const full = (values: readonly number[], name: string) => {
    if (values.length === channels) return values;
    if (values.length === 1) return new Array<number>(channels).fill(values[0]!);
    throw new AuditError(
      'MLD_DATA_INVALID',
      `${values.length} numbers of ${name} for records of shape (${recordShape.join(', ')})`,
      `Give one number, or one for each of the ${channels} ${recordShape.length === 1 ? 'columns' : 'channels'}.`,
    );
  };
  const found = { scale, mean: full(mean, 'mean'), std: full(std, 'std') };
  if ([scale, ...found.mean, ...found.std].every(Number.isFinite) && found.std.every((value) => value > 0))
    return found;
  throw new AuditError(
    'MLD_DATA_INVALID',
    `normalisation by scale ${scale}, mean ${mean.join(', ')}, std ${std.join(', ')}`,
    'Give finite numbers, and deviations (std) above 0.',
  );
}

/** Labels of the catalogue are numbers of its classes; they count by name where the names given are the same ones. */
function sideLabels(
  choice: OwnDataChoice,
  options: OwnDataOptions,
  sides: readonly OpenSide[],
  contents: readonly RecordContent[],
) {
  const given = choice.classes ?? options.modelClasses;
  const known = sides.find(({ source }) => source.classes)?.source.classes;
  const labels = contents.map((content, i) => {
    const names = sides[i]!.source.classes;
    if (!names?.every((name) => (given ?? known!).includes(name))) return content.labels;
    return content.labels.map((label) => names[label as number]!);
  });
  const modelClasses = options.modelClasses ?? known;
  return classIndices(labels, {
    ...(choice.classes && { classes: choice.classes }),
    ...(modelClasses && { modelClasses }),
    others: contents.flatMap(({ others }) => [...others]),
    place: (side, index) => {
      const { source, rows } = sides[side]!;
      return `${source.path}: row ${rows[index]! + (source.firstRow ?? 0)} (from 0)`;
    },
  });
}

/** Attributes; and, where all sides come from one data set of the catalogue, what is known of its columns. */
function commonParts(
  choice: OwnDataChoice,
  sides: readonly OpenSide[],
  contents: readonly RecordContent[],
): Pick<Dataset, 'attributes' | 'oneHot' | 'columns' | 'label'> {
  const [first] = sides as [OpenSide];
  const { dataset } = first.source;
  if (!dataset || sides.some(({ source }) => source.dataset !== dataset)) {
    const names = choice.attributes ?? [];
    if (names.length === 0) return {};
    const joined = names.map((name) => [
      name,
      ownAttribute(
        name,
        contents.flatMap(({ attributes }) => attributes[name]!),
      ),
    ]);
    return { attributes: Object.fromEntries(joined) };
  }
  const { oneHot, columns, label, attributes = {} } = dataset;
  const rows = sides.flatMap(({ source, rows }) => Array.from(rows, (row) => row + source.firstRow!));
  const names = choice.attributes ?? Object.keys(attributes);
  const taken = names.map((name) => {
    const { values, ...rest } = attributes[name]!;
    const picked =
      values instanceof Int32Array
        ? Int32Array.from(rows, (row) => values[row]!)
        : Float32Array.from(rows, (row) => values[row]!);
    return [name, { ...rest, values: picked }] as const;
  });
  return {
    ...(taken.length > 0 && { attributes: Object.fromEntries(taken) }),
    ...(oneHot && { oneHot }),
    ...(columns && { columns }),
    ...(label !== undefined && { label }),
  };
}
