/** Wrong signs, pairs and records in what a defence is said to change, and in who meets it. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const beside = (file: string, test: string, list: readonly Edit[]) =>
  edits(`${OWN}/${file}.ts`, [`${OWN}/${test}.test.ts`], list);

const MATRIX = 'report/study/matrix';

export const matrix: readonly Mutation[] = [
  ...beside('evaluate/change', 'evaluate/change', [
    [
      'change: undefended less defended',
      'weightedAuc(after, counts) - weightedAuc(before, counts)',
      'weightedAuc(before, counts) - weightedAuc(after, counts)',
    ],
    [
      'change: calls of the undefended count for',
      'Number(score >= second) - Number(before[i]! >= first)',
      'Number(before[i]! >= first) - Number(score >= second)',
    ],
    [
      'change: false alarms are gains',
      'sum(calls, counts, 0, positives) / positives -',
      'sum(calls, counts, 0, positives) / positives +',
    ],
    ['change: one threshold for both', 'Number(score >= second)', 'Number(score >= first)'],
    [
      'change: scores by their places, not by record',
      'scores[places.get(id) as number] as number',
      'scores[ids.indexOf(id)] as number',
    ],
    [
      'change: members’ draws for both groups',
      'all.set(nonMembers!, members!.length);',
      'all.set(members!.subarray(0, nonMembers!.length), members!.length);',
    ],
  ]),
  ...beside('stats/mover', 'stats/mover', [
    ['mover: the sum', 'const value = a.value - b.value;', 'const value = a.value + b.value;'],
    [
      'mover: the wrong side of the other',
      'Math.hypot(a.value - a.low, b.high - b.value)',
      'Math.hypot(a.value - a.low, b.value - b.low)',
    ],
  ]),
  ...beside('stats/paired-proportions', 'stats/paired-proportions', [
    [
      'change of accuracy: undefended less defended',
      '(onlySecond - onlyFirst) / records',
      '(onlyFirst - onlySecond) / records',
    ],
    [
      'change of accuracy: the two as if independent',
      'const product = both * neither -',
      'const product = 0 * both * neither -',
    ],
    [
      'change of accuracy: the correlation spreads',
      'up * up - 2 * phi * up * down + down * down',
      'up * up + 2 * phi * up * down + down * down',
    ],
    [
      'change of accuracy: the wrong side of the other',
      'reach(a.value - a.low, b.high - b.value)',
      'reach(a.value - a.low, b.value - b.low)',
    ],
  ]),
  ...beside('study/kinds/compare-accuracy', 'study/kinds/compare-accuracy', [
    [
      'change of accuracy: on records of the training',
      "splitQuarters(data.size, params.split)['target-test']",
      "splitQuarters(data.size, params.split)['target-train']",
    ],
    [
      'change of accuracy: each side for the other',
      "if (first) counts[second ? 'both' : 'onlyFirst']++;",
      "if (second) counts[first ? 'both' : 'onlyFirst']++;",
    ],
  ]),
  ...beside('report/study/changes', 'report/study/changes', [
    [
      'change in the study: undefended less defended',
      'moverDifference(open(after), open(before), differenceRange(name))',
      'moverDifference(open(before), open(after), differenceRange(name))',
    ],
    [
      'change in the study: found on the records, and not told',
      'return found?.[name] ?? difference(name, after, before);',
      'return difference(name, after, before);',
    ],
    [
      'change in the study: another seed’s undefended model',
      'canonicalText({ data, model, seed });',
      'canonicalText({ data, model, seed: Math.min(0, seed) });',
    ],
  ]),
  ...beside(`${MATRIX}/effect`, `${MATRIX}/matrix`, [
    ['matrix: more is worse', 'MORE_IS_BETTER.has(name) ? 1 : -1', 'MORE_IS_BETTER.has(name) ? -1 : 1'],
    ['matrix: errors are accuracies', "  'mse',\n", ''],
    ['matrix: decided by the value', 'high !== null && high < 0 ? -1 : 0', 'value < 0 ? -1 : 0'],
    ['matrix: of the whole, not of the edge', 'undefended - chance;', 'undefended;'],
  ]),
  ...beside(`${MATRIX}/headline`, `${MATRIX}/matrix`, [
    [
      'matrix: the last metric that all have',
      'names.find((name) => results.every(',
      'names.findLast((name) => results.every(',
    ],
    [
      'matrix: a metric that only some have',
      'results.every(({ metrics })',
      'results.slice(1).every(({ metrics })',
    ],
  ]),
  ...beside(`${MATRIX}/matrix`, `${MATRIX}/matrix`, [
    ['matrix: the strongest claim', ': Math.max(...bounded)', ': Math.min(...bounded)'],
    ['matrix: times of other seeds', 'after / before', 'total(known) / before'],
    [
      'matrix: nothing is the same only where all is',
      'changes.every(({ method }) => method === SAME)',
      'changes.some(({ method }) => method === SAME)',
    ],
  ]),
  ...beside('audit/plan/plan-models', 'audit/plan/plan-defenses', [
    [
      'defence in the plan: attackers ask the bare model',
      "asked: planAsked(plan, plan.training, 'target', weights)",
      'asked: weights',
    ],
    [
      'defence in the plan: every attacker knows of it',
      'plan.training : plan.shadowTraining',
      'plan.training : plan.training',
    ],
    [
      'defence in the plan: no attacker knows of it',
      'plan.training : plan.shadowTraining',
      'plan.training : plan.plainTraining',
    ],
    [
      'defence in the plan: the teacher has the student’s recipe',
      'defended.plain);',
      '{ ...training.recipe, epochs: training.recipe.epochs + 1 });',
    ],
  ]),
  ...beside('audit/plan/plan-changes', 'audit/plan/plan-changes', [
    [
      'defence in the plan: compared the other way',
      'inputs: [other.attack, attack.attack]',
      'inputs: [attack.attack, other.attack]',
    ],
    [
      'defence in the plan: accuracy compared the other way',
      'inputs: [from.target.query, defended.target.query]',
      'inputs: [defended.target.query, from.target.query]',
    ],
  ]),
];
