/** Wrong answers, choices, seeds and plans in what steals a model. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const theft = (file: string, test: string, list: readonly Edit[]) =>
  edits(`${OWN}/${file}.ts`, [`${OWN}/${test}.test.ts`], list);

export const stealing: readonly Mutation[] = [
  ...theft('targets/oracle', 'targets/oracle', [
    ['stealing: budget: one more', 'if (rows > budget - queries)', 'if (rows > budget - queries + 1)'],
    ['stealing: budget: counted once answered', '      queries += rows;\n', ''],
  ]),
  ...theft('targets/replies', 'targets/replies', [
    ['stealing: temperature: times', '(z - top) / temperature', '(z - top) * temperature'],
    [
      'stealing: top k: the smallest',
      '(row[b] as number) > (row[a] as number) ? 1 : -1',
      '(row[b] as number) > (row[a] as number) ? -1 : 1',
    ],
  ]),
  ...theft('attacks/stealing/beliefs', 'attacks/stealing/beliefs', [
    ['stealing: beliefs: nothing for classes not shown', 'row.fill(others > 0 ?', 'row.fill(others > 99 ?'],
    ['stealing: beliefs: never normalised', '> TOLERANCE)', '> 99)'],
  ]),
  ...theft('attacks/stealing/selection/most-uncertain', 'attacks/stealing/select-queries', [
    [
      'stealing: uncertainty: the surest',
      '(entropies[b] as number) - (entropies[a] as number)',
      '(entropies[a] as number) - (entropies[b] as number)',
    ],
  ]),
  ...theft('attacks/stealing/selection/farthest-first', 'attacks/stealing/select-queries', [
    [
      'stealing: k-centre: the nearest',
      'if (sum < (nearest[i] as number))',
      'if (sum > (nearest[i] as number))',
    ],
    [
      'stealing: k-centre: without those asked',
      'for (let i = 0; i < asked.length; i++) {',
      'for (let i = 0; i < 0; i++) {',
    ],
  ]),
  ...theft('attacks/stealing/train-student', 'attacks/stealing/train-student', [
    [
      'stealing: student: the other loss',
      "loss === 'mse' ? squaredDistance",
      "loss === 'kl' ? squaredDistance",
    ],
    ['stealing: student: raw logits', 'ops.Softmax(', 'ops.Identity('],
  ]),
  ...theft('data/query-pool', 'data/query-pool', [
    [
      'stealing: pool: another set under its own normalisation',
      'batch({ ...other, normalisation }, positions)',
      'batch(other, positions)',
    ],
    [
      'stealing: pool: one query more than there are',
      'if (size >= budget) return;',
      'if (size + 1 >= budget) return;',
    ],
  ]),
  ...theft('audit/plan/plan-copies', 'audit/plan/plan-stealing', [
    ['stealing: plan: the weights of the target', 'seedAfter(seed, COPY_SEEDS)', 'seedAfter(seed, 0)'],
    [
      'stealing: plan: everything asked anew',
      'inputs: [target, ...(before ? [before] : []), ...(reads',
      'inputs: [target, ...(reads',
    ],
    [
      'stealing: plan: a selection that reads nothing',
      "const reads = method.selection !== 'random';",
      'const reads = false;',
    ],
    [
      'stealing: plan: labels asked of the target',
      "reply: 'own-labels', budget: most },\n    inputs: [],",
      "reply: 'own-labels', budget: most },\n    inputs: [target],",
    ],
  ]),
  ...theft('audit/plan/plan-attack', 'audit/plan/plan-stealing', [
    ['stealing: through: the first copy', 'stolen.copies.at(-1) as TaskRef', 'stolen.copies[0] as TaskRef'],
    [
      'stealing: through: shadow models of the target’s kind',
      'architecture: stolen.copy.architecture, subject',
      'subject',
    ],
  ]),
  ...theft('study/kinds/stealing/evaluate-stealing', 'audit/every-stealing', [
    ['stealing: judged on members', "['target-test']", "['target-train']"],
  ]),
  ...theft('audit/results/stealing-result', 'audit/every-stealing', [
    ['stealing: cost of time', 'queries / queriesPerSecond', 'queries * queriesPerSecond'],
  ]),
];
