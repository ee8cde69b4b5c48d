/** Configurations of an own audit, and the same said by options. */

import { auditOf, type BadCase, GOOD, ofConfig, outputsOf } from './bad-case.ts';

const CONFIG = 'MLD_CONFIG';

const right = (target = '', data = '', more = ''): string => `data:
  members: ${GOOD}/members.npz
  nonMembers: ${GOOD}/others.npz
${data}
target:
  onnx: ${GOOD}/model.onnx
${target}
${more}
`;

const config = (title: string, text: string, says?: RegExp, code = CONFIG): BadCase => ({
  ...{ title, code, ...ofConfig(text) },
  ...(says && { says }),
});
const inTarget = (title: string, line: string, says?: RegExp, code = CONFIG) =>
  config(title, right(`  ${line}`), says, code);
const inData = (title: string, line: string, says?: RegExp, code = CONFIG) =>
  config(title, right('', `  ${line}`), says, code);
const flag = (title: string, code: string, ...args: readonly string[]): BadCase => ({
  ...{ title, code, args: auditOf({}, ...args) },
});

/** Lists of lists by aliases: 9^10 entries, if somebody counted them. */
const aliases = (): string =>
  [
    'a0: &a0 [x, x, x, x, x, x, x, x, x]',
    ...Array.from({ length: 10 }, (_, i) => `a${i + 1}: &a${i + 1} [${new Array(9).fill(`*a${i}`).join()}]`),
    right(),
  ].join('\n');

