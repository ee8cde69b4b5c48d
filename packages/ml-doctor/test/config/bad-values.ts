/** Bad configurations: numbers out of range, and values that do not go together. */

import { attacks, type BadInput, row, train } from './bad-input.ts';
import { auditWith as audit, studyWith as study } from './samples.ts';

/** One to a hundred. */
const numbers = (write: (n: number) => string): string =>
  Array.from({ length: 100 }, (_, i) => write(i + 1)).join();

export const BAD_VALUES: readonly BadInput[] = [
  // Numbers
  row(
    'no number',
    train('learningRate: ▸.nan'),
    'target.train.learningRate must be a number above 0, not .nan',
    'Write a number above 0.',
  ),
  row('an infinite number', train('weightDecay: ▸.inf'), 'not .inf', 'Write a number, 0 or more.'),
  row('a number that overflows', train('learningRate: ▸1e999'), 'not 1e999', 'Write a number above 0.'),
  row('too few epochs', train('epochs: ▸0'), 'not 0', 'The nearest valid value is 1.'),
  row(
    'part of an epoch',
    train('epochs: ▸2.5'),
    'a whole number, 1 or more, not 2.5',
    'The nearest valid value is 3.',
  ),
  row('a momentum of 1', train('momentum: ▸1'), 'a number from 0 and below 1, not 1', 'below 1'),
  row('a negative momentum', train('momentum: ▸-0.1'), 'not -0.1', 'The nearest valid value is 0.'),
  row('no learning rate', train('learningRate: ▸0'), 'a number above 0, not 0', 'above 0'),
  row(
    'a negative seed',
    audit({ seed: 'seed: ▸-1' }),
    'seed must be a whole number, 0 or more, not -1',
    'nearest valid value is 0',
  ),
  row(
    'a seed beyond exact numbers',
    audit({ seed: 'seed: ▸9007199254740993' }),
    'not 9007199254740993',
    'nearest valid value is 9007199254740991',
  ),
  row(
    'a seed beyond exact numbers, in quotes',
    audit({ seed: 'seed: ▸"9007199254740993"' }),
    'not "9007199254740993"',
    'Write a whole number, 0 or more.',
  ),
  row(
    'milestones that fall',
    train('milestones: [100, ▸50]'),
    'target.train.milestones[1] is 50: milestones must ascend',
    'Change the value',
  ),
  row('a milestone twice', train('milestones: [50, ▸50]'), 'milestones must ascend', 'Change the value'),
  row('one milestone', train('milestones: ▸50'), 'milestones must be a list, not 50', 'Write a list'),
  row(
    'no batch',
    train('batchSize: ▸-64'),
    'batchSize must be a whole number, 1 or more',
    'nearest valid value is 1',
  ),
  row(
    'a learning rate of an attack',
    attacks('[membership/shadow-classifier: { learningRate: ▸-1 }]'),
    'attacks[0].membership/shadow-classifier.learningRate must be a number above 0, not -1',
    'above 0',
  ),

  // Splits, pixels, options of models, optimisers
  row(
    'a split that the data set is not known for (two places at once)',
    audit({ data: 'data: { catalog: german-credit, split: ▸shokri-2017 }' }),
    'the split shokri-2017 has no sizes for german-credit; it has for',
    'ml-doctor-2022',
    'MLD_SPLIT',
  ),
  row(
    'more records than the largest role of a split',
    audit({ data: 'data: { catalog: location, split: shokri-2017, recordsPerRole: ▸1201 }' }),
    'the largest role of shokri-2017 of location holds 1200',
    '1200',
    'MLD_SPLIT',
  ),
  row(
    'a data set twice by one split',
    study({
      data: 'data: [{ catalog: location, split: shokri-2017 }, ▸{ catalog: location, split: shokri-2017, recordsPerRole: 1200 }]',
    }),
    'data[1] says the same as data[0]',
    'Remove one',
  ),
  row(
    'pixels of what is no picture (two places at once)',
    study({ data: 'data: [adult, { catalog: adult, pixels: ▸32 }]' }),
    'the records of adult are no pictures',
    'Remove the pixels.',
  ),
  row(
    'too few pixels',
    audit({ data: 'data: { catalog: utkface, pixels: ▸7 }' }),
    'data.pixels must be a whole number from 8 to 256, not 7',
    'The nearest valid value is 8.',
  ),
  row(
    'the usual pixels, said twice',
    study({ data: 'data: [utkface, ▸{ catalog: utkface, pixels: 32 }]' }),
    'data[1] says the same as data[0]',
    'Remove one',
  ),
  row(
    'pixels of a pool that is no picture',
    attacks('[stealing/knockoff: { pool: ▸adult@32 }]'),
    ['attacks[0].stealing/knockoff.pool', 'not "adult@32"'],
    'Did you mean "adult"?',
  ),
  row(
    'a norm of a model without norms (two places at once)',
    audit({ target: 'target: { train: { model: mlp, norm: ▸group } }' }),
    'mlp has no norm to choose',
    'mlp has no options',
  ),
  row(
    'a norm that a model has not (two places at once)',
    audit({ target: 'target: { train: { model: wide-resnet-28-1, norm: ▸none } }' }),
    'wide-resnet-28-1 has no norm of kind none',
    ['norm: batch, group', 'dropout'],
  ),
  row(
    'a dropout of a model of a study that drops nothing (two places at once)',
    study({ models: 'models: [mlp, { simple-cnn: { dropout: ▸0.5, epochs: 3 } }]' }),
    'simple-cnn has no dropout to choose',
    'Remove dropout',
  ),
  row(
    'a dropout of everything',
    audit({ target: 'target: { train: { model: resnet18, dropout: ▸1 } }' }),
    'target.train.dropout must be a number from 0 to 0.99, not 1',
    'The nearest valid value is 0.99.',
  ),
  row(
    'a model of an attack with an option that it has not',
    attacks('[membership/ml-leaks: { architecture: ▸mlp+group-norm }]'),
    ['attacks[0].membership/ml-leaks.architecture', 'not "mlp+group-norm"'],
    'Did you mean "mlp"?',
  ),
  row(
    'a momentum of Adam (two places at once)',
    train('optimizer: adam, momentum: ▸0.9'),
    'adam has no momentum to choose',
    ['Remove momentum', 'optimizer: sgd'],
  ),
  row(
    'a momentum in a study that trains with Adam (two places at once)',
    study({
      models: 'models: [{ mlp: { momentum: ▸0.5 } }]',
      x: 'training: { optimizer: adam }',
    }),
    'adam has no momentum to choose',
    'Remove momentum',
  ),
  row(
    'an unknown optimiser',
    train('optimizer: ▸adma'),
    'target.train.optimizer must be one of sgd, adam, not "adma"',
    'Did you mean "adam"?',
  ),
  row(
    'a rule of pixels that are not in the lists (a rule of a value)',
    study({
      data: 'data: [utkface, adult]',
      exclude: 'exclude: [{ data: ▸utkface@64 }]',
    }),
    '"utkface@64", which is not in the study\'s list data',
    'Did you mean "utkface"?',
  ),

  // Models that take no options
  row(
    'an option of a network for a forest',
    audit({ target: 'target: { train: { model: random-forest, ▸epochs: 5 } }' }),
    'random-forest takes no training options, and "epochs" is given',
    ['Remove epochs', 'mlp'],
  ),
  row(
    'options of a network for a forest',
    audit({ target: 'target: { train: { ▸momentum: 0, model: random-forest, milestones: [] } }' }),
    ['"momentum" is given', '(and 1 more problem)'],
    'Remove momentum',
  ),
  row(
    'a training of its own for the forest of a study',
    study({ models: 'models: [mlp, { random-forest: { ▸epochs: 5 } }]' }),
    'models[1].random-forest takes no options, and "epochs" is given',
    'Remove epochs.',
  ),
  row(
    'a parameter of what has none',
    audit({ defense: 'defense: { none: { ▸lambda: 1 } }' }),
    'defense.none takes no options, and "lambda" is given',
    'Remove lambda.',
  ),

  // ML-Leaks, whose adversaries have parameters of their own
  row(
    'an unknown data set of an attack',
    attacks('[{ membership/ml-leaks: { adversary: 2, data: ▸fashion-mnst-10k } }]'),
    ['attacks[0].membership/ml-leaks.data', 'not "fashion-mnst-10k"'],
    'Did you mean "fashion-mnist-10k"?',
  ),
  row(
    'an attack that lacks its data set (two places at once)',
    attacks('[{ membership/ml-leaks: { adversary: ▸2 } }]'),
    'adversary 2 needs data',
    'Change the value',
  ),
  row(
    'a parameter of another adversary (two places at once)',
    attacks('[{ membership/ml-leaks: { queries: ▸10 } }]'),
    ['attacks[0].membership/ml-leaks.queries', 'only to 3'],
    'remove it',
  ),
  row(
    'a parameter of another kind of shadow data (two places at once)',
    attacks('[{ membership/shokri: { shadowData: noisy, kMin: ▸2 } }]'),
    'kMin belongs to shadowData: model',
    'remove it',
  ),

  // Stealing
  row(
    'a budget of no query',
    attacks('\n  - membership/loss-threshold\n  - stealing/knockoff: { budgets: [▸0, 100] }'),
    'attacks[1].stealing/knockoff.budgets[0] must be a whole number from 1 to 10000000, not 0',
    'The nearest valid value is 1.',
  ),
  row(
    'no budget at all',
    attacks('[stealing/data-free: { budgets: ▸[] }]'),
    'budgets must be a list of at least 1, not []',
    'Write a list of at least 1.',
  ),
  row(
    'budgets that fall',
    attacks('[stealing/posterior-matching: { budgets: [100, ▸50] }]'),
    'budgets[1] is 50: budgets must ascend',
    'Change the value',
  ),
  row(
    'an attack through a copy that nobody steals',
    attacks('\n  - { inversion/mi-face: {}, through: ▸stealing/knockoff }\n  - stealing/data-free'),
    'inversion/mi-face goes through stealing/knockoff, which is not in the list attacks',
    'Add stealing/knockoff to attacks',
  ),
  row(
    'an attack through a copy that is stolen twice',
    attacks(
      '\n  - { membership/loss-threshold: {}, through: ▸stealing/knockoff }\n  - stealing/knockoff\n  - stealing/knockoff: { loss: mse }',
    ),
    'of which there are 2: attacks[1] at 5:5, attacks[2] at 6:5',
    'Keep one of them',
  ),
  row(
    'membership through a copy of members',
    attacks(
      '\n  - { membership/loss-threshold: {}, through: ▸stealing/posterior-matching }\n  - stealing/posterior-matching: { auxiliary: partial }',
    ),
    'through a copy that learnt from members: stealing/posterior-matching has auxiliary: partial',
    'auxiliary: shadow',
    'MLD_ATTACK_UNSUITED',
  ),
  row(
    'a stolen copy of a copy, through a copy',
    attacks('[stealing/data-free, { stealing/knockoff: {}, through: ▸stealing/data-free }]'),
    'attacks[1].through is "stealing/data-free": only membership and inversion attacks go through a copy',
    'remove it',
  ),
  row(
    'an attribute attack through a copy',
    attacks('[stealing/data-free, { through: ▸stealing/data-free, attribute/tabular: {} }]'),
    'only membership and inversion attacks go through a copy',
    'remove it',
  ),
  row(
    'a stealing attack that gets labels only',
    audit({
      target: 'target: { train: { model: mlp }, offers: { output: label } }',
      attacks:
        'attacks: [▸stealing/data-free, { membership/loss-threshold: {}, through: stealing/data-free }]',
    }),
    'stealing/data-free needs posteriors; the target offers label at 2:52',
    'Remove the attack',
    'MLD_THREAT_MODEL',
  ),
  row(
    'a rule that adds an attack through a copy without the copy (two places at once)',
    study({
      attacks:
        'attacks: [stealing/data-free, { membership/loss-threshold: {}, through: stealing/data-free }]',
      include: 'include: [▸{ attack: membership/loss-threshold, seed: 3 }]',
    }),
    'adds membership/loss-threshold through stealing/data-free where no copy is stolen',
    'Name stealing/data-free under attack in this rule',
  ),

  // Values that do not go together
  row(
    'an attribute twice',
    audit({ data: 'data: { catalog: adult, slices: [sex, race, ▸sex] }' }),
    'data.slices[2] says the same as data.slices[0] at 1:34',
    'Remove one',
  ),
  row(
    'an unknown way with overlaps',
    audit({ data: 'data: { catalog: adult, overlap: ▸alow }' }),
    'data.overlap must be one of refuse, allow, not "alow"',
    'Did you mean "allow"?',
  ),
  row(
    'more records than there are',
    audit({ data: 'data: { catalog: fashion-mnist-10k, recordsPerRole: ▸2501 }' }),
    '2501 records: a quarter of fashion-mnist-10k holds 2500',
    '2500',
    'MLD_SPLIT',
  ),
  row(
    'more records in the second data set',
    study({ data: 'data: [adult, { catalog: adult, recordsPerRole: ▸12211 }]' }),
    'a quarter of adult holds 12210',
    '12210',
    'MLD_SPLIT',
  ),
  row(
    'an attack that gets labels only',
    audit({
      target: 'target: { train: { model: mlp }, offers: { output: label } }',
      attacks: 'attacks: [▸membership/loss-threshold]',
    }),
    'membership/loss-threshold needs posteriors; the target offers label at 2:52',
    ['Remove the attack', 'output: posteriors'],
    'MLD_THREAT_MODEL',
  ),
  row(
    'attacks of a study that get too little',
    study({
      offers: 'offers: { output: topK }',
      attacks: 'attacks: [▸membership/loss-threshold, membership/shadow-classifier]',
    }),
    ['needs posteriors; the target offers topK at 4:19', '(and 1 more problem)'],
    'Remove',
    'MLD_THREAT_MODEL',
  ),
  row(
    'an attack twice',
    attacks('[membership/loss-threshold, ▸membership/loss-threshold: { auxiliary: shadow }]'),
    'attacks[1] says the same as attacks[0] at 3:11',
    'Remove one',
  ),
  row(
    'a seed twice',
    study({ seeds: 'seeds: [1, 0, ▸1.0]' }),
    'seeds[2] says the same as seeds[0]',
    'Remove one',
  ),
  row(
    'a model twice',
    study({ models: 'models: [mlp, simple-cnn, ▸{ mlp: { epochs: 300 } }]' }),
    'models[2] says the same as models[0]',
    'Remove one',
  ),
  row(
    'a data set twice',
    study({ data: 'data: [adult, ▸{ catalog: adult, recordsPerRole: 12210 }]' }),
    'data[1] says the same as data[0]',
    'Remove one',
  ),
  row(
    'a defence twice, through an alias',
    study({ defenses: 'defenses: [&d { l2: {} }, ▸*d]' }),
    'defenses[1] says the same as defenses[0]',
    'Remove one',
  ),

  // Rules of a study
  row(
    'a rule of a value that is not in the lists',
    study({ models: 'models: [mlp]', exclude: 'exclude: [{ model: ▸simple-cnn }]' }),
    '"simple-cnn", which is not in the study\'s list models',
    'Known values of models: mlp',
  ),
  row(
    'a rule of two values, one not in the lists',
    study({ exclude: 'exclude: [{ data: adult, seed: [0, ▸1] }]' }),
    "1, which is not in the study's list seeds",
    'Known values of seeds: 0',
  ),
  row(
    'a rule that drops nothing',
    study({ exclude: 'exclude: [{ data: adult }, ▸{ data: adult, model: mlp }]' }),
    'this rule drops nothing',
    'Remove it',
  ),
  row(
    'a rule that drops the rest',
    study({ exclude: 'exclude: [{ data: adult }, ▸{ model: [mlp, simple-cnn] }]' }),
    'after this rule nothing is left',
    'Remove the rule',
  ),
  row(
    'a rule that adds nothing',
    study({ include: 'include: [▸{ data: adult }]' }),
    'this rule adds nothing',
    'name new seeds',
  ),
  row(
    'a rule that says nothing',
    study({ exclude: 'exclude: [▸{}]' }),
    'a rule names at least one',
    'Change the value',
  ),
  row(
    'a rule of no values',
    study({ exclude: 'exclude: [{ seed: ▸[] }]' }),
    'exclude[0].seed must be a list of at least 1',
    'Write a list',
  ),
  row(
    'a rule of an unknown axis',
    study({ include: 'include: [{ ▸seeds: 3 }]' }),
    'unknown key "seeds" in include[0]',
    '"seed"',
  ),
  row(
    'a rule of the same value twice',
    study({ include: 'include: [{ seed: [3, ▸3] }]' }),
    'include[0].seed[1] says the same',
    'Remove one',
  ),
  row(
    'a rule of an unknown model',
    study({ include: 'include: [{ model: ▸mpl, seed: 3 }]' }),
    'there is no model "mpl"',
    '"mlp"',
  ),
  row(
    'a grid beyond measure',
    `▸${study({
      data: `data: [${numbers((n) => `{ catalog: adult, recordsPerRole: ${n} }`)}]`,
      models: `models: [${numbers((n) => `{ mlp: { epochs: ${n} } }`)}]`,
      seeds: `seeds: [${numbers(String)}]`,
      include: 'include: [{ seed: 0 }]',
    })}`,
    'the study has 1010000 combinations, 1000000 at most',
    'Shorten its lists',
  ),
];
