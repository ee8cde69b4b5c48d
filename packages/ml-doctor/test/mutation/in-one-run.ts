/** Wrong coins, labels, guesses and comparisons in the one-run audit. */
import { edits, type Mutation, OWN } from './mutation.ts';

export const oneRun: readonly Mutation[] = [
  ...edits(
    `${OWN}/data/canaries.ts`,
    [`${OWN}/data/canaries.test.ts`],
    [
      [
        'one-run audit: unfair coins',
        "'coins').integers(new Uint32Array(count), 2)",
        "'coins').integers(new Uint32Array(count), 3).map((one) => Math.min(one, 1))",
      ],
      ['one-run audit: wrong labels that may be right', 'y[id]! + 1 + steps[i]!', 'y[id]! + steps[i]!'],
      ['one-run audit: the last wrong label never', 'classes - 1);', 'classes - 2);'],
      ['one-run audit: canaries are always in', 'places.subarray(half)', 'places.subarray(0)'],
    ],
  ),
  ...edits(
    `${OWN}/study/kinds/record-sets.ts`,
    [`${OWN}/attacks/membership/one-run-audit/one-run-audit.test.ts`],
    [
      ['one-run audit: trained on those that are out', 'included[i] === 1)', 'included[i] === 0)'],
      [
        'one-run audit: the attack is told the coins',
        '{ members: drawCanaries(size, split, training.canaries).fixed,',
        '{ members: trainingRecords(training, size, split),',
      ],
    ],
  ),
  ...edits(
    `${OWN}/study/kinds/training-set.ts`,
    [`${OWN}/audit/one-run.test.ts`],
    [
      [
        'one-run audit: wrong labels in scoring only',
        'withCanaryLabels(data, ids, on.labels, split.seed)',
        "withCanaryLabels(data, ids, 'own', split.seed)",
      ],
    ],
  ),
  ...edits(
    `${OWN}/attacks/membership/one-run-audit/one-run-audit.ts`,
    [`${OWN}/attacks/membership/one-run-audit/one-run-audit.test.ts`],
    [['one-run audit: the loss for its negative', 'Math.max(-loss,', 'Math.max(loss,']],
  ),
  ...edits(
    `${OWN}/evaluate/one-run.ts`,
    [`${OWN}/evaluate/one-run.test.ts`],
    [
      [
        'one-run audit: the lowest for in',
        '(scores[b] as number) - (scores[a]',
        '(scores[a] as number) - (scores[b]',
      ],
      ['one-run audit: out guesses count when in', '!isIn(i)', 'isIn(i)'],
      ['one-run audit: as if every canary were guessed', 'guesses, delta };', 'guesses: canaries, delta };'],
      [
        'one-run audit: delta forgotten',
        'oneRunEpsilon({ ...run, correct })',
        'oneRunEpsilon({ ...run, delta: 0, correct })',
      ],
    ],
  ),
  ...edits(
    `${OWN}/audit/plan/plan-models.ts`,
    [`${OWN}/audit/plan/plan-one-run.test.ts`],
    [
      [
        'one-run audit: trained without the defence',
        'audits ? plan.training : plan.shadowTraining',
        'audits ? plan.shadowTraining : plan.shadowTraining',
      ],
      [
        'one-run audit: behind the defence of the answers',
        'audits ? weights : planAsked',
        'false ? weights : planAsked',
      ],
    ],
  ),
  ...edits(
    `${OWN}/report/privacy.ts`,
    [`${OWN}/report/privacy.test.ts`],
    [
      ['one-run audit: any delta refutes', 'delta >= claim.delta', 'delta > 0'],
      ['one-run audit: only the claim’s own delta refutes', 'delta >= claim.delta', 'delta === claim.delta'],
      [
        'one-run audit: what equals the claim refutes it',
        'measured.epsilon > claim.epsilon',
        'measured.epsilon >= claim.epsilon',
      ],
      [
        'one-run audit: the claim of a model that was not audited refuted',
        'return audited;',
        'return audited && target;',
      ],
      [
        'one-run audit: an alarm that reads as none',
        'Number(atLeast(lower, digits)) <= Number(atMost(upper, digits))',
        'Number(atLeast(lower, digits)) < Number(atMost(upper, digits))',
      ],
      [
        'one-run audit: the smallest bound for the largest',
        'b.measured.epsilon - a.measured.epsilon',
        'a.measured.epsilon - b.measured.epsilon',
      ],
      [
        'one-run audit: claims grow tighter in print',
        'Math.ceil(epsilon * scale - 1e-9)',
        'Math.floor(epsilon * scale)',
      ],
    ],
  ),
  ...edits(
    `${OWN}/report/verdict/one-run.ts`,
    [`${OWN}/report/privacy.test.ts`],
    [
      ['one-run audit: reassures without reach', '&& found.reach > claim.epsilon', ''],
      [
        'one-run audit: reassures without a claim',
        "claim !== undefined && canRefute(found, claim) ? 'none-found'",
        "claim === undefined || canRefute(found, claim) ? 'none-found'",
      ],
    ],
  ),
];
