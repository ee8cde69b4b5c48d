/** Wrong signs, tails and labels in attacks, and posteriors of posteriors. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const MEMBERSHIP = `${OWN}/attacks/membership`;

const attack = (folder: string, file: string, tests: readonly string[], list: readonly Edit[]) =>
  edits(
    `${MEMBERSHIP}/${folder}/${file}.ts`,
    tests.map((test) => `${MEMBERSHIP}/${folder}/${test}.test.ts`),
    list,
  );

const SCORES = 'packages/ml-doctor/test/mutation/scores.test.ts';

/** Of a row that is already through one. */
const softmaxAgain = '.map(Math.exp).map((p, _, all) => p / all.reduce((a, b) => a + b))';

export const attacks: readonly Mutation[] = [
  ...edits(
    `${MEMBERSHIP}/thresholds.ts`,
    [`${MEMBERSHIP}/thresholds.test.ts`],
    [
      [
        'best threshold: of the worst balanced accuracy',
        'const gain = (m.length - i) * n.length - (n.length - j) * m.length;',
        'const gain = (n.length - j) * m.length - (m.length - i) * n.length;',
      ],
      [
        'class thresholds: one for all',
        'if (m.length > 0 && n.length > 0) return finiteThreshold(m, n);',
        'if (m.length > 0 && n.length > 0) return overall;',
      ],
    ],
  ),
  ...attack(
    'loss-threshold',
    'loss-threshold',
    ['loss-threshold'],
    [
      [
        'loss threshold: wrong sign',
        'return Math.max(-loss, -Number.MAX_VALUE);',
        'return Math.min(loss, Number.MAX_VALUE);',
      ],
      [
        'loss threshold: shadow members and non-members exchanged',
        'bestThreshold(await negativeLosses(model, members), await negativeLosses(model, nonMembers))',
        'bestThreshold(await negativeLosses(model, nonMembers), await negativeLosses(model, members))',
      ],
    ],
  ),
  ...attack(
    'metric-threshold',
    'metrics',
    ['metrics'],
    [
      [
        'modified entropy: wrong sign of the other classes',
        'if (i !== label) sum += (',
        'if (i !== label) sum -= (',
      ],
      [
        'modified entropy: weighed by the posterior itself',
        'let sum = (others / total) * loss;',
        'let sum = (1 - others / total) * loss;',
      ],
    ],
  ),
  ...attack(
    'metric-threshold',
    'metric-threshold',
    ['metric-threshold'],
    [
      [
        'modified entropy: high for members',
        "'modified-entropy': (row, label) => -modifiedEntropy(row, label)",
        "'modified-entropy': (row, label) => modifiedEntropy(row, label)",
      ],
      [
        'metric threshold: the threshold of class 0 for every class',
        'score - (thresholds[labels[i] as number] as number)',
        'score - (thresholds[0 * i] as number)',
      ],
      [
        'metric threshold: posteriors taken for logits',
        'Math.max(statistic(logits.subarray(i * classes, (i + 1) * classes), label)',
        `Math.max(statistic(logits.subarray(i * classes, (i + 1) * classes)${softmaxAgain}, label)`,
      ],
    ],
  ),
  ...attack(
    'lira',
    'likelihood',
    ['likelihood'],
    [
      [
        'LiRA: distribution function for density',
        'normalLogPdf((phi - centre) / deviation) - log(deviation)',
        'normalLogCdf((phi - centre) / deviation) - log(deviation)',
      ],
      ['LiRA: models in and out exchanged', '(inside[m]?.[record] === 1 ?', '(inside[m]?.[record] === 0 ?'],
      [
        'LiRA: largest for median',
        'return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;',
        'return sorted.at(-1) ?? upper;',
      ],
      [
        'LiRA offline: wrong tail',
        'normalLogCdf(z) - normalLogCdf(-z)',
        'normalLogCdf(-z) - normalLogCdf(z)',
      ],
      [
        'LiRA: standard deviation from the wrong degrees of freedom',
        'Math.max(0, group.length - 1)',
        'group.length',
      ],
    ],
  ),
  ...edits(
    `${MEMBERSHIP}/lira/confidence.ts`,
    [SCORES],
    [
      [
        'LiRA: softmax twice',
        'scaledConfidence(logits.subarray(i * classes, (i + 1) * classes), label)',
        `scaledConfidence(logits.subarray(i * classes, (i + 1) * classes)${softmaxAgain}, label)`,
      ],
    ],
  ),
  ...attack(
    'lira',
    'trial',
    ['lira'],
    [['trial: attacked with the partner', '([first, , ...references]', '([first, ...references]']],
  ),
  ...attack(
    'rmia',
    'relative',
    ['relative'],
    [
      [
        'RMIA: ratio upside down',
        "own - (prior.mode === 'online' ? mean : corrected(mean, prior.a))",
        "(prior.mode === 'online' ? mean : corrected(mean, prior.a)) - own",
      ],
      [
        'RMIA offline: models trained on the record',
        "prior.mode === 'offline' && inside[m]?.[record] === 1",
        "prior.mode === 'offline' && inside[m]?.[record] === 0",
      ],
      [
        'RMIA: γ on the wrong side',
        'countBelow(sorted, ratio - margin)',
        'countBelow(sorted, ratio + margin)',
      ],
    ],
  ),
  ...attack(
    'rmia',
    'rmia',
    ['rmia'],
    [
      [
        'RMIA: softmax twice',
        'crossEntropyLoss(logits.subarray(i * classes, (i + 1) * classes), label)',
        `crossEntropyLoss(logits.subarray(i * classes, (i + 1) * classes)${softmaxAgain}, label)`,
      ],
    ],
  ),
  ...attack(
    'quantile',
    'losses',
    ['quantile'],
    [
      [
        'pinball: the other quantile',
        'ops.Max(ops.Mul(above, weight(level)), ops.Mul(above, weight(level - 1)))',
        'ops.Max(ops.Mul(above, weight(1 - level)), ops.Mul(above, weight(-level)))',
      ],
    ],
  ),
  ...attack(
    'quantile',
    'quantile',
    ['quantile'],
    [
      [
        'quantile: wrong tail of the threshold',
        'normalQuantile(1 - training.alpha)',
        'normalQuantile(training.alpha)',
      ],
      [
        'quantile: low scores for members',
        '(score - (centre[i] as number)) / (deviation[i] as number)',
        '((centre[i] as number) - score) / (deviation[i] as number)',
      ],
    ],
  ),
  ...edits(
    `${MEMBERSHIP}/label-only/label-only.ts`,
    [SCORES],
    [
      [
        'label-only: near the boundary for members',
        '      return distances;',
        '      return distances.map((d) => -d);',
      ],
    ],
  ),
  ...attack(
    'label-only',
    'hop-skip-jump',
    ['hop-skip-jump'],
    [
      [
        'HopSkipJump: away from the other class',
        '(crossed[row] ? 1 : -1) - baseline',
        '(crossed[row] ? -1 : 1) + baseline',
      ],
    ],
  ),
  ...attack(
    'shokri',
    'class-models',
    ['shokri'],
    [
      [
        'Shokri: the attack model of another class',
        'candidates[label]?.push(i);',
        'candidates[(label + 1) % width]?.push(i);',
      ],
    ],
  ),
  ...attack(
    'shokri',
    'attack-data',
    ['shokri'],
    [
      [
        'Shokri: shadow members and non-members exchanged',
        '[nonMembers, members].entries()',
        '[members, nonMembers].entries()',
      ],
      [
        'Shokri: softmax twice',
        'out.set(posterior(logits.subarray(i, i + classes)), i)',
        'out.set(posterior(posterior(logits.subarray(i, i + classes))), i)',
      ],
    ],
  ),
  ...attack(
    'shadow-classifier',
    'features',
    ['features'],
    [
      [
        'shadow classifier: softmax twice',
        'posterior(logits.subarray(start, start + classes))',
        'posterior(posterior(logits.subarray(start, start + classes)))',
      ],
    ],
  ),
  ...attack(
    'shadow-classifier',
    'shadow-classifier',
    ['shadow-classifier'],
    [
      [
        'shadow classifier: members and non-members exchanged',
        '.fill(1, 0, members.ids.length)',
        '.fill(1, members.ids.length)',
      ],
    ],
  ),
  ...attack(
    'ml-leaks',
    'ml-leaks',
    ['ml-leaks'],
    [
      [
        'ML-Leaks: members and non-members exchanged',
        '[members, 1],\n      [nonMembers, 0],',
        '[members, 0],\n      [nonMembers, 1],',
      ],
    ],
  ),
  ...attack(
    'ml-leaks',
    'random-inputs',
    ['random-inputs', 'ml-leaks'],
    [
      ['ML-Leaks: high entropy for members', 'return -entropy(row);', 'return entropy(row);'],
      ['ML-Leaks: wrong tail of the random inputs', '[scores.length - passing]', '[passing - 1]'],
    ],
  ),
];
