/** A found model between an input `x` of records and rows of answers, and these turned into logits. */
import { copyInto, Graph, ops, type Shape, type Value } from 'onnx-grad';
import { AuditError } from '../../errors.ts';
import type { OutputKind } from './form-words.ts';
import type { FoundInput } from './input-layout.ts';
import { lastOperator } from './last-operator.ts';

/** Name of the answers as the file gives them, while they are looked at. */
export const RAW = 'raw';

/**
 * @param model of one input and one output, open to any batch size
 * @returns a graph without outputs, of an input `x` `[N, ...recordShape]`, and in it what the model's output became
 */
export function fromRecords(
  model: Graph,
  { layout, dims }: Pick<FoundInput, 'layout' | 'dims'>,
  recordShape: readonly number[],
): { readonly graph: Graph; readonly answer: Value } {
  const graph = new Graph(model.name);
  const x = graph.input('x', 'float32', ['N', ...recordShape]);
  const [input] = model.inputs;
  const [output] = model.outputs.values();
  if (!input || !output) throw new Error('internal: a model without input or output');
  let fed: Value = layout === 'nhwc' ? ops.Transpose(x, [0, 2, 3, 1]) : x;
  if (fed.shape?.slice(1).join() !== dims.join()) fed = ops.Reshape(fed, [0, ...dims]);
  if (input.dtype !== 'float32') fed = ops.Cast(fed, input.dtype);
  const answer = copyInto(graph, model, { bindings: new Map([[input, fed]]) }).get(output);
  if (!answer) throw new Error('internal: the output was not copied');
  return { graph, answer };
}

/** Columns of answers of this shape, or undefined where the shape does not say. */
export function columnsOf(shape: Shape | undefined, file: string): number | undefined {
  if (!shape) return undefined;
  const sized = shape.slice(1).filter((dim) => dim !== 1);
  if (shape.length === 0 || sized.length > 1)
    throw new AuditError(
      'MLD_MODEL_OUTPUT',
      `'${file}': its answers have shape [${shape.join(', ')}], not one row of classes per record`,
      'Name another output, or export the classifier with one row of probabilities or logits per record.',
    );
  const columns = sized[0] ?? 1;
  return typeof columns === 'number' ? columns : undefined;
}

/** The answers as `[N, columns]`. */
function rows(value: Value, columns: number): Value {
  if (value.shape?.length === 2 && value.shape[1] === columns) return value;
  return ops.Reshape(value, [value.shape && value.shape.length > 1 ? 0 : -1, columns]);
}

/** Appends the output `logits`: float32 `[N, classes]`, whose softmax is what the file answers. */
export function addLogits(graph: Graph, answer: Value, columns: number, kind: OutputKind): void {
  const inner = kind === 'logits' ? undefined : beforeSquashing(answer, columns);
  const found = rows(inner ?? answer, columns);
  const log = inner ? 'logits' : kind;
  const logits =
    columns === 1 ? twoColumns(found, log) : log === 'probabilities' ? ops.Log(clamped(found)) : found;
  graph.output('logits', logits.dtype === 'float32' ? logits : ops.Cast(logits, 'float32'));
}

/**
 * What a last Softmax or LogSoftmax, or Sigmoid of one column, was given: the logits themselves, which say more than the
 * logarithm of probabilities rounded to 0 or 1, and come from the last layer with weights.
 */
function beforeSquashing(answer: Value, columns: number): Value | undefined {
  const last = lastOperator(answer);
  const [before] = last?.inputs ?? [];
  if (!last || !before?.shape) return undefined;
  if (last.op === 'Sigmoid') return columns === 1 ? before : undefined;
  if (!/^(Log)?Softmax$/.test(last.op) || columns === 1) return undefined;
  const { shape } = before;
  const axis = Number(last.attributes.axis ?? -1);
  const at = axis < 0 ? axis + shape.length : axis;
  const alone = shape.every((dim, i) => i === 0 || (i === at ? dim === columns : dim === 1));
  return alone && at > 0 ? before : undefined;
}

/** Sums of many leaves may lie a rounding beyond 0 or 1, where logarithms end. */
const clamped = (p: Value): Value => {
  const number = (value: number) => p.graph.scalar(value, p.dtype as 'float32');
  return ops.Min(ops.Max(p, number(0)), number(1));
};

/** Logits of the second class alone become those of both; a probability or its logarithm, both logarithms. */
function twoColumns(second: Value, kind: OutputKind): Value {
  if (kind === 'logits') return ops.Concat([ops.Sub(second, second), second], 1);
  const probability = clamped(kind === 'probabilities' ? second : ops.Exp(second));
  const one = second.graph.scalar(1, probability.dtype === 'float64' ? 'float64' : 'float32');
  const wide = probability.dtype === 'float16' ? ops.Cast(probability, 'float32') : probability;
  const other = ops.Log(ops.Sub(one, wide));
  return ops.Concat([other, kind === 'probabilities' ? ops.Log(wide) : second], 1);
}
