/** What comes after an audit, and beside it: reports, policies, stores, plugins. */

import { reportToJson } from '../../src/report/canonical.ts';
import { runToJson } from '../../src/report/run-record.ts';
import { type Draft, sampleReport, sampleRun } from '../report/sample-report.ts';
import { type BadCase, GOOD, type Planted } from './bad-case.ts';

const REPORT = 'MLD_REPORT_INVALID';
const POLICY = 'MLD_POLICY';
const RULE = 'limits: [{ attack: membership/*, metric: auc, max: 0.7 }]\n';

const report = (): Readonly<Record<string, Planted>> => ({
  'r/report.json': reportToJson(sampleReport()),
  'r/run.json': runToJson(sampleRun()),
});
const spoilt = (change: (text: string) => string | Uint8Array) => (): Readonly<Record<string, Planted>> => ({
  ...report(),
  'r/report.json': change(reportToJson(sampleReport())),
});
const without = (change: (draft: Draft) => void) =>
  spoilt((text) => {
    const draft = JSON.parse(text) as Draft;
    change(draft);
    return JSON.stringify(draft);
  });

const rendered = (
  title: string,
  code: string,
  files: BadCase['files'],
  ...more: readonly string[]
): BadCase => ({
  ...{ title, code, args: ['report', 'r', ...more] },
  ...(files && { files }),
});
const policy = (title: string, text: string | Uint8Array, code = POLICY): BadCase => ({
  ...{ title, code, args: ['gate', 'r', '--policy', 'p.yaml', '--out', 'out'] },
  files: () => ({ ...report(), 'p.yaml': text }),
});
const plugin = (title: string, text: string, code = 'MLD_PLUGIN'): BadCase => ({
  ...{ title, code, args: ['audit', 'a.yaml', '--out', 'out'] },
  files: () => ({
    'a.yaml': `plugins: [./p.mjs]\ndata: { members: ${GOOD}/members.npz, nonMembers: ${GOOD}/others.npz }\ntarget: { onnx: ${GOOD}/model.onnx }\n`,
    'p.mjs': text,
  }),
});

