/** Models that others made or run: answers of another kind, another class or another record than they are taken for. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const TARGETS = `${OWN}/targets`;

const onnx = (file: string, test: string, list: readonly Edit[]) =>
  edits(`${TARGETS}/onnx/${file}.ts`, [`${TARGETS}/onnx/${test}.test.ts`], list);

const http = (file: string, test: string, list: readonly Edit[]) =>
  edits(`${TARGETS}/http/${file}.ts`, [`packages/ml-doctor/test/http/${test}.test.ts`], list);

const target = (file: string, list: readonly Edit[]) =>
  edits(`${TARGETS}/${file}.ts`, [`${TARGETS}/${file}.test.ts`], list);

export const targets: readonly Mutation[] = [
  ...onnx('canonical', 'classifier', [
    ['onnx: axes of a picture moved the wrong way', '[0, 2, 3, 1]', '[0, 3, 1, 2]'],
    [
      'onnx: a single logit is that of the first class',
      'ops.Concat([ops.Sub(second, second), second], 1)',
      'ops.Concat([second, ops.Sub(second, second)], 1)',
    ],
    [
      'onnx: a single probability is that of the first class',
      "ops.Concat([other, kind === 'probabilities' ? ops.Log(wide) : second], 1)",
      "ops.Concat([kind === 'probabilities' ? ops.Log(wide) : second, other], 1)",
    ],
    [
      'onnx: probabilities taken for logits',
      "log === 'probabilities' ? ops.Log(clamped(found)) : found",
      'found',
    ],
  ]),
  ...onnx('output-kind', 'classifier', [
    [
      'onnx: numbers from 0 to 1 are probabilities whatever their sum',
      "if (unit) return sumToOne(answers, (p) => p) ? 'probabilities' : undefined;",
      "if (unit) return 'probabilities';",
    ],
    [
      'onnx: a number from 0 to 1 is a logit',
      "if (columns === 1) return unit ? undefined : 'logits';",
      "if (columns === 1) return 'logits';",
    ],
  ]),
  ...onnx('records-apart', 'classifier', [
    [
      'onnx: answers that depend on the batch',
      'values.length !== inBatch.length || !sameAnswer(values, inBatch, kind)',
      'values.length !== inBatch.length',
    ],
  ]),
  ...onnx('check-scaling', 'check-scaling', [
    [
      'scaling: all records for those that one of both gets right',
      'binomialAtLeast(onlyOther, onlyOther + onlyDeclared, 0.5)',
      'binomialAtLeast(onlyOther, asked.length, 0.5)',
    ],
    ['scaling: not corrected for the number tried', 'chance * others.length', 'chance'],
    ['scaling: any gain stops a run', 'right - known >= LEAST_GAIN * asked.length', 'right - known >= 0'],
    [
      'scaling: the first that is better, not the best',
      '(best && best.right >= one.right ? best : one)',
      '(best ?? one)',
    ],
    ['scaling: the first records asked about', 'Math.floor((i * records.length) / most)', 'i'],
  ]),
  ...onnx('standard-scalings', 'check-scaling', [
    ["scaling: the data's deviation in other units", '(std > 0 ? std * scale : 1)', '(std > 0 ? std : 1)'],
  ]),
  ...http('read-rows', 'protocols', [
    ['endpoint: scores in the order of the answer', 'row[places[i] as number] = score;', 'row[i] = score;'],
    [
      'endpoint: a number is a place where classes are numbers',
      'prefix !== undefined || !classes.every((name) => /^\\d+$/.test(name)) ? Number(place) : undefined',
      'Number(place)',
    ],
    [
      'endpoint: flat numbers class after class',
      'value.slice(i * width, (i + 1) * width)',
      'value.filter((_, k) => k % rows === i)',
    ],
  ]),
  ...http('log-row', 'protocols', [
    [
      'endpoint: what is not shown counts as what is least shown',
      'Math.min(share, ...shown)',
      'Math.min(...shown)',
    ],
    ['endpoint: what is shown scaled to sum 1', 'whole ? sum : Math.max(1, sum)', 'sum'],
  ]),
  ...http('records', 'protocols', [
    [
      'endpoint: channels of a record stay first',
      'values[(i % c!) * h! * w! + Math.floor(i / c!)] as number',
      'values[i] as number',
    ],
  ]),
  ...http('response-path', 'protocols', [
    [
      'endpoint: the first tensor whatever its name',
      'String(part[step.key]) === step.value',
      "step.value !== ''",
    ],
  ]),
  ...http('open-endpoint', 'ledger', [
    [
      'endpoint: every answer of a batch is the first',
      'row: rowAt(rows, i) })',
      'row: rowAt(rows, 0 * i) })',
    ],
    [
      'endpoint: a budget of every attempt for one of all',
      'if (records > left()) throw overBudget(',
      'if (records > choice.budget) throw overBudget(',
    ],
  ]),
  ...http('ledger', 'ledger', [
    ['endpoint: requests counted for records', 'read.sent += records;', 'read.sent += 1;'],
  ]),
  ...http('identity', 'ledger', [
    [
      'endpoint: another version is the same target',
      '[...parts, version ?? null, recordShape, classes]',
      '[...parts, recordShape, classes]',
    ],
  ]),
  ...http('retry-after', 'trouble', [
    ['endpoint: seconds taken for milliseconds', 'Number(text) * 1000', 'Number(text)'],
  ]),
  ...http('drift', 'drift', [
    ['endpoint: rounding is drift', 'd > DRIFT_TOLERANCE', 'd > 0'],
    [
      'endpoint: answers that vary are a change',
      'if (difference(rows, again as Float32Array) <= DRIFT_TOLERANCE) throw',
      'if (again !== undefined) throw',
    ],
    [
      'endpoint: drift looked for beyond the budget',
      'Math.min(spare, ledger.earlier === 0 ? DRIFT_RECORDS : 1)',
      'DRIFT_RECORDS',
    ],
  ]),
  ...target('remote-model', [
    [
      'remote model: every part is the first',
      'values.subarray(start * width, (start + count) * width)',
      'values.subarray(0, count * width)',
    ],
    [
      'remote model: answers of parts one over another',
      'logits.set(found.logits, start * classes)',
      'logits.set(found.logits, start)',
    ],
  ]),
  ...target('function-target', [
    ['function: answers of calls one over another', 'start * classes.length)', 'start)'],
    [
      'function: numbers are names',
      "typeof label === 'number' ? label : classes.indexOf(String(label))",
      'classes.indexOf(String(label))',
    ],
    ['function: logits where nothing is said', "answers: form = 'probabilities'", "answers: form = 'logits'"],
  ]),
];
