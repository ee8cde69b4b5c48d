/** Wrong weights, signs, branches and records in what defends a model. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const defending = (folder: string, file: string, test: string, list: readonly Edit[]) =>
  edits(`${OWN}/defenses/${folder}/${file}.ts`, [`${OWN}/defenses/${folder}/${test}.test.ts`], list);

export const defenses: readonly Mutation[] = [
  ...defending('distillation', 'distillation-loss', 'distillation-loss', [
    ['distillation: T for its square', 'temperature ** 2', 'temperature'],
    ['distillation: the weights swapped', 'k(1 - alpha)', 'k(alpha)'],
    [
      'distillation: a student that is not softened',
      'ops.Div(logits, k(temperature)), teacher',
      'logits, teacher',
    ],
    ['distillation: labels for answers', 'const [teacher, label]', 'const [label, teacher]'],
  ]),
  ...defending('distillation', 'distillation', 'distillation', [
    [
      'distillation: answers of other records',
      'subarray(position * classes, (position + 1) * classes)',
      'subarray(i * classes, (i + 1) * classes)',
    ],
    [
      'distillation: a teacher that is not softened',
      'ops.Softmax(ops.Div(logits, graph.scalar(temperature)))',
      'ops.Softmax(logits)',
    ],
  ]),
  ...defending('dropout', 'with-dropout', 'with-dropout', [
    ['dropout: the rates swapped', 'i === 0 ? input : hidden', 'i === 0 ? hidden : input'],
    ['dropout: the lower of two rates', 'rateOf(model, there) < rate', 'rateOf(model, there) > rate'],
  ]),
  ...defending('mixup-mmd', 'mmd-loss', 'mmd-loss', [
    [
      'mmd: once what lies between',
      'meanKernel(a, b), a.graph.scalar(2)',
      'meanKernel(a, b), a.graph.scalar(1)',
    ],
    ['mmd: samples driven apart', 'ops.Add(fit, ops.Mul(gap,', 'ops.Sub(fit, ops.Mul(gap,'],
    [
      'mmd: strangers are moved to members',
      'heldConstant(ops.Softmax(validation, { axis: 1 }))',
      'ops.Softmax(validation, { axis: 1 })',
    ],
    ['mmd: another width', 'ops.Mul(sums, k(0.5))', 'sums'],
  ]),
  ...defending('mixup-mmd', 'mixed-source', 'mixed-source', [
    [
      'mixup: labels of the one with the share of the other',
      'mixed(oneHot(y, data.classes.length), data.classes.length, partner, lambda)',
      'mixed(oneHot(y, data.classes.length), data.classes.length, partner, 1 - lambda)',
    ],
    [
      'mixup: strangers of any class',
      'validation[y[i] as number] as Uint32Array',
      'validation[i % validation.length] as Uint32Array',
    ],
  ]),
  ...defending('mixup-mmd', 'hold-out', 'mixed-source', [
    ['mixup: fitted to what is held out', '!apart.has(place)', 'place >= 0'],
  ]),
  ...defending('relax-loss', 'relaxed-loss', 'relaxed-loss', [
    ['relaxed loss: descent below the level', 'ops.GreaterOrEqual(mean,', 'ops.Less(mean,'],
    ['relaxed loss: ascent is descent', 'ops.Neg(entropy)', 'entropy'],
    [
      'relaxed loss: the epochs swapped',
      'ops.Where(odd, flattened, ops.Neg(entropy))',
      'ops.Where(odd, ops.Neg(entropy), flattened)',
    ],
    ['relaxed loss: what is left shared with the true class', '1 / (classes - 1)', '1 / classes'],
  ]),
  ...defending('relax-loss', 'relax-loss', 'relax-loss', [
    ['relaxed loss: never an odd epoch', '(at?.epoch ?? 0) % 2', '0 * (at?.epoch ?? 0)'],
  ]),
  ...defending('stacking', 'three-parts', 'three-parts', [
    [
      'stacking: parts overlap',
      'Math.floor((third * records.length) / 3)',
      'Math.floor((third * records.length) / 4)',
    ],
  ]),
  ...defending('stacking', 'stacking', 'stacking', [
    ['stacking: the forest sees the network’s part', 'records: parts.forest,', 'records: parts.network,'],
    [
      'stacking: the meta model sees the network’s members',
      'parts.meta, (record) => data.y[record]',
      'parts.network.subarray(0, parts.meta.length), (record) => data.y[record]',
    ],
  ]),
  ...defending('output', 'shown-output', 'shown-output', [
    ['output: one class more', 'Math.min(k, count)', 'Math.min(k + 1, count)'],
    ['output: rounded down', 'graph.scalar(0.5, ', 'graph.scalar(0, '],
    ['output: a share above what is shown', 'ops.Min(share, most)', 'share'],
    ['output: the softmax of logits times T', 'ops.Div(below,', 'ops.Mul(below,'],
    ['output: a model that broke looks whole', 'ops.Add(named, fault)', 'named'],
    ['output: the label is lost in ties', 'ops.Max(logs, justAbove(others))', 'logs'],
  ]),
  ...defending('output', 'largest-classes', 'shown-output', [
    ['output: all among equals', 'ops.And(equal, ops.LessOrEqual(nth as Value, left))', 'equal'],
  ]),
  ...defending('output', 'with-output', 'with-output', [
    [
      'output: an inner layer stays visible',
      'for (const name of [...graph.outputs.keys()]) graph.dropOutput(name);',
      "graph.dropOutput('logits');",
    ],
  ]),
  ...defending('output', 'defended-access', 'defended-access', [
    [
      'output: the largest of the bare answers',
      'topAnswers(await query(records), k)',
      'target.top(records, k)',
    ],
  ]),
];
