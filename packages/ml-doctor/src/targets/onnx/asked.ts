/** What a model has to be asked to be understood: how wide its answers are, and what they look like. */
import { copyGraph, type Graph, ops, type Value } from 'onnx-grad';
import { elements } from '../../data/dataset.ts';
import { AuditError } from '../../errors.ts';
import { type Asked, ask, type Rows } from './ask.ts';
import { columnsOf, RAW } from './canonical.ts';
import type { Answers } from './output-kind.ts';

const PROBED = 16;

/** Columns of answers whose shape the file leaves open, from those to records of zeros. */
export async function askedColumns(
  graph: Graph,
  answer: Value,
  recordShape: readonly number[],
  file: string,
): Promise<number> {
  const rows = 3;
  const values = new Float32Array(rows * elements(recordShape));
  const { dims } = await askRaw(graph, answer, recordShape, { values, rows }, file);
  return columnsOf(dims, file) as number;
}

/** The first records of the probe, asked as the file stands. */
export async function askedAnswers(
  graph: Graph,
  answer: Value,
  recordShape: readonly number[],
  probe: Rows,
  file: string,
  columns: number,
): Promise<Answers> {
  const rows = Math.min(PROBED, probe.rows);
  if (rows === 0) return { values: new Float32Array(0), rows, columns };
  const values = probe.values.subarray(0, rows * elements(recordShape));
  const asked = await askRaw(graph, answer, recordShape, { values, rows }, file);
  if (asked.values.length !== rows * columns)
    throw new AuditError(
      'MLD_MODEL_OUTPUT',
      `'${file}' answers ${rows} records with [${asked.dims.join(', ')}] where ${columns} numbers a record were expected`,
      'Export the model again: the shape it declares is not that of its answers.',
    );
  return { values: asked.values, rows, columns };
}

async function askRaw(
  graph: Graph,
  answer: Value,
  recordShape: readonly number[],
  probe: Rows,
  file: string,
): Promise<Asked> {
  const copy = copyGraphTo(graph, answer);
  const [asked] = await ask(copy, RAW, recordShape, [probe], file);
  return asked as Asked;
}

/** The graph itself goes on being built and must not get an output for this. */
function copyGraphTo(graph: Graph, answer: Value): Graph {
  graph.output(RAW, answer);
  const copy = copyGraph(graph);
  graph.dropOutput(RAW);
  const raw = copy.outputs.get(RAW) as Value;
  if (raw.dtype !== 'float32') copy.output(RAW, ops.Cast(raw, 'float32'));
  return copy;
}

const WHOLE = /^u?int/;

/** Numbers that a model of whole numbers would cut off would make its answers wrong. */
export function checkWhole(input: Value, probe: Rows, file: string): void {
  if (!WHOLE.test(input.dtype)) return;
  const broken = probe.values.find((value) => !Number.isInteger(value));
  if (broken !== undefined)
    throw new AuditError(
      'MLD_MODEL_INPUT',
      `'${file}': its input '${input.name}' takes whole numbers (${input.dtype}), but records hold ${broken}`,
      'Give the raw values (scale 1, mean 0, std 1), or export the model with a float input.',
    );
}
