/** Bad configurations: texts that are no YAML or JSON, or could be read in two ways. */

import { type BadInput, row } from './bad-input.ts';
import { auditWith as audit } from './samples.ts';

const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
  .concat(
    'bcdef'.split('').map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdef'[i]}`).join(', ')}]`),
  )
  .join('\n');

export const BAD_TEXTS: readonly BadInput[] = [
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