export const AFTER_CASES: readonly BadCase[] = [
  rendered('a report folder that is not there', 'MLD_REPORT_MISSING', undefined),
  rendered('a report folder that is empty', 'MLD_REPORT_MISSING', () => ({ r: { special: 'folder' } })),
  rendered('a report folder that is a file', 'MLD_REPORT_MISSING', () => ({ r: 'x' })),
  rendered(
    'a report of nothing',
    REPORT,
    spoilt(() => ''),
  ),
  rendered(
    'a report cut to half',
    REPORT,
    spoilt((text) => text.slice(0, text.length / 2)),
  ),
  rendered(
    'a report that is no UTF-8',
    REPORT,
    spoilt(() => Buffer.from([0xff, 0xfe, 0, 1])),
  ),
  rendered(
    'a report of another schema',
    REPORT,
    spoilt((text) => text.replace('report@1', 'report@9')),
  ),
  rendered(
    'a report that is a list',
    REPORT,
    spoilt(() => '[]'),
  ),
  rendered(
    'a report that is null',
    REPORT,
    spoilt(() => 'null'),
  ),
  rendered(
    'a report nested 100,000 deep',
    REPORT,
    spoilt(() => '['.repeat(100_000)),
  ),
  rendered(
    'a report without results',
    REPORT,
    without((draft) => {
      (draft as { results?: unknown }).results = undefined;
    }),
  ),
  rendered(
    'a report with an AUC of text',
    REPORT,
    spoilt((text) => text.replace(/"auc": ?\{/, '"auc": "high", "old": {')),
  ),
  rendered(
    'a report with an unknown key',
    REPORT,
    without((draft) => {
      (draft as { more?: unknown }).more = 1;
    }),
  ),
  rendered('a report that is a folder', REPORT, () => ({ 'r/report.json': { special: 'folder' } })),
  rendered('a report that is a named pipe', REPORT, () => ({ 'r/report.json': { special: 'pipe' } })),
  rendered('a report that links to /dev/zero', REPORT, () => ({ 'r/report.json': { link: '/dev/zero' } })),
  rendered('a run that is no JSON', REPORT, () => ({ ...report(), 'r/run.json': '{' })),
  rendered('a run that is a named pipe', REPORT, () => ({
    'r/report.json': reportToJson(sampleReport()),
    'r/run.json': { special: 'pipe' },
  })),
  rendered('a format that is none', 'MLD_USAGE', report, '--format', 'pdf'),
  rendered('a study that is a named pipe', REPORT, () => ({ 'r/study.json': { special: 'pipe' } })),
  rendered('a study of nothing', REPORT, () => ({ 'r/study.json': '{}' })),
  policy('a policy of nothing', ''),
  policy('a policy that is a list', '[]'),
  policy('a policy of an unknown key', 'limit: []'),
  policy('a policy of an unknown metric', 'limits: [{ attack: "*", metric: acu, max: 1 }]'),
  policy('a policy with a limit of .nan', 'limits: [{ attack: "*", metric: auc, max: .nan }]'),
  policy('a policy nested without end', `limits: ${'['.repeat(50_000)}`),
  policy('a policy with a tag', 'name: !!js/function "x"\n'),
  policy(
    'a policy of laughs',
    `${['a: &a [x,x,x,x,x,x,x,x]', ...'bcdefghij'.split('').map((name, i) => `${name}: &${name} [${new Array(8).fill(`*${'abcdefghij'[i]}`)}]`)].join('\n')}\n`,
  ),
  policy('a policy of zeros', Buffer.alloc(100)),
  policy('a policy of an age that is none', 'maximumAge: soon'),
  policy(
    'a policy that wants a baseline, and none',
    `${RULE}baseline: { allowIncrease: 0, significant: true }\n`,
    'MLD_USAGE',
  ),
  {
    title: 'a policy that is /dev/zero',
    code: POLICY,
    args: ['gate', 'r', '--policy', '/dev/zero'],
    files: report,
  },
  {
    title: 'a policy that is not there',
    code: POLICY,
    args: ['gate', 'r', '--policy', 'no.yaml'],
    files: report,
  },
  {
    title: 'a policy for no report',
    code: 'MLD_REPORT_MISSING',
    args: ['gate', 'r', '--policy', 'p.yaml'],
    files: () => ({ 'p.yaml': RULE }),
  },
  {
    title: 'a gate whose out is a file',
    code: 'MLD_OUTPUT_UNWRITABLE',
    args: ['gate', 'r', '--policy', 'p.yaml', '--format', 'junit', '--out', 'p.yaml'],
    files: () => ({ ...report(), 'p.yaml': RULE }),
  },
  {
    title: 'a baseline that is damaged',
    code: REPORT,
    args: ['gate', 'r', '--policy', 'p.yaml', '--baseline', 'b'],
    files: () => ({
      ...report(),
      'p.yaml': `${RULE}baseline: { allowIncrease: 0, significant: true }\n`,
      'b/report.json': '{',
    }),
  },
  {
    title: 'a plugin that is not there',
    code: 'MLD_PLUGIN',
    args: ['audit', 'a.yaml', '--out', 'out'],
    files: () => ({ 'a.yaml': `plugins: [./no.mjs]\ntarget: { onnx: x }\n` }),
  },
  {
    title: 'a plugin that is a folder',
    code: 'MLD_PLUGIN',
    args: ['audit', 'a.yaml', '--out', 'out'],
    files: () => ({ 'a.yaml': `plugins: [./d]\ntarget: { onnx: x }\n`, d: { special: 'folder' } }),
  },
  {
    title: 'a plugin that is a named pipe',
    code: 'MLD_PLUGIN',
    args: ['audit', 'a.yaml', '--out', 'out'],
    files: () => ({ 'a.yaml': `plugins: [./p.mjs]\ntarget: { onnx: x }\n`, 'p.mjs': { special: 'pipe' } }),
  },
  {
    title: 'a plugin of another digest',
    code: 'MLD_PLUGIN',
    args: ['audit', 'a.yaml', '--out', 'out'],
    files: () => ({
      'a.yaml': `plugins: [{ file: ./p.mjs, sha256: ${'0'.repeat(64)} }]\ntarget: { onnx: x }\n`,
      'p.mjs': '',
    }),
  },
  {
    title: 'a plugin with a NUL in its path',
    code: 'MLD_PLUGIN',
    args: ['audit', 'a.yaml', '--out', 'out'],
    files: () => ({ 'a.yaml': 'plugins: ["a\\0b.mjs"]\ntarget: { onnx: x }\n' }),
  },
  plugin('a plugin of nothing', ''),
  plugin('a plugin that throws', 'throw new Error("no");'),
  plugin('a plugin that throws nothing', 'throw undefined;'),
  plugin('a plugin that is no JavaScript', 'export const {'),
  plugin('a plugin whose import is not there', 'import "./gone.mjs";'),
  plugin('a plugin that exports a number', 'export const a = 1;'),
  plugin('a plugin that exports null', 'export const a = null;'),
  plugin(
    'a plugin of an unknown family',
    'export const a = { family: "magic", name: "magic/x", title: "t", source: "s", configure: () => ({}) };',
  ),
  plugin(
    'a plugin whose exports throw when looked at',
    'export const a = { get family() { throw new Error("no"); } };',
  ),
  plugin(
    'a plugin that takes a name of ours',
    'export const a = { family: "membership", name: "membership/lira", title: "t", source: "s", schema: undefined, configure: () => ({ params: {} }) };',
  ),
  { title: 'a store command with too much', code: 'MLD_USAGE', args: ['store', 'verify', 'no'] },
  { title: 'a plan of nothing', code: 'MLD_USAGE', args: ['plan'] },
  {
    title: 'a study of a configuration of one model',
    code: 'MLD_USAGE',
    args: ['study', 'a.yaml', '--out', 'out'],
    files: () => ({ 'a.yaml': `data: { members: a.npz, nonMembers: b.npz }\ntarget: { onnx: x }\n` }),
  },
  { title: 'an unknown command', code: 'MLD_USAGE', args: ['audti'] },
];
