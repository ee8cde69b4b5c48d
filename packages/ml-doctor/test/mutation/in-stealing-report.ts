/** Wrong ends, bounds and baselines in the verdict on stealing attacks, and in what the report says of a copy. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const REPORT = `${OWN}/report`;
const VERDICT = `${REPORT}/verdict`;

const verdict = (file: string, list: readonly Edit[]) =>
  edits(`${VERDICT}/${file}.ts`, [`${VERDICT}/stealing.test.ts`], list);

export const stealingReport: readonly Mutation[] = [
  ...verdict('stealing-grade', [
    [
      'stealing verdict: agreement by its value',
      'lowOf(metrics.agreement);',
      '(metrics.agreement?.value ?? 0);',
    ],
    [
      'stealing verdict: skill by its upper end',
      'lowOf(metrics.agreementSkill);',
      '(metrics.agreementSkill?.high ?? 0);',
    ],
    [
      'stealing verdict: high by agreement alone',
      'agreement >= AGREEMENT.high && skill >= SKILL.high',
      'agreement >= AGREEMENT.high',
    ],
    [
      'stealing verdict: moderate by agreement alone',
      'agreement >= AGREEMENT.moderate && skill >= SKILL.moderate',
      'agreement >= AGREEMENT.moderate',
    ],
    [
      'stealing verdict: moderate by skill alone',
      'agreement >= AGREEMENT.moderate && skill >= SKILL.moderate',
      'skill >= SKILL.moderate',
    ],
    [
      'stealing verdict: high by skill or agreement',
      'agreement >= AGREEMENT.high && skill >= SKILL.high',
      'agreement >= AGREEMENT.high || skill >= SKILL.high',
    ],
    [
      'stealing verdict: no gain is low',
      'lowOf(metrics.agreementGain) > 0',
      'lowOf(metrics.agreementGain) >= 0',
    ],
    [
      'stealing verdict: a gain by its upper end',
      'lowOf(metrics.agreementGain) > 0',
      '(metrics.agreementGain?.high ?? 0) > 0',
    ],
    [
      'stealing verdict: an open upper end excludes a gain',
      '(metrics.agreementGain?.high ?? 1) < ROOM',
      '(metrics.agreementGain?.high ?? 0) < ROOM',
    ],
    [
      'stealing verdict: the value excludes a gain',
      '(metrics.agreementGain?.high ?? 1) < ROOM',
      '(metrics.agreementGain?.value ?? 1) < ROOM',
    ],
    [
      'stealing verdict: the room itself is excluded',
      '(metrics.agreementGain?.high ?? 1) < ROOM',
      '(metrics.agreementGain?.high ?? 1) <= ROOM',
    ],
  ]),
  ...verdict('stealing-words', [
    [
      'stealing verdict: judged on members in words',
      "{ nonMembers }: Result['records'],\n  budget",
      "{ members: nonMembers }: Result['records'],\n  budget",
    ],
    [
      'stealing verdict: accuracies exchanged in words',
      'percent(targetAccuracy.value)}`}.`',
      'percent(accuracy.value)}`}.`',
    ],
    ['stealing verdict: fewer queries suffice below the baseline', ' && lowOf(agreement) > beaten', ''],
    ['stealing verdict: the last budget is fewer queries', '.slice(0, -1)', '.slice(0)'],
    [
      'stealing verdict: an easy task by its value',
      'lowOf(best.metric) >= AGREEMENT.high',
      'best.metric.value >= AGREEMENT.high',
    ],
    [
      'stealing verdict: an easy task by any baseline',
      'best?.name === OWN_LABELS && lowOf',
      'best !== undefined && lowOf',
    ],
  ]),
  ...verdict('stealing-advice', [
    [
      'stealing verdict: odd queries are those of customers',
      "pool === 'shadow' || pool === 'partial'",
      "pool !== 'shadow' && pool !== 'partial'",
    ],
  ]),
  ...edits(
    `${REPORT}/best-baseline.ts`,
    [`${VERDICT}/stealing.test.ts`],
    [
      [
        'stealing verdict: the worst baseline for the best',
        'b.metric.value - a.metric.value',
        'a.metric.value - b.metric.value',
      ],
    ],
  ),
  ...edits(
    `${REPORT}/canonical.ts`,
    [`${REPORT}/stealing.test.ts`],
    [
      [
        'through: an attack on a copy has the id of the one on the target',
        '...(copy && { through: copy })',
        '',
      ],
      [
        'through: the id goes by the name of the copy alone',
        'attack: through.attack, params: through.params }',
        'attack: through.attack }',
      ],
    ],
  ),
  ...edits(
    `${REPORT}/html/charts/budget-scale.ts`,
    [`${REPORT}/html/charts/budget-chart.test.ts`],
    [
      [
        'what queries buy: agreement upside down',
        'agreement: [tenths / 10, 1]',
        'agreement: [1, tenths / 10]',
      ],
      [
        'what queries buy: fewer queries on the right',
        'queries: [least / room, most * room]',
        'queries: [most * room, least / room]',
      ],
    ],
  ),
];
