/** How records go into a model's input: told from the shape of the input, the records' shape and the first operators. */
import type { Graph, Value } from 'onnx-grad';
import { elements } from '../../data/dataset.ts';
import { AuditError } from '../../errors.ts';
import type { InputLayout } from './form-words.ts';

/** The input of a model as it is now fed. */
export interface FoundInput {
  readonly value: Value;
  readonly layout: InputLayout;
  /** Of one record, in the file's own order. */
  readonly dims: readonly number[];
  readonly notes: readonly string[];
}

const ONE_INPUT =
  'Export the model with one float input that holds the whole record (PyTorch: a forward with one tensor; skl2onnx: ' +
  "initial_types=[('x', FloatTensorType([None, columns]))]).";

/** Types that a Cast from float32 leads to without loss, for values that they can hold. */
const CASTABLE = /^(float|bfloat|u?int)\d+$/;

/** @throws {AuditError} MLD_MODEL_INPUT */
export function findInput(
  graph: Graph,
  file: string,
  recordShape: readonly number[],
  declared?: InputLayout,
): FoundInput {
  const value = onlyInput(graph, file);
  const shape = value.shape ?? [];
  const refuse = (what: string, hint: string) =>
    new AuditError('MLD_MODEL_INPUT', `'${file}': its input '${value.name}' ${what}`, hint);
  const records = `records of shape [${recordShape.join(', ')}]`;
  const fits = possibleLayouts(shape.slice(1), recordShape);
  if (fits.size === 0)
    throw refuse(
      `has shape [${shape.join(', ')}], the data has ${records}`,
      'The first size must be that of the batch, the others those of one record; give the data in the shape that the model was trained on.',
    );
  if (declared !== undefined) {
    const dims = fits.get(declared);
    if (!dims)
      throw refuse(
        `of shape [${shape.join(', ')}] does not take ${records} in the layout '${declared}'`,
        `Say ${[...fits.keys()].map((layout) => `'${layout}'`).join(' or ')}, or leave the layout out.`,
      );
    return { value, layout: declared, dims, notes: [] };
  }
  const layout =
    fits.size === 1 ? [...fits.keys()][0] : (plainLayout(fits, recordShape) ?? told(graph, value, fits));
  if (layout === undefined)
    throw refuse(
      `of shape [${shape.join(', ')}] takes ${records} in more than one order`,
      fits.has('flat')
        ? "Say the layout: 'nchw' where its numbers stand channel after channel (PyTorch), 'nhwc' where pixel after pixel (Keras)."
        : "Say the layout: 'nchw' for channels first, 'nhwc' for channels last.",
    );
  return {
    value,
    layout,
    dims: fits.get(layout) as readonly number[],
    notes: notesOn(layout, fits.get(layout), recordShape),
  };
}

function onlyInput(graph: Graph, file: string): Value {
  const [value, ...others] = graph.inputs;
  if (!value || others.length > 0)
    throw new AuditError(
      'MLD_MODEL_INPUT',
      `'${file}' has ${graph.inputs.length} inputs${value ? ` (${graph.inputs.map(({ name }) => name).join(', ')})` : ''}; one is needed`,
      ONE_INPUT,
    );
  if (!CASTABLE.test(value.dtype))
    throw new AuditError(
      'MLD_MODEL_INPUT',
      `'${file}': its input '${value.name}' takes ${value.dtype} values; records are numbers`,
      ONE_INPUT,
    );
  return value;
}

type Dims = readonly (number | string)[];

/** Each layout that fits, with the sizes of the input in it; open sizes take what is needed. */
function possibleLayouts(dims: Dims, recordShape: readonly number[]): Map<InputLayout, readonly number[]> {
  const found = new Map<InputLayout, readonly number[]>();
  const [channels, height, width] = recordShape;
  const picture = recordShape.length === 3;
  const channelsLast = [height, width, channels] as number[];
  if (picture && matches(dims, recordShape)) found.set('nchw', recordShape);
  if (picture && matches(dims, channelsLast)) found.set('nhwc', channelsLast);
  if (found.size > 0) return found;
  const flat = matches(dims, recordShape) ? recordShape : filled(dims, elements(recordShape));
  if (!flat) return found;
  found.set('flat', flat);
  // Flattened pictures: in rows of channels, or of pixels.
  if (picture) found.set('nchw', flat).set('nhwc', flat);
  return found;
}

const matches = (dims: Dims, wanted: readonly number[]): boolean =>
  dims.length === wanted.length && dims.every((dim, i) => typeof dim === 'string' || dim === wanted[i]);

/** The sizes with at most one open one worked out, so that they hold `count` numbers. */
function filled(dims: Dims, count: number): readonly number[] | undefined {
  const open = dims.filter((dim) => typeof dim === 'string').length;
  const known = dims.reduce<number>((product, dim) => product * (typeof dim === 'number' ? dim : 1), 1);
  if (dims.length === 0 || open > 1 || known === 0 || count % known !== 0) return undefined;
  if (open === 0 && known !== count) return undefined;
  return dims.map((dim) => (typeof dim === 'number' ? dim : count / known));
}

/** For pictures in an input of another shape: which order it is, where only one makes sense. */
function plainLayout(
  fits: ReadonlyMap<InputLayout, readonly number[]>,
  [channels, height, width]: readonly number[],
): InputLayout | undefined {
  const dims = fits.get('flat');
  if (!dims) return undefined;
  const pixels = (height as number) * (width as number);
  if (channels === 1 || pixels === 1) return 'flat';
  if (dims.length > 1 && channels !== pixels) {
    if (dims[0] === channels) return 'flat';
    if (dims.at(-1) === channels && dims.length === 2) return 'nhwc';
  }
  return undefined;
}

/** Operators that leave every axis where it is. */
const IN_PLACE = new Set(['Add', 'Sub', 'Mul', 'Div', 'Cast', 'Identity', 'Clip', 'Neg']);
const CHANNELS_SECOND = new Set([
  'Conv',
  'MaxPool',
  'AveragePool',
  'BatchNormalization',
  'InstanceNormalization',
]);

/** By the first operator that treats the axes of the input differently. */
function told(
  graph: Graph,
  input: Value,
  fits: ReadonlyMap<InputLayout, readonly number[]>,
): InputLayout | undefined {
  if (fits.has('flat')) return undefined;
  const reached = new Set<Value>([input]);
  for (const node of graph.nodes) {
    if (!node.inputs[0] || !node.inputs.some((value) => value && reached.has(value))) continue;
    if (CHANNELS_SECOND.has(node.op)) return 'nchw';
    if (node.op === 'Transpose') {
      const perm = String(node.attributes.perm);
      return perm === '0,3,1,2' ? 'nhwc' : perm === '0,2,3,1' ? 'nchw' : undefined;
    }
    if (!IN_PLACE.has(node.op)) return undefined;
    for (const output of node.outputs) reached.add(output);
  }
  return undefined;
}

function notesOn(
  layout: InputLayout,
  dims: readonly number[] | undefined,
  recordShape: readonly number[],
): readonly string[] {
  if (layout === 'nchw') return ['The input takes pictures with channels first, as its shape says.'];
  if (layout === 'nhwc') return ['The input takes pictures with channels last, as its shape says.'];
  return dims?.join() === recordShape.join()
    ? []
    : [`Records of shape [${recordShape.join(', ')}] go into the input in rows, as [${dims?.join(', ')}].`];
}
