/** Which of a model's outputs are its answers, and the names of the classes where the file has them. */
import { dropZipMap, type Graph, type Node, type Value } from 'onnx-grad';
import { AuditError } from '../../errors.ts';
import { lastOperator } from './last-operator.ts';
import { asUnreadable } from './read-graph.ts';

export interface FoundOutput {
  /** The file's graph without ZipMap and without its other outputs. */
  readonly graph: Graph;
  readonly name: string;
  /** As many as classes, if they are the answers' own; checked by the caller who knows how many there are. */
  readonly classNames?: readonly string[];
}

/** @throws {AuditError} MLD_MODEL_OUTPUT */
export function findOutput(decoded: Graph, file: string, wanted?: string): FoundOutput {
  const { graph, classes: zipped } = asUnreadable(file, () => dropZipMap(decoded));
  const name = wanted ?? theAnswers(graph, file, zipped);
  const value = graph.outputs.get(name);
  if (!value)
    throw new AuditError(
      'MLD_MODEL_OUTPUT',
      `'${file}' has no output '${name}'`,
      `It has ${[...graph.outputs.keys()].join(', ')}.`,
    );
  if (!isFloat(value))
    throw new AuditError(
      'MLD_MODEL_OUTPUT',
      `'${file}': its output '${name}' holds ${value.dtype} values: labels, not probabilities or logits`,
      'Name the output with the probabilities, or export the model with them (scikit-learn: a classifier with predict_proba).',
    );
  for (const other of [...graph.outputs.keys()]) if (other !== name) graph.dropOutput(other);
  const classNames = zipped.get(name)?.map(String) ?? ownClasses(value);
  return { graph, name, ...(classNames && { classNames }) };
}

const isFloat = ({ dtype }: Value): boolean => /^b?float/.test(dtype);

function theAnswers(graph: Graph, file: string, zipped: ReadonlyMap<string, unknown>): string {
  const floats = [...graph.outputs].filter(([, value]) => isFloat(value));
  const listed = floats.filter(([name]) => zipped.has(name));
  const candidates = listed.length > 0 ? listed : floats.filter(([, { shape }]) => mayBeAnswers(shape));
  // An inner value that is given out as well (features, logits beside probabilities) is not the answer.
  const last = candidates.filter(
    ([, value]) => !candidates.some(([, other]) => other !== value && dependsOn(other, value)),
  );
  const distinct = last.filter(([, value], i) => last.findIndex(([, other]) => other === value) === i);
  const [only, ...more] = distinct;
  if (only && more.length === 0) return only[0];
  const outputs = [...graph.outputs].map(
    ([name, { dtype, shape }]) => `${name} (${dtype} [${shape?.join(', ') ?? 'unknown'}])`,
  );
  throw new AuditError(
    'MLD_MODEL_OUTPUT',
    only
      ? `'${file}' has several outputs that may be its answers: ${outputs.join(', ')}`
      : `'${file}' has no output with a row of numbers per record: ${outputs.join(', ') || 'none at all'}`,
    only
      ? 'Name the one with the probabilities or logits of the classes.'
      : 'Export the model with its probabilities or logits as an output.',
  );
}

/** A row per record, of one number or one per class; further axes of one place do no harm. */
const mayBeAnswers = (shape: Value['shape']): boolean =>
  shape === undefined || (shape.length >= 1 && shape.slice(1).filter((dim) => dim !== 1).length <= 1);

function dependsOn(value: Value, on: Value): boolean {
  const seen = new Set<Value>([value]);
  for (const at of seen) for (const input of at.node?.inputs ?? []) if (input) seen.add(input);
  return seen.has(on);
}

/** The list that a classifier operator carries; a pipeline's scores may come a few operators after it. */
function ownClasses(answer: Value): readonly string[] | undefined {
  const last = lastOperator(answer);
  const before = last?.op === 'Normalizer' ? last.inputs[0]?.node : last;
  return before && labelsOf(before);
}

function labelsOf({ domain, opaque }: Node): readonly string[] | undefined {
  if (domain !== 'ai.onnx.ml') return undefined;
  for (const { name, strings, ints } of opaque ?? []) {
    if (/^classlabels_strings$/.test(name) && strings.length > 0)
      return strings.map((bytes) => new TextDecoder().decode(bytes));
    if (/^classlabels_(int64s|ints)$/.test(name) && ints.length > 0) return ints.map(String);
  }
  return undefined;
}
