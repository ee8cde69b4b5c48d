/** Wrong signs, groups and ties in what guesses at an attribute are judged by. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const evaluation = (file: string, tests: readonly string[], list: readonly Edit[]) =>
  edits(
    `${OWN}/evaluate/attribute/${file}.ts`,
    tests.map((test) => `${OWN}/evaluate/attribute/${test}.test.ts`),
    list,
  );

const stats = (file: string, list: readonly Edit[]) =>
  edits(`${OWN}/stats/${file}.ts`, [`${OWN}/stats/${file}.test.ts`], list);

export const attributeEvaluation: readonly Mutation[] = [
  ...evaluation(
    'statistics',
    ['beyond-non-members', 'evaluate-attribute'],
    [
      [
        'attribute: gain of the wrong sign',
        'of: of((attack, other) => attack.accuracy - other.accuracy),',
        'of: of((attack, other) => other.accuracy - attack.accuracy),',
      ],
      [
        'attribute: reduction of the wrong error',
        '1 - attack.meanError / other.meanError',
        '1 - other.meanError / attack.meanError',
      ],
      [
        'attribute: members and non-members exchanged',
        'gain(draw.members.attack, draw.members.imputation),\n      gain(draw.nonMembers.attack, draw.nonMembers.imputation),',
        'gain(draw.nonMembers.attack, draw.nonMembers.imputation),\n      gain(draw.members.attack, draw.members.imputation),',
      ],
      [
        "attribute: the imputation's own difference is not taken off",
        'attack.auc.map((auc, c) => auc - imputation.auc[c]!)',
        'attack.auc.map((auc) => auc)',
      ],
      [
        'attribute: failing on non-members is a gain on members',
        'Math.max(0, gain) - (others > 0 ? others : 0)',
        'gain - others',
      ],
      [
        'attribute: what non-members gain is not taken off',
        'Math.max(0, gain) - (others > 0 ? others : 0)',
        'gain - (others > 0 ? 0 : 0)',
      ],
      [
        'attribute: categories that one group lacks are compared',
        'gains.filter((_, c) => !Number.isNaN(others[c]!))',
        'gains.filter((_, c) => others.length > c)',
      ],
      [
        'attribute: a share of an error that nobody makes',
        'errs(samples.nonMembers) && {',
        'errs(samples.members) && {',
      ],
      [
        'attribute: gain over the imputation is that over the majority',
        '(draw) => [draw.members.attack, draw.members[other]!],',
        '(draw) => [draw.members.attack, draw.members.majority],',
      ],
      [
        'attribute: no allowance for what was not seen',
        '{ share: reach, auc: aucLeast([members]), reduction: reach }',
        '{ share: 0, auc: within(0), reduction: 0 }',
      ],
    ],
  ),
  ...evaluation(
    'figures',
    ['figures'],
    [
      [
        'attribute: F1 over all categories',
        'occurs[c] === 0 ? Number.NaN :',
        'occurs[c]! + guessed[c]! === 0 ? Number.NaN :',
      ],
      ['attribute: precision in place of F1', '(2 * tp) / (occurs[c]! + guessed[c]!)', 'tp / guessed[c]!'],
      [
        'attribute: recall of what is guessed',
        'recall: right.map((tp, c) => tp / occurs[c]!)',
        'recall: right.map((tp, c) => tp / guessed[c]!)',
      ],
    ],
  ),
  ...evaluation(
    'sample',
    ['figures', 'evaluate-attribute'],
    [
      [
        'attribute: the rest is the next category',
        'return some ? rankRecords(beliefIn(beliefs, categories, c), hits) : undefined;',
        'return some ? rankRecords(beliefIn(beliefs, categories, (c + 1) % categories), hits) : undefined;',
      ],
      [
        'attribute: surest of the truth, not of the guess',
        '(guess, i) => beliefs[i * categories + guess]!);',
        '(_, i) => beliefs[i * categories + truth[i]!]!);',
      ],
    ],
  ),
  ...evaluation(
    'evaluate-attribute',
    ['evaluate-attribute'],
    [
      [
        'attribute: AUC of two categories the other way round',
        'isCategory(truth, only!)',
        'isCategory(truth, 1 - only!)',
      ],
      [
        'attribute: plain figures of the attack at every baseline',
        '...exactMetrics(members, guesser) }',
        "...exactMetrics(members, 'attack') }",
      ],
    ],
  ),
  ...evaluation(
    'slices',
    ['slices'],
    [
      [
        'attribute: precision is a share of all members',
        'share(right, guessed)',
        'share(right, members.ids.length)',
      ],
    ],
  ),
  ...stats('ranked-records', [
    ['ranked records: ties count whole', '2 * below + runOthers', '2 * below + 2 * runOthers'],
    ['ranked records: ties at the cut for the hits', '(left * runHits) / run', 'Math.min(left, runHits)'],
  ]),
  ...stats('paired-bootstrap', [
    [
      'paired bootstrap: the same resample each time',
      'integers(drawn[g]!, each.length, b * each.length)',
      'integers(drawn[g]!, each.length, 0)',
    ],
    ['paired bootstrap: groups resampled alike', "'paired bootstrap', g)", "'paired bootstrap', 0)"],
    [
      'paired bootstrap: one tail',
      'known[known.length - 1 - cut] ?? value',
      'known[known.length - 1 - 2 * cut] ?? value',
    ],
  ]),
];
