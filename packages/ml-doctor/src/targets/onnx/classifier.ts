/** An ONNX file that somebody else made, as a classifier in this house's form. */
import type { Graph } from 'onnx-grad';
import { countParameters, isDifferentiable } from './abilities.ts';
import { askedAnswers, askedColumns, checkWhole } from './asked.ts';
import { addLogits, columnsOf, fromRecords } from './canonical.ts';
import { findOutput } from './find-output.ts';
import type { InputLayout, OutputKind } from './form-words.ts';
import { findInput } from './input-layout.ts';
import { openBatch } from './open-batch.ts';
import { outputKind } from './output-kind.ts';
import { readGraph } from './read-graph.ts';
import { checkRecordsApart } from './records-apart.ts';

/** What has been found out or said about a file; plain data, so that the same file is read the same way again. */
export type ClassifierForm = {
  /** Where the channels of its input are, or `flat` for rows of numbers (whatever their shape). */
  readonly layout: InputLayout;
  readonly output: OutputKind;
  /** Name of the output in the file. */
  readonly outputName: string;
};

export interface Classifier {
  /** One input `x` float32 `[N, ...recordShape]` (channels first), one output `logits` float32 `[N, classes]` whose softmax is the posterior; any batch size. */
  readonly graph: Graph;
  readonly classes: number;
  /** Names of the classes, where the file has them (`ai.onnx.ml`). */
  readonly classNames?: readonly string[];
  readonly form: ClassifierForm;
  /** Whether weights and gradients can be had; a forest can only be asked. */
  readonly differentiable: boolean;
  /** Trainable numbers; null where they cannot be counted. */
  readonly parameters: number | null;
  /** For the report: what was assumed, as a layout, or that the file had a batch size of its own. */
  readonly notes: readonly string[];
}

export interface ClassifierOptions {
  /** Of the records, channels first: `[3, 32, 32]`, `[14]`. */
  readonly recordShape: readonly number[];
  /** What is not said is found out, of the graph first and of its answers to `probe` where that is not enough. */
  readonly form?: Partial<ClassifierForm>;
  /** A few records as the model receives them, `rows × record length`; 16 of them are asked at most. */
  readonly probe: { readonly values: Float32Array; readonly rows: number };
}

/**
 * What is found out is in `form`; with all of it given the same graph is made again, whatever the probe. Records of the
 * probe are still asked one by one and together, which can only refuse the file: a probe of no rows leaves that out.
 *
 * @param file name in messages
 * @throws {AuditError} MLD_MODEL_UNREADABLE for what is no ONNX model; MLD_MODEL_INPUT for several inputs, strings, or a shape
 *   that the records do not fit; MLD_MODEL_OUTPUT for what is no classifier, or cannot be told to be logits or probabilities; MLD_LIMIT
 */
export async function openClassifier(
  bytes: Uint8Array,
  file: string,
  { recordShape, form = {}, probe }: ClassifierOptions,
): Promise<Classifier> {
  const read = readGraph(bytes, file);
  const input = findInput(read, file, recordShape, form.layout);
  checkWhole(input.value, probe, file);
  const output = findOutput(read, file, form.outputName);
  const opened = openBatch(output.graph, file, input.dims);
  const { graph, answer } = fromRecords(opened.graph, input, recordShape);
  const columns = columnsOf(answer.shape, file) ?? (await askedColumns(graph, answer, recordShape, file));
  const answers = await askedAnswers(graph, answer, recordShape, probe, file, columns);
  const { kind, notes } = outputKind(answer, answers, file, form.output);
  addLogits(graph, answer, columns, kind);
  await checkRecordsApart(graph, recordShape, probe, kind, file);
  const classes = Math.max(2, columns);
  const { classNames } = output;
  return {
    graph,
    classes,
    ...(classNames?.length === classes && { classNames }),
    form: { layout: input.layout, output: kind, outputName: output.name },
    differentiable: isDifferentiable(graph),
    parameters: countParameters(graph),
    notes: [...input.notes, ...opened.notes, ...notes],
  };
}
