/** Audits of somebody's own model: what is run, what is asked for and paid, and what a report says of it. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const own = (file: string, list: readonly Edit[]) =>
  edits(`${OWN}/audit/own/${file}.ts`, [`${OWN}/audit/own/${file}.test.ts`], list);

export const ownAudits: readonly Mutation[] = [
  ...own('first-look', [
    ['first look: non-members held against the accuracy of members', '= found[side];', '= found.members;'],
    [
      'first look: members looked at twice',
      "rightOf(looked('target-test'))",
      "rightOf(looked('target-train'))",
    ],
    [
      'first look: what is expected beyond an interval that is too narrow',
      'const { low, high } = clopperPearson(right, records, 0.999);',
      'const { low, high } = clopperPearson(right, records, 0.95);',
    ],
  ]),
  ...own('choose-attacks', [
    ['own attacks: the threshold attack twice', '!double)', '(double || !double))'],
    [
      'own attacks: those that are named are chosen anew',
      'if (!own || own.config.attacks) return cell;',
      'if (!own) return cell;',
    ],
    ['own attacks: those that run are listed as not run', 'if (names.has(name)) return [];', ''],
  ]),
  ...own('check-own', [
    [
      'own attacks: no records are enough to train on',
      'own.sizes.auxiliary < 2 && usesShadowData(configured)',
      'own.sizes.auxiliary < 0 && usesShadowData(configured)',
    ],
    [
      'own attacks: online attacks want records of the attacker’s',
      "references.pool.kind === 'with-candidates')",
      "references.pool.kind === 'other')",
    ],
    [
      'own attacks: shadow data out of saved outputs',
      "references.count > 0 || asks.population || given.auxiliary === 'shadow'",
      'references.count > 0 && asks.population',
    ],
    [
      'own attacks: a white-box attack on saved outputs',
      "if (given.access === 'white-box')",
      "if (given.access === 'white-box' && configured.family !== 'membership')",
    ],
    [
      'own attacks: a stolen copy offers what its target does',
      "own.subject.kind === 'copy' ? undefined :",
      "own.subject.kind === 'onnx' && own.subject.digest === '' ? undefined :",
    ],
    ['own attacks: a service trains whatever is wanted', 'if (architectures || pool.kind', 'if (pool.kind'],
    ['own defences: one of the training, after it', 'if (learner || !output)', 'if (learner && output)'],
    [
      'own defences: one before answers that are saved',
      "if (subject.kind === 'outputs')",
      "if (subject.kind === 'copy')",
    ],
  ]),
  ...own('remote-cost', [
    [
      'remote cost: questions to other models',
      'queries.filter(({ inputs }) => asked.has(inputs[0] ??',
      'queries.filter(({ inputs }) => asked && (inputs[0] ??',
    ],
    [
      'remote cost: finished work counts',
      "missing.filter(({ kind }) => kind === 'query')",
      "prepared.plan.tasks.filter(({ kind }) => kind === 'query')",
    ],
    [
      'remote cost: a record counts once for every question',
      'inputs.add(key);',
      'inputs.add(key + inputs.size);',
    ],
    ['remote cost: made-up records are free', ' + madeUp(atTarget);', ';'],
    ['remote cost: nothing is asked twice', 'sent + DRIFT_RECORDS : 0', 'sent : 0'],
    [
      'remote cost: models of no question are trained',
      'trainings: new Set(atModels.flatMap(({ inputs }) => inputs.filter((key) => trained.has(key)))).size',
      'trainings: trained.size',
    ],
  ]),
  ...own('read-records', [
    ['own records: named by where they lie, not by where they come from', 'order[at] = i;', 'order[i] = i;'],
    ['own records: rows counted from 0', 'row + 1}`', 'row}`'],
  ]),
  ...own('resolve-remote', [
    [
      'remote model: all answers of one address kept together',
      'digest: targetIdentity(choice, { recordShape: [], classes: [] }),',
      '',
    ],
  ]),
  ...edits(
    `${OWN}/audit/results/own-notes.ts`,
    [`${OWN}/audit/results/own-notes.test.ts`],
    [
      ['own notes: models are alike that differ by a fifth', 'const UNLIKE = 0.1;', 'const UNLIKE = 0.2;'],
      [
        'own notes: accuracy on other records is not looked at',
        ' && Math.abs(ownOther - other) <= UNLIKE',
        '',
      ],
      [
        'own notes: shadow models learn from all auxiliary records',
        'half(sizes.auxiliary)',
        'sizes.auxiliary',
      ],
      [
        'own notes: far fewer than the sample',
        'fewest >= trainedOn * FAR_FEWER',
        'fewest >= sizes.members * FAR_FEWER',
      ],
    ],
  ),
  ...edits(
    `${OWN}/study/kinds/query.ts`,
    [`${OWN}/study/kinds/query.test.ts`],
    [
      [
        'own query: labels by place, not by record',
        'argmax(row) === data.y[id]',
        'argmax(row) === data.y[i]',
      ],
    ],
  ),
  ...edits(
    `${OWN}/study/kinds/saved-outputs.ts`,
    ['packages/ml-doctor/test/own/outputs.test.ts'],
    [['own query: saved answers right by the class 0', '=== y[id]', '=== 0 * (y[id] as number)']],
  ),
];
