/** Whether answers are logits, probabilities or their logarithms: told by the last operator, else by the answers. */
import type { Node, Value } from 'onnx-grad';
import { AuditError } from '../../errors.ts';
import type { OutputKind } from './form-words.ts';
import { lastOperator, textAttribute } from './last-operator.ts';

/** What the file answered for the probe, row-major. */
export interface Answers {
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

export interface FoundKind {
  readonly kind: OutputKind;
  readonly notes: readonly string[];
}

/** Rounding in the file's own sums. */
const CLOSE = 1e-3;
/** Rounding beyond the ends of a range. */
const SLACK = 1e-6;

const SAY = "Say what they are: 'logits', 'probabilities' or 'log-probabilities'.";

/** @throws {AuditError} MLD_MODEL_OUTPUT where it cannot be told, or what is declared cannot be */
export function outputKind(answer: Value, answers: Answers, file: string, declared?: OutputKind): FoundKind {
  const last = lastOperator(answer);
  const refuse = (what: string, hint: string) =>
    new AuditError('MLD_MODEL_OUTPUT', `'${file}': ${what}`, hint);
  if (answers.values.some(Number.isNaN))
    throw refuse('it answers NaN', 'Check that records are scaled as the model expects them.');
  if (last?.op === 'Softmax' && answers.columns === 1)
    throw refuse(
      'its last Softmax is over a single number, which makes every answer 1',
      'Export the model with one column per class, or with a Sigmoid.',
    );
  if (declared !== undefined) {
    const fault = contradiction(declared, last, answers);
    if (fault) throw refuse(fault, 'Leave the kind of output out, or correct it.');
    return { kind: declared, notes: sumsNote(declared, answers) };
  }
  const operator = last && byOperator(last, answers.columns);
  if (last && operator) {
    const fault = contradiction(operator, last, answers);
    if (fault || (operator === 'probabilities' && !sumToOne(answers, (p) => p)))
      throw refuse(
        fault ?? `its last ${last.op} gives numbers that do not add up to 1 over the classes`,
        SAY,
      );
    return {
      kind: operator,
      notes: [`The answers are ${operator}, as the last operator (${last.op}) says.`],
    };
  }
  const kind = byAnswers(answers);
  if (!kind)
    throw refuse(
      answers.rows === 0
        ? 'whether its answers are logits or probabilities is not known'
        : `its answers lie between 0 and 1 ${answers.columns === 1 ? 'and may be logits as well as probabilities' : 'but do not add up to 1 over the classes'}${last ? ` (the last operator is ${last.op})` : ''}`,
      answers.columns === 1
        ? SAY
        : `${SAY} A model that gives several labels to one record is not a classifier to audit here.`,
    );
  return { kind, notes: [`The answers are ${kind}, as ${answers.rows} of them show.`] };
}

function byOperator(last: Node, columns: number): OutputKind | undefined {
  if (last.op === 'Softmax') return 'probabilities';
  if (last.op === 'LogSoftmax') return 'log-probabilities';
  if (last.op === 'Sigmoid') return columns === 1 ? 'probabilities' : undefined;
  if (last.domain !== 'ai.onnx.ml') return undefined;
  if (last.op === 'Normalizer') return textAttribute(last, 'norm') === 'L1' ? 'probabilities' : undefined;
  if (!last.op.endsWith('Classifier')) return undefined;
  // Of an SVM the operator says what is done to decision values; fitted probabilities are left as they are.
  return /^(SOFTMAX|LOGISTIC)$/.test(textAttribute(last, 'post_transform') ?? '') &&
    last.op !== 'SVMClassifier'
    ? 'probabilities'
    : undefined;
}

function byAnswers(answers: Answers): OutputKind | undefined {
  const { values, rows, columns } = answers;
  if (rows === 0) return undefined;
  const unit = within(values, 0, 1);
  if (columns === 1) return unit ? undefined : 'logits';
  if (unit) return sumToOne(answers, (p) => p) ? 'probabilities' : undefined;
  return within(values, Number.NEGATIVE_INFINITY, 0) && sumToOne(answers, Math.exp)
    ? 'log-probabilities'
    : 'logits';
}

function contradiction(kind: OutputKind, last: Node | undefined, answers: Answers): string | undefined {
  const { values, rows } = answers;
  if (kind === 'logits') {
    if (last?.op === 'Softmax' || last?.op === 'LogSoftmax')
      return `its answers are declared logits, but its last operator is ${last.op}`;
    return rows > 0 && byAnswers(answers) === 'probabilities'
      ? 'its answers are declared logits, but they lie between 0 and 1 and add up to 1'
      : undefined;
  }
  const top = kind === 'probabilities' ? 1 : 0;
  const low = kind === 'probabilities' ? 0 : Number.NEGATIVE_INFINITY;
  return within(values, low, top)
    ? undefined
    : `its answers would be ${kind}, but they are not all ${kind === 'probabilities' ? 'between 0 and 1' : 'at most 0'}`;
}

const sumsNote = (kind: OutputKind, answers: Answers): readonly string[] =>
  kind === 'probabilities' && answers.columns > 1 && !sumToOne(answers, (p) => p)
    ? ['The probabilities of a record do not add up to 1 and are divided by their sum.']
    : [];

const within = (values: Float32Array, low: number, high: number): boolean =>
  values.every((value) => value >= low - SLACK && value <= high + SLACK);

function sumToOne({ values, rows, columns }: Answers, share: (value: number) => number): boolean {
  if (columns === 1) return true;
  for (let i = 0; i < rows; i++) {
    const row = values.subarray(i * columns, (i + 1) * columns);
    const sum = row.reduce((total, value) => total + share(value), 0);
    if (!(Math.abs(sum - 1) <= CLOSE)) return false;
  }
  return true;
}
