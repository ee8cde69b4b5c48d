/** Bad configurations and what is said of them: a mark ▸ shows the place that must be named. */

import { auditWith, studyWith } from './samples.ts';

export interface BadInput {
  readonly title: string;
  readonly text: string;
  /** `MLD_CONFIG` unless said otherwise. */
  readonly code?: string;
  /** Parts of the message after the place. */
  readonly says: readonly string[];
  /** Parts of the hint. */
  readonly hints: readonly string[];
}

const audit = (lines: Record<string, string>) => auditWith(lines);
const train = (fields: string) => auditWith({ target: `target: { train: { model: mlp, ${fields} } }` });
const attacks = (list: string) => auditWith({ attacks: `attacks: ${list}` });
const study = (lines: Record<string, string>) => studyWith(lines);

const row = (
  title: string,
  text: string,
  says: string | readonly string[],
  hints: string | readonly string[],
  code?: string,
): BadInput => ({
  title,
  text,
  says: [says].flat(),
  hints: [hints].flat(),
  ...(code !== undefined && { code }),
});

/** One to a hundred. */
const numbers = (write: (n: number) => string): string =>
  Array.from({ length: 100 }, (_, i) => write(i + 1)).join();

const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
  .concat(
    'bcdef'.split('').map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdef'[i]}`).join(', ')}]`),
  )
  .join('\n');

