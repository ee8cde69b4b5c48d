/** Wrong signs, tails and labels in statistics and evaluation, and in the roles of records. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const stats = (file: string, tests: readonly string[], list: readonly Edit[]): readonly Mutation[] =>
  edits(
    `${OWN}/stats/${file}.ts`,
    tests.map((test) => `${OWN}/stats/${test}.test.ts`),
    list,
  );

export const statistics: readonly Mutation[] = [
  ...stats(
    'auc',
    ['auc', 'roc'],
    [
      ['ties count whole', 'halfPairs += 2 * below + equal;', 'halfPairs += 2 * below + 2 * equal;'],
      [
        'DeLong variance of one group only',
        'return ofPositives / positives.length + ofNegatives / negatives.length;',
        'return ofPositives / positives.length;',
      ],
    ],
  ),
  ...stats(
    'auc-difference',
    ['auc-difference'],
    [
      [
        'paired difference: the negatives the other way round',
        'negatives[n++] = placement(second[i]!, b.positives) - placement(first[i]!, a.positives);',
        'negatives[n++] = placement(second[i]!, b.positives) + placement(first[i]!, a.positives);',
      ],
    ],
  ),
  ...stats(
    'roc',
    ['roc', 'auc'],
    [
      [
        'members and non-members exchanged in groups',
        'if (truth[i] === 1) positives[p++] = scores[i]!;',
        'if (truth[i] === 0) positives[p++] = scores[i]!;',
      ],
    ],
  ),
  ...stats(
    'binomial',
    ['beta', 'threshold-metrics'],
    [
      [
        'Clopper-Pearson: wrong tail',
        ': betaQuantile(error, successes, trials - successes + 1)',
        ': betaQuantile(1 - error, successes, trials - successes + 1)',
      ],
      [
        'Clopper-Pearson: upper end from the wrong order statistic',
        '1 - proportionLowerBound(trials - successes, trials, error)',
        'proportionLowerBound(successes + (successes < trials ? 1 : 0), trials, 1 - error)',
      ],
    ],
  ),
  ...stats(
    'tpr-at-fpr',
    ['tpr-at-fpr', 'roc'],
    [
      [
        'step rule: a rate that is just allowed is refused',
        'while (allowed / n > maxFpr)',
        'while (allowed > 0 && allowed / n >= maxFpr)',
      ],
      ['step rule: one false alarm too many', 'negatives[n - 1 - allowed]!', 'negatives[n - 2 - allowed]!'],
      [
        'interval at a small rate: lower end from the better of two thresholds',
        'addTo(fewest, k === 0 ? 0 : countAbove(positives, negatives[n - k]!), weight)',
        'addTo(fewest, k === n ? positives.length : countAbove(positives, negatives[n - k - 1]!), weight)',
      ],
    ],
  ),
  ...stats(
    'threshold-metrics',
    ['threshold-metrics'],
    [
      [
        'decision: a score at the threshold is no member',
        'scores[i]! >= threshold',
        'scores[i]! > threshold',
      ],
      ['decision: wrong side of the threshold', 'scores[i]! >= threshold', 'scores[i]! <= threshold'],
    ],
  ),
  ...stats(
    'ratio-bound',
    ['ratio-bound'],
    [
      [
        'Katz: wrong sign',
        'Math.exp(normalQuantile(error) * deviation)',
        'Math.exp(-normalQuantile(error) * deviation)',
      ],
      [
        'Katz: variance of one proportion only',
        'Math.sqrt((1 - p) / first.successes + (1 - q) / second.successes)',
        'Math.sqrt((1 - p) / first.successes)',
      ],
    ],
  ),
  ...stats(
    'one-run-bound',
    ['one-run-bound'],
    [
      [
        'one run: tail without its first value',
        'binomialAtLeast(correct, guesses, right)',
        'binomialAtLeast(correct + 1, guesses, right)',
      ],
      ['one run: δ for the guesses only', '2 * canaries * delta * most', '2 * guesses * delta * most'],
    ],
  ),
  ...stats(
    'epsilon-bound',
    ['epsilon-bound'],
    [
      [
        'epsilon: true-positive rate for false-negative rate',
        'proportionUpperBound(positives - truePositives, positives, error / 2)',
        'proportionUpperBound(truePositives, positives, error / 2)',
      ],
    ],
  ),
  ...stats(
    'across-seeds',
    ['across-seeds'],
    [
      [
        'seeds: what they share is left out',
        '(t * t * variance) / k + sharedRecords * sampling',
        '(t * t * variance) / k',
      ],
      [
        'seeds: spread instead of standard error',
        '(t * t * variance) / k + sharedRecords * sampling',
        't * t * variance + sharedRecords * sampling',
      ],
    ],
  ),
  ...stats(
    'normal',
    ['normal'],
    [['normal: wrong tail of the logarithm', 'Math.log1p(-normalCdf(-x))', 'Math.log1p(-normalCdf(x))']],
  ),
  ...edits(
    `${OWN}/evaluate/split-classifier.ts`,
    [`${OWN}/evaluate/split-check.test.ts`],
    [
      [
        'split check learns on the records it is asked about',
        '(block) => block < asked',
        '(block) => block <= asked',
      ],
    ],
  ),
  ...edits(
    `${OWN}/evaluate/membership.ts`,
    [`${OWN}/evaluate/membership.test.ts`],
    [
      [
        'evaluation: members and non-members exchanged',
        'const groups = groupScores(scores, truth);',
        'const groups = groupScores(scores, Array.from(truth, (t) => 1 - t));',
      ],
    ],
  ),
];

const ROLES = 'packages/ml-doctor/test/mutation/roles.test.ts';

export const roles: readonly Mutation[] = [
  ...edits(
    `${OWN}/data/thirds.ts`,
    [`${OWN}/data/thirds.test.ts`],
    [
      [
        'thirds: scored on the records it knows',
        'return [part(0), part(third)];',
        'return [part(0), part(0)];',
      ],
      [
        'thirds: known members and non-members exchanged',
        'known: { members: knownMembers, nonMembers: knownNonMembers }',
        'known: { members: knownNonMembers, nonMembers: knownMembers }',
      ],
    ],
  ),
  ...edits(
    `${OWN}/data/halves.ts`,
    [`${OWN}/data/halves.test.ts`],
    [
      ['halves: partners are not complementary', 'Math.floor(index / 2)', 'index'],
      [
        'halves: members among the non-members',
        ': { members: second, nonMembers: first }',
        ': { members: second, nonMembers: second }',
      ],
    ],
  ),
  ...edits(
    `${OWN}/study/kinds/evaluate.ts`,
    [ROLES],
    [['truth: members and non-members exchanged', '(members.has(id) ? 1 : 0)', '(members.has(id) ? 0 : 1)']],
  ),
  ...edits(
    `${OWN}/study/kinds/record-sets.ts`,
    [ROLES],
    [
      [
        'references: members and non-members exchanged',
        '{ members: roles[training.role], nonMembers: roles[other] }',
        '{ members: roles[other], nonMembers: roles[training.role] }',
      ],
      [
        'references: trained on the half that counts as not theirs',
        'split.seed, training.of, training.half).members',
        'split.seed, training.of, training.half).nonMembers',
      ],
    ],
  ),
  ...edits(
    `${OWN}/targets/last-layer.ts`,
    [`${OWN}/targets/last-layer.test.ts`],
    [
      [
        'gradient of the last layer: wrong sign at the label',
        'row[label] = -row.reduce',
        'row[label] = row.reduce',
      ],
    ],
  ),
];