export const CONFIG_CASES: readonly BadCase[] = [
  config('nothing', ''),
  config('a configuration of control characters', 'name: a\x07b\n'),
  config('flow lists 10,000 deep', `data: ${'['.repeat(10_000)}${']'.repeat(10_000)}`),
  config(
    'block mappings 2,000 deep',
    Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:`)
      .join('\n')
      .slice(0, 500_000),
  ),
  config('a billion laughs', aliases()),
  config('an anchor that holds itself', `a: &a [*a]\n${right()}`),
  config('!!js/function', right('', '', 'name: !!js/function "function () { return 1 }"')),
  config('!!python/object', right('', '', 'name: !!python/object/apply:os.system ["touch pwned"]')),
  config('a merge key', `base: &b { seed: 1 }\n<<: *b\n${right()}`),
  config('__proto__', right('', '', '__proto__: { confirm: true }')),
  config('a second document', `${right()}---\nseed: 1\n`),
  config('a key twice', right('', '', 'seed: 1\nseed: 2')),
  config('4 MiB of text', `name: ${'x'.repeat(4 << 20)}\n`),
  config('a configuration in UTF-16', Buffer.from(right(), 'utf16le').toString('latin1')),
  config('a tab for indentation', 'target:\n\tonnx: a.onnx\n'),
  config('an unknown key at the top', right('', '', 'atacks: []'), /attacks/),
  inTarget('an unknown key of the target', 'scalee: 1', /scale/),
  inData('an unknown key of the data', 'member: x'),
  inTarget('an unknown key of the shadows', 'shadows: { epoch: 3 }', /epochs/),
  inTarget('an unknown key of offers', 'offers: { acces: black-box }', /access/),
  inTarget('an unknown key of expectAccuracy', 'expectAccuracy: { member: 1 }'),
  config(
    'an unknown key of the service',
    `data: { members: a.npz, nonMembers: b.npz }\ntarget: { endpoint: 'http://x', service: { kind: json, url: 'http://x', setings: {} } }`,
    /settings/,
  ),
  config(
    'an unknown key of the service’s endpoint',
    `data: { members: a.npz, nonMembers: b.npz }\ntarget: { endpoint: 'http://x', service: { kind: json, url: 'http://x', endpoint: { uri: x } } }`,
  ),
  config('an unknown key of a plugin', right('', '', 'plugins: [{ fil: a.mjs }]')),
  inTarget('both a file and outputs', 'outputs: o.csv', /exactly one/),
  inTarget('both a file and an endpoint', "endpoint: 'http://localhost'", /exactly one/),
  config('no target at all', 'data: { members: a.npz, nonMembers: b.npz }\n'),
  config('a target of nothing', 'target: {}\n'),
  config('a target that is a text', 'target: model.onnx\n'),
  config('a target that is a list', 'target: [a, b]\n'),
  config(
    'a service without its endpoint',
    `data: { members: a.npz, nonMembers: b.npz }\ntarget: { service: { kind: json, url: 'http://x' } }`,
  ),
  config('data that is a list', `data: []\ntarget: { onnx: ${GOOD}/model.onnx }\n`),
  config(
    'members alone',
    `data: { members: ${GOOD}/members.npz }\ntarget: { onnx: ${GOOD}/model.onnx }\n`,
    /nonMembers/,
  ),
  config('no data', `target: { onnx: ${GOOD}/model.onnx }\n`, /members/),
  config(
    'members that are a number',
    `data: { members: 7, nonMembers: 8 }\ntarget: { onnx: ${GOOD}/model.onnx }\n`,
  ),
  inData('a sample of 0', 'sample: 0'),
  inData('a sample below 0', 'sample: -5'),
  inData('a sample with a fraction', 'sample: 10.5'),
  inData('a sample of .inf', 'sample: .inf'),
  inData('one class', 'classes: [a]'),
  inData('classes of the wrong type', 'classes: yes'),
  inData('classes twice', 'classes: [a, b, a]', undefined, 'MLD_DATA_INVALID'),
  inData('fewer classes than the model has', 'classes: ["0", "1"]', undefined, 'MLD_DATA_INVALID'),
  inData('more classes than the model has', 'classes: [cat, dog, cow, hen]', undefined, 'MLD_DATA_INVALID'),
  inData('attributes that no array has', 'attributes: [a]', undefined, 'MLD_DATA_INVALID'),
  inData('a layout of nowhere', 'layout: chw'),
  inData('an overlap that is wished for', 'overlap: yes'),
  inTarget('a scale of 1/0', 'scale: 1/0'),
  inTarget('a scale of 0', 'scale: 0'),
  inTarget('a scale of 0/1', 'scale: 0/1'),
  inTarget('a scale of .nan', 'scale: .nan'),
  inTarget('a scale of .inf', 'scale: .inf'),
  inTarget('a scale that is a function', "scale: 'process.exit(0)'"),
  inTarget('a std of 0', 'std: 0'),
  inTarget('a std below 0', 'std: [-1]'),
  inTarget('a std of .inf', 'std: .inf'),
  inTarget('a std of nothing', 'std: []'),
  inTarget('a mean of text', 'mean: a'),
  inTarget('as many means as there are no columns', 'mean: [1, 2, 3]', undefined, 'MLD_DATA_INVALID'),
  inTarget('an accuracy of 2', 'expectAccuracy: 2'),
  inTarget('an accuracy that the model has not', 'expectAccuracy: 1', undefined, 'MLD_ACCURACY'),
  inTarget('an endpoint’s key at a file', 'budget: 5', /means nothing/),
  inTarget('a shadow model that is none', 'shadows: { model: resnet-9000 }'),
  inTarget('shadows of 0 epochs', 'shadows: { epochs: 0 }'),
  inTarget('an access that is none', 'offers: { access: grey-box }'),
  inTarget('an output that is none', 'output: odds'),
  config('a seed below 0', right('', '', 'seed: -1')),
  config('a seed of 2^60', right('', '', 'seed: 1152921504606846976')),
  config('attacks that are a number', right('', '', 'attacks: 5')),
  config('no attacks', right('', '', 'attacks: []')),
  config('an attack that is none', right('', '', 'attacks: [membership/liar]'), /lira/),
  config('an attack of unknown parameters', right('', '', 'attacks: [{ membership/lira: { modles: 3 } }]')),
  config(
    'an attack that needs another’s records',
    right('', '', 'attacks: [membership/shokri]'),
    undefined,
    'MLD_ATTACK_UNSUITED',
  ),
  config(
    'an attack that trains the target anew',
    right('', '', 'attacks: [membership/one-run-audit]'),
    undefined,
    'MLD_ATTACK_UNSUITED',
  ),
  config('a defence of the training', right('', '', 'defense: dp-sgd'), undefined, 'MLD_DEFENSE_UNSUITED'),
  config('a defence that is none', right('', '', 'defense: prayer')),
  config('plugins that are a text', right('', '', 'plugins: a.mjs')),
  {
    title: 'a configuration that is a folder',
    code: CONFIG,
    args: ['audit', 'd', '--out', 'out'],
    files: () => ({ d: { special: 'folder' } }),
  },
  { title: 'a configuration that is not there', code: CONFIG, args: ['audit', 'no.yaml', '--out', 'out'] },
  { title: 'a configuration that is /dev/zero', code: CONFIG, args: ['audit', '/dev/zero', '--out', 'out'] },
  {
    title: 'a configuration that is an ONNX file',
    code: CONFIG,
    args: ['audit', `${GOOD}/model.onnx`, '--out', 'out'],
  },
  {
    title: 'a configuration of no UTF-8',
    code: CONFIG,
    args: ['audit', 'a.yaml', '--out', 'out'],
    files: () => ({ 'a.yaml': Buffer.from([0x61, 0x3a, 0x20, 0xff]) }),
  },
  flag('an option that is none', 'MLD_USAGE', '--modle', 'x'),
  flag('a scale of letters by option', 'MLD_USAGE', '--scale', 'x'),
  flag('a scale of 1/0 by option', CONFIG, '--scale', '1/0'),
  flag('a scale of 1/2/3 by option', CONFIG, '--scale', '1/2/3'),
  flag('a sample of 0 by option', CONFIG, '--sample', '0'),
  flag('a sample of Infinity by option', 'MLD_USAGE', '--sample', 'Infinity'),
  flag('a std of 0 by option', CONFIG, '--std', '0'),
  flag('a mean of 1,,2 by option', 'MLD_USAGE', '--mean', '1,,2'),
  flag('an accuracy of 2 by option', CONFIG, '--expect-accuracy', '2'),
  flag('an accuracy of three numbers', 'MLD_USAGE', '--expect-accuracy', '.5,.5,.5'),
  flag('a store with a NUL', 'MLD_OUTPUT_UNWRITABLE', '--store', 'a\0b'),
  flag('outputs beside a model', CONFIG, '--outputs', 'o.csv'),
  flag('0 workers', 'MLD_USAGE', '--workers', '0'),
  flag('a budget at a file', CONFIG, '--budget', '5'),
  flag('a seed of letters', 'MLD_USAGE', '--seed', 'x'),
  flag('an unknown attack by option', 'MLD_USAGE', '--attacks', 'membership/liar'),
  flag('no attack by option', 'MLD_USAGE', '--attacks', ''),
  flag('slices without names', CONFIG, '--slices', ''),
  flag('a store that is a file', 'MLD_OUTPUT_UNWRITABLE', '--store', `${GOOD}/outputs.csv`),
  {
    title: 'an out that is a file',
    code: 'MLD_OUTPUT_UNWRITABLE',
    args: auditOf({ '--out': `${GOOD}/outputs.csv` }),
  },
  {
    title: 'an out below a file',
    code: 'MLD_OUTPUT_UNWRITABLE',
    args: auditOf({ '--out': `${GOOD}/outputs.csv/x/y` }),
  },
  {
    title: 'an out that is a named pipe',
    code: 'MLD_OUTPUT_UNWRITABLE',
    args: auditOf({ '--out': 'p' }),
    files: () => ({ p: { special: 'pipe' } }),
  },
  { title: 'an out of no name', code: 'MLD_USAGE', args: auditOf({ '--out': '' }) },
  { title: 'an out with a NUL', code: 'MLD_OUTPUT_UNWRITABLE', args: auditOf({ '--out': 'a\0b' }) },
  {
    title: 'an out that is a device',
    code: 'MLD_OUTPUT_UNWRITABLE',
    args: auditOf({ '--out': '/dev/null' }),
  },
  {
    title: 'an out in /proc',
    code: 'MLD_OUTPUT_UNWRITABLE',
    args: auditOf({ '--out': '/proc/nowhere/out' }),
  },
  {
    title: 'an out that links to itself',
    code: 'MLD_OUTPUT_UNWRITABLE',
    args: auditOf({ '--out': 'l' }),
    files: () => ({ l: { link: 'l' } }),
  },
  {
    title: 'options beside a configuration',
    code: 'MLD_USAGE',
    args: ['audit', 'a.yaml', '--model', 'm', '--out', 'out'],
  },
  { title: 'nothing to audit', code: 'MLD_USAGE', args: ['audit', '--out', 'out'] },
  {
    title: 'members beside outputs',
    code: CONFIG,
    args: outputsOf(`${GOOD}/outputs.csv`, '--members', 'x.npz'),
  },
];