export const BAD_INPUTS: readonly BadInput[] = [
  // Keys
  row(
    'a misspelt key',
    audit({ data: '▸dta: adult' }),
    'unknown key "dta" at the top',
    'Did you mean "data"?',
  ),
  row(
    'a misspelt key in a mapping',
    audit({ data: 'data: { catalog: adult, ▸recordPerRole: 3 }' }),
    ['unknown key "recordPerRole" in data'],
    'Did you mean "recordsPerRole"?',
  ),
  row(
    'another way of writing a key',
    train('▸batch_size: 3'),
    'unknown key "batch_size" in target.train',
    '"batchSize"',
  ),
  row('the target misspelt', audit({ target: '▸taget: {}' }), 'unknown key "taget" at the top', '"target"'),
  row(
    'the models misspelt',
    study({ models: '▸model: [mlp]' }),
    'unknown key "model" at the top',
    '"models"',
  ),
  row('a key of a study in an audit', audit({ seeds: '▸seeds: [0]' }), 'unknown key "seeds"', '"seed"'),
  row('a key like no other', audit({ x: '▸zzzzzz: 1' }), 'unknown key "zzzzzz"', [
    'Known keys:',
    'defense',
    'seed',
  ]),
  row('a key of other letters', audit({ x: '▸дата: 1' }), 'unknown key "дата"', 'Known keys:'),
  row('an empty key', audit({ x: '▸"": 1' }), 'unknown key ""', 'Known keys:'),
  row(
    'an unknown key in an attack',
    attacks('[membership/loss-threshold: { ▸auxilary: none }]'),
    'unknown key "auxilary" in attacks[0].membership/loss-threshold',
    '"auxiliary"',
  ),
  row(
    'the key __proto__',
    audit({ x: '▸__proto__: { data: adult }' }),
    'unknown key "__proto__"',
    'Known keys:',
  ),
  row(
    'the key constructor in an attack',
    attacks('[membership/loss-threshold: { ▸constructor: 1 }]'),
    'unknown key "constructor"',
    'auxiliary',
  ),
  row(
    'an attack named toString',
    attacks('[▸toString]'),
    'there is no attack "toString"',
    'Known attacks: membership/loss-threshold',
  ),
  row(
    'an attack named __proto__',
    attacks('[{ ▸__proto__: {} }]'),
    'there is no attack "__proto__"',
    'Known attacks:',
  ),
  row('a missing key', `▸${audit({ data: '' })}`, 'the file lacks the key "data"', 'for example data: adult'),
  row(
    'a missing key in a mapping',
    audit({ target: 'target: { train: ▸{ epochs: 3 } }' }),
    'target.train lacks the key "model"',
    'for example model: mlp',
  ),
  row(
    'a missing mapping',
    audit({ target: 'target: ▸{}' }),
    'target lacks the key "train"',
    'train: { model: mlp }',
  ),
  row(
    'neither target nor models',
    `▸${audit({ target: '' })}`,
    ['neither "target"', 'nor "models"'],
    'An audit has "target"',
  ),
  row(
    'both target and models',
    audit({ models: '▸models: [mlp]' }),
    'both "target", of an audit, and "models", of a study',
    'a study has "models"',
  ),
  row('a key twice', audit({ x: '▸data: adult' }), ['the key "data" stands here again', '1:1'], 'Remove one'),
  row(
    'a key twice, spelt in two ways',
    '{"data": "adult", ▸"d\\u0061ta": "adult"}',
    'the key "data" stands here again; the first is at 1:2',
    'Remove one',
  ),
  row('a key that is a list', audit({ x: '? ▸[a]\n: 1' }), 'a key must be a plain text', 'Write the key out'),
  row('a merge key', audit({ x: '▸<<: { seed: 1 }' }), 'merge keys (<<)', 'Write the keys out'),

  // Names from the registries
  row(
    'an unknown data set',
    audit({ data: 'data: ▸fashion-mnist10k' }),
    'there is no data set "fashion-mnist10k"',
    '"fashion-mnist-10k"',
  ),
  row(
    'the beginning of a data set',
    audit({ data: 'data: { catalog: ▸fashion }' }),
    'there is no data set "fashion"',
    '"fashion-mnist-10k"',
  ),
  row(
    'an unknown model',
    audit({ target: 'target: { train: { model: ▸vgg } }' }),
    'there is no model "vgg"',
    'Known models: mlp, simple-cnn',
  ),
  row(
    'an unknown attack',
    attacks('[membership/loss-threshold, ▸membership/loss-treshold]'),
    'there is no attack "membership/loss-treshold"',
    '"membership/loss-threshold"',
  ),
  row(
    'an unknown attack with parameters',
    attacks('\n- ▸loss-threshold: { auxiliary: none }'),
    'there is no attack "loss-threshold"',
    '"membership/loss-threshold"',
  ),
  row('an unknown defence', audit({ defense: 'defense: { ▸L-2: {} }' }), 'there is no defence "L-2"', '"l2"'),
  row('no, which is a word', audit({ defense: 'defense: ▸no' }), 'there is no defence "no"', '"none"'),
  row(
    'yes, which is a word',
    audit({ seed: 'seed: ▸yes' }),
    'seed must be a whole number, 0 or more, not "yes"',
    'Write a whole number',
  ),
  row(
    'an unknown split',
    audit({ data: 'data: { catalog: adult, split: ▸ml-doctor-2021 }' }),
    'data.split must be ml-doctor-2022, not "ml-doctor-2021"',
    'Did you mean "ml-doctor-2022"?',
  ),
  row(
    'an unknown access',
    audit({ target: 'target: { train: { model: mlp }, offers: { access: ▸whitebox } }' }),
    'must be one of black-box, white-box, not "whitebox"',
    '"white-box"',
  ),
  row(
    'an unknown output',
    audit({ target: 'target: { train: { model: mlp }, offers: { output: ▸logits } }' }),
    'one of label, top1, topK, posteriors',
    'Known values: label',
  ),

  // Types
  row(
    'a list for one value',
    audit({ data: 'data: ▸[adult]' }),
    'data must be a data set',
    'Write one value',
  ),
  row(
    'one value for a list',
    audit({ attacks: 'attacks: ▸membership/loss-threshold' }),
    'attacks must be a list of at least 1, not "membership/loss-threshold"',
    '[ membership/loss-threshold ]',
  ),
  row(
    'a number for a name',
    audit({ data: 'data: ▸3' }),
    'data must be a data set, not 3',
    'Write one of adult, fashion-mnist-10k.',
  ),
  row(
    'a number for an attack',
    attacks('[▸0x10]'),
    'attacks[0] must be an attack, not 0x10',
    'Write one of membership/loss-threshold',
  ),
  row(
    'a mapping for a list',
    audit({ attacks: 'attacks: ▸{ membership/loss-threshold: {} }' }),
    'attacks must be a list',
    'Write a list',
  ),
  row(
    'a list for a mapping',
    audit({ target: 'target: ▸[mlp]' }),
    'target must be a mapping of keys to values, not ["mlp"]',
    'Write one value',
  ),
  row(
    'true for a number',
    train('epochs: ▸true'),
    'target.train.epochs must be a whole number, 1 or more, not true',
    'Write a whole number',
  ),
  row('a number in quotes', train('epochs: ▸"60"'), 'not "60"', 'Write 60 without quotes.'),
  row(
    'a number with a unit',
    train('epochs: ▸60 epochs'),
    'not "60 epochs"',
    'Write a whole number, 1 or more.',
  ),
  row('a number with an underscore', train('epochs: ▸1_000'), 'not "1_000"', 'Write a whole number'),
  row(
    'nothing',
    'data: adult\ntarget: { train: { model: mlp } }\nattacks:▸\n',
    'attacks is empty; it must be a list of at least 1',
    'for example [membership/loss-threshold]',
  ),
  row('null', audit({ data: 'data: ▸null' }), 'data must be a data set, not null', 'For example: adult'),
  row('~', audit({ defense: 'defense: ▸~' }), 'defense must be a defence, not ~', 'For example: none'),
  row(
    'parameters indented too little',
    attacks('\n- membership/shadow-classifier:▸\n  epochs: 50'),
    ['nothing stands under "membership/shadow-classifier"', '(and 1 more problem)'],
    'Indent its parameters deeper',
  ),
  row('an item of a list that is empty', attacks('\n-▸'), 'attacks[0] is empty', 'For example:'),
  row(
    'two names in one item',
    attacks('\n- ▸membership/loss-threshold: {}\n  membership/shadow-classifier: {}'),
    'name exactly one attack',
    'Change the value',
  ),
  row(
    'no name in an item',
    attacks('[▸{}]'),
    'attacks[0] is {}: name exactly one attack',
    'Change the value',
  ),
  row(
    'a list of no attacks',
    attacks('▸[]'),
    'attacks must be a list of at least 1, not []',
    'Write a list of at least 1',
  ),
  row(
    'a title of two lines',
    audit({ name: 'name: ▸"a\\nb"' }),
    'name must be a text of one line',
    'Write a text',
  ),
  row(
    'an empty title',
    audit({ name: 'name: ▸""' }),
    'name must be a text of one line, 200 characters at most, not ""',
    'Write a text',
  ),
  row('half a character', audit({ name: 'name: ▸"a\\ud83d"' }), 'half of a character', 'Change the value'),
  row(
    'a long text',
    audit({ name: `name: ▸${'long '.repeat(100)}` }),
    ['not "long long', '…'],
    'Write a text of one line',
  ),
  row(
    'a text that would steer a terminal',
    audit({ data: 'data: ▸"\\e[31m\\u202eadult"' }),
    'there is no data set "[31madult"',
    '',
  ),
  row(
    'a scalar at the top',
    '▸data',
    'a configuration must be a mapping of keys to values, not "data"',
    'ml-doctor init',
  ),
  row(
    'a list at the top',
    '▸- data: adult',
    'a configuration must be a mapping of keys to values, not [',
    'ml-doctor init',
  ),

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

  // Values that do not go together
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

  // YAML
  row('nothing at all', '▸', 'the file is empty', 'ml-doctor init'),
  row('blank lines', '▸\n \n', 'the file is empty', 'ml-doctor init'),
  row('comments only', '▸# data: adult\n', 'the file says nothing', 'ml-doctor init'),
  row(
    'a tab that indents',
    'data: adult\ntarget:\n▸\ttrain: {}\n',
    'a tab indents this line',
    'Indent with spaces',
  ),
  row(
    'a key without a space',
    'data: adult\n▸seed:1\ntarget: {}\n',
    'this line is no `key: value`',
    'space after the colon',
  ),
  row('a scalar without a space', '▸seed:1', 'must be a mapping', 'space after each colon'),
  row(
    'a second key on a line',
    'seed: ▸1 data: adult',
    'a second `key: value` begins inside a value',
    'on its own line',
  ),
  row(
    'an indented neighbour',
    'data: adult\nseed: ▸1\n  name: x\n',
    'a second `key: value`',
    'as far in as its neighbours',
  ),
  row('a bracket that stays open', 'attacks: [a, b▸\n', 'opened with [ or {', 'Close it'),
  row('a quote that stays open', 'name: "a▸\n', 'missing closing " quote', 'quotes'),
  row('a sign that begins no text', 'name: ▸@home', 'cannot begin with this character', 'in quotes'),
  row('an unknown escape', 'name: "a▸\\q"', 'invalid escape sequence \\q', 'Correct the line'),
  row(
    'two documents',
    'data: adult\n▸---\ndata: adult\n',
    'a second document begins',
    'one configuration in a file',
  ),
  row('another version of YAML', '▸%YAML 1.1\n---\nseed: yes\n', 'YAML 1.1', 'Remove its line %YAML'),
  row('an unknown directive', '▸%FOO bar\n---\nseed: 1\n', 'unknown directive %FOO', 'Correct the line'),
  row('a tag', audit({ seed: 'seed: !!int ▸"0"' }), 'carries the tag !!int', 'Remove the tag'),
  row('a tag of its own', audit({ defense: 'defense: ▸!none {}' }), 'carries a tag', 'Remove the tag'),
  row(
    'an alias of nothing',
    audit({ defense: 'defense: ▸*none' }),
    'nothing before *none carries its anchor',
    'Put &none before',
  ),
  row(
    'an alias of what contains it',
    'a: &a [▸*a]\n',
    'nothing before *a carries its anchor',
    'write the value here',
  ),
  row('an alias as a key', 'a: &a x\n▸*a : 1\n', 'a key must be a plain text', 'Write the key out'),
  row('aliases that explode', bomb, 'this alias stands for too much', 'Write the values out'),
  row('deep nesting', `a: ${'['.repeat(63)}▸${'['.repeat(99_937)}`, 'nested too deeply', '64 levels'),
  row(
    'deep nesting in blocks',
    `${'- '.repeat(64)}▸- ${'- '.repeat(20_000)}x`,
    'nested too deeply',
    '64 levels',
  ),
  row('a bell', 'name: a▸\u0007b', 'control character U+0007', 'plain text in UTF-8'),
  row('bytes', '\u007fELF\u0002\u0001'.replace(/^/, '▸'), 'control character U+007F', 'plain text'),
  row('lines that end in CR', 'data: adult▸\rseed: 1\r', 'control character U+000D', 'LF or CR LF'),
  row(
    'five megabytes',
    `▸${'seed: 1 # and so on\n'.repeat(250_000)}`,
    '524288 characters, this file 5000000',
    'not data',
  ),

  // JSON
  row(
    'a misspelt key in JSON',
    '{\n\t"data": "adult",\n\t"target": { "train": { "model": "mlp" } },\n\t"attacks": ["membership/loss-threshold"],\n\t▸"sed": 1\n}',
    'unknown key "sed" at the top',
    '"seed"',
  ),
  row(
    'a wrong value in JSON',
    '{"data":"adult","target":{"train":{"model":"mlp","epochs":▸"60"}},"attacks":["membership/loss-threshold"]}',
    'target.train.epochs',
    'Write 60 without quotes',
  ),
  row(
    'JSON with a comma missing',
    '{"data": ▸"adult" "seed": 1}',
    'a comma is missing after this value',
    'commas',
  ),
  row('JSON with a colon missing', '{"data" ▸"adult"}', 'missing , or :', 'commas'),
  row('JSON that ends early', '{\n  "data": "adult",\n  "target": {▸\n', 'opened with [ or {', 'Close it'),
  row('JSON with two commas', '{"data": "adult",▸, "seed": 1}', 'unexpected ,', 'commas'),
  row('JSON with something after it', '{"data": "adult"} ▸x', 'unexpected scalar', 'Correct the line'),
  row('JSON with a bracket too many', '{"data": "adult"}▸}', 'unexpected', 'brackets'),
  row(
    'JSON with a key twice',
    '{"data": "adult",\n ▸"data": "adult"}',
    'the key "data" stands here again; the first is at 1:2',
    'Remove one',
  ),
  row(
    'JSON with __proto__',
    '{"data":"adult","target":{▸"__proto__":{"train":1},"train":{"model":"mlp"}},"attacks":["membership/loss-threshold"]}',
    'unknown key "__proto__" in target',
    'Known keys: train, offers',
  ),
  row(
    'JSON with a huge number',
    '{"data":"adult","target":{"train":{"model":"mlp"}},"attacks":["membership/loss-threshold"],"seed":▸123456789012345678901234567890}',
    'not 123456789012345678901234567890',
    'nearest valid value',
  ),
];

/** Places counted by hand: [text, place]. */
export const COUNTED: readonly (readonly [title: string, text: string, place: string])[] = [
  ['the first character', 'x', '1:1'],
  ['after CR LF', 'data: adult\r\ntarget: { train: { model: mlp } }\r\nattacks: [3]\r\n', '3:11'],
  ['after a byte order mark', '\uFEFFx: 1', '1:1'],
  [
    'after a character of two code units',
    '{name: "🎲", dta: 1, target: {train: {model: mlp}}, attacks: [membership/loss-threshold]}',
    '1:14',
  ],
  ['after characters of several bytes', 'name: "äöü", x: 1', '1:7'],
  ['in JSON indented with tabs', '{\n\t"target": {\n\t\t"train": {\n\t\t\t"model": 3\n\t\t}\n\t}\n}', '1:1'],
  ['at the end without a line feed', 'attacks: [', '1:11'],
];
