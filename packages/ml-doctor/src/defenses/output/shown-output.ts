/** The answers of a model as an output defence shows them, as a graph: it runs behind any model and on any answers. */
import { Graph, ops, type Value } from 'onnx-grad';
import { largestClasses } from './largest-classes.ts';
import type { OutputForm } from './output-form.ts';

/** The least that the posterior of a class counts as. */
export const HIDDEN = 1e-12;

/** More decimal places than this would tell apart what all counts as {@link HIDDEN}. */
const MOST_DIGITS = 12;

/**
 * `x` `[N, classes]`, a model's logits or log posteriors -> `logits` `[N, classes]`: finite log posteriors of what is
 * shown. The class that the model predicts stays strictly the largest, as a service names it.
 *
 * Posteriors that are not shown, or shown as 0, count as equal shares of what the others leave of 1: what anybody makes
 * of them who sees the others. Counted as 0 they would vanish in the softmax that attacks take of these logits, and a
 * largest posterior of .6 that is shown alone would look like 1. No share is above what a posterior can be that is not
 * shown, nor any posterior below {@link HIDDEN}. So the softmax is what is shown, up to what rounding does to its sum.
 *
 * The label, and which classes are the k largest, are told by `x`, the first among equals, before anything is tempered
 * or rounded. Exact halves round up. Values of -Infinity are posteriors of 0; a row without a softmax (NaN, +Infinity,
 * nothing but -Infinity) is NaN throughout, so that no defence hides a model that broke.
 */
export const outputGraph = (classes: number, form: OutputForm): Graph => {
  checkForm(form);
  const graph = new Graph('output');
  const x = graph.input('x', 'float32', ['N', classes]);
  // In double precision: of a float32 posterior the seventh decimal place is noise.
  const number = (value: number) => graph.scalar(value, 'float64');
  const posteriors = tempered(ops.Cast(x, 'float64'), form.temperature ?? 1);
  const predicted = largestClasses(x, 1);
  const completed = complete(seen(posteriors, x, predicted, classes, form), form.digits);
  const floored = ops.Max(completed, number(HIDDEN));
  const logs = ops.Cast(ops.Log(floored), 'float32');
  const others = ops.Cast(
    ops.Log(ops.ReduceMax(ops.Where(predicted, number(HIDDEN), floored), [1])),
    'float32',
  );
  const named = ops.Where(predicted, ops.Max(logs, justAbove(others)), logs);
  // 0 where there is a softmax, NaN where there is none.
  const fault = ops.Cast(ops.Sub(posteriors, posteriors), 'float32');
  graph.output('logits', ops.Add(named, fault));
  return graph;
};

interface Seen {
  /** What is shown: a posterior, or 0. */
  readonly values: Value;
  /** Of which classes something is shown, be it 0. */
  readonly classes: Value;
}

const seen = (
  posteriors: Value,
  x: Value,
  predicted: Value,
  count: number,
  { shows, k = count, digits }: OutputForm,
): Seen => {
  if (shows === 'label') return { values: ops.Cast(predicted, 'float64'), classes: predicted };
  const values = digits === undefined ? posteriors : rounded(posteriors, digits);
  const classes = largestClasses(x, shows === 'posteriors' ? count : Math.min(k, count));
  return { values: ops.Where(classes, values, x.graph.scalar(0, 'float64')), classes };
};

/** Where there is a 0, a share of what is left of 1; none above the least that is shown, a rounded 0 being half a unit. */
const complete = ({ values, classes }: Seen, digits: number | undefined): Value => {
  const number = (value: number) => values.graph.scalar(value, 'float64');
  const visible = ops.Greater(values, number(0));
  const hidden = ops.ReduceSum(ops.Cast(ops.Not(visible), 'float64'), [1]);
  const share = ops.Div(ops.Sub(number(1), ops.ReduceSum(values, [1])), ops.Max(hidden, number(1)));
  const bounds = ops.Max(values, number(digits === undefined ? 0 : 0.5 / 10 ** digits));
  const most = ops.ReduceMin(ops.Where(classes, bounds, number(1)), [1]);
  return ops.Where(visible, values, ops.Min(share, most));
};

/** softmax(x / temperature). The largest is taken off first: divided by a small temperature it could be infinite. */
const tempered = (x: Value, temperature: number): Value => {
  const below = ops.Sub(x, ops.ReduceMax(x, [1]));
  const scaled = temperature === 1 ? below : ops.Div(below, x.graph.scalar(temperature, 'float64'));
  return ops.Softmax(scaled, { axis: 1 });
};

const rounded = (posteriors: Value, digits: number): Value => {
  const { graph } = posteriors;
  const unit = graph.scalar(10 ** digits, 'float64');
  return ops.Div(ops.Floor(ops.Add(ops.Mul(posteriors, unit), graph.scalar(0.5, 'float64'))), unit);
};

/**
 * The next float32 numbers, one or two of them: in a posterior p a difference of p |ln p| 2⁻²³ at most, which is less
 * than half a unit of the seventh decimal place.
 */
const justAbove = (logs: Value): Value => {
  const { graph } = logs;
  const step = ops.Max(ops.Mul(ops.Abs(logs), graph.scalar(2 ** -23)), graph.scalar(2 ** -30));
  return ops.Add(logs, step);
};

const checkForm = ({ shows, k, digits, temperature = 1 }: OutputForm): void => {
  const whole = (value: number, least: number) => Number.isSafeInteger(value) && value >= least;
  if (shows === 'top-k' && !(k !== undefined && whole(k, 1)))
    throw new Error(`internal: the ${k} largest posteriors`);
  if (digits !== undefined && !(whole(digits, 0) && digits <= MOST_DIGITS))
    throw new Error(`internal: ${digits} decimal places`);
  if (!(temperature > 0 && Number.isFinite(temperature)))
    throw new Error(`internal: temperature ${temperature}`);
};
