/** Wrong signs, sides and baselines in what copies of a model are judged by. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const evaluation = (file: string, tests: readonly string[], list: readonly Edit[]) =>
  edits(
    `${OWN}/evaluate/stealing/${file}.ts`,
    tests.map((test) => `${OWN}/evaluate/stealing/${test}.test.ts`),
    list,
  );

export const stealingEvaluation: readonly Mutation[] = [
  ...edits(
    `${OWN}/stats/kl-divergence.ts`,
    [`${OWN}/stats/kl-divergence.test.ts`],
    [
      [
        'copies: divergence: weighed by the other',
        'const weight = expNegative(logP);',
        'const weight = expNegative((q[j] as number) - topQ - restQ);',
      ],
      [
        'copies: divergence: of rows that are not normalised',
        '(q[j] as number) - topQ - restQ',
        '(q[j] as number) - topQ',
      ],
      ['copies: divergence: the largest counts twice', 'if (j !== top) others', 'others'],
      ['copies: divergence: a 0 of the copy counts nothing', '? LOG_LEAST :', '? logP :'],
      ['copies: divergence: below 0 by rounding', 'return Math.max(0, sum);', 'return sum;'],
    ],
  ),
  ...evaluation(
    'sample',
    ['draw', 'evaluate-stealing'],
    [
      [
        'copies: divergence of the target from the copy',
        'klDivergence(row(evidence.target, place), row(logits, place))',
        'klDivergence(row(logits, place), row(evidence.target, place))',
      ],
      [
        'copies: the commonest label in place of the commonest answer',
        'for (const answer of target) given',
        'for (const answer of labels) given',
      ],
      [
        'copies: labels in the order in which they came',
        '(place) => labels[place]!',
        '(_, place) => labels[place]!',
      ],
    ],
  ),
  ...evaluation(
    'draw',
    ['draw', 'evaluate-stealing'],
    [
      ['copies: the first copy is judged', 'const last = copies.at(-1)!;', 'const last = copies[0]!;'],
      [
        'copies: the best baseline is no constant guess',
        'Math.max(...given, ...baselines)',
        'Math.max(...baselines)',
      ],
      [
        'copies: the best baseline is a constant guess',
        'Math.max(...given, ...baselines)',
        'Math.max(...given)',
      ],
      ['copies: divergence of the records once each', 'sum += counts[i]! * values[i]!', 'sum += values[i]!'],
    ],
  ),
  ...evaluation(
    'shares',
    ['evaluate-stealing'],
    [
      [
        'copies: right where the target errs',
        'same(target, answers, (i) => target',
        'same(labels, answers, (i) => target',
      ],
      ['copies: errors shared, of all records', 'share(repeated, errors)', 'share(repeated, target.length)'],
      [
        'copies: accuracy by the target',
        'share(same(labels, answers), labels.length)',
        'share(same(target, answers), labels.length)',
      ],
    ],
  ),
  ...evaluation(
    'statistics',
    ['evaluate-stealing'],
    [
      [
        'copies: gain of the wrong sign',
        '(draw.copy - rival(draw)) / draw.records',
        '(rival(draw) - draw.copy) / draw.records',
      ],
      [
        'copies: skill is a share of what the copy leaves',
        'draw.records - rival(draw)]',
        'draw.records - draw.copy]',
      ],
      ['copies: all is won where there was nothing to win', 'won === 0 ? 0 : Number.NEGATIVE_INFINITY', '1'],
      [
        'copies: no allowance for what was not seen, in the gain',
        'within(unseenShare(records))',
        'within(0)',
      ],
      [
        'copies: no allowance for what was not seen, in the skill',
        '1 - (left + more) / open',
        '1 - left / open',
      ],
      ['copies: no allowance for what was not seen, in the divergence', 'mean * (1 - unseen)', 'mean'],
      [
        'copies: a lucky choice of the best baseline is credited',
        'Math.min(keptBest.low, anew.low)',
        'keptBest.low',
      ],
      [
        'copies: the best baseline of each resample at the upper end',
        'high: keptBest.high',
        'high: anew.high',
      ],
    ],
  ),
  ...evaluation(
    'evaluate-stealing',
    ['evaluate-stealing'],
    [
      [
        'copies: the worst baseline first',
        "b.metrics['agreement']!.value - a.metrics['agreement']!.value",
        "a.metrics['agreement']!.value - b.metrics['agreement']!.value",
      ],
      ['copies: gain over the constant guess', 'const best = argmax(rivals);', 'const best = 0;'],
      [
        'copies: divergences of the next model',
        'divergenceStatistic(copy, c)',
        'divergenceStatistic(copy, c + 1)',
      ],
      ['copies: divergences of the copies at the baselines', 'copies.length + b', 'b'],
    ],
  ),
  ...evaluation(
    'slices',
    ['evaluate-stealing'],
    [['copies: classes by the answer', 'labels[i] === label', 'target[i] === label']],
  ),
  ...evaluation(
    'notes',
    ['notes'],
    [
      [
        'copies: the curve may not rise',
        'binomialAtLeast(lost, lost + won, 0.5)',
        'binomialAtLeast(won, lost + won, 0.5)',
      ],
      ['copies: as if one pair of copies were compared', 'chance * pairs.length <=', 'chance <='],
    ],
  ),
];
