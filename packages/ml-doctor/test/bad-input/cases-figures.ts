/** Presets, and figures over what studies wrote. */

import { TINY_AUDIT, TINY_STUDY } from '../process/tiny-config.ts';
import { type BadCase, GOOD, ofConfig, type Planted } from './bad-case.ts';
import { studyFiles, targets } from './study-files.ts';

const USAGE = 'MLD_USAGE';
const CONFIG = 'MLD_CONFIG';
const INVALID = 'MLD_REPORT_INVALID';
const MISSING = 'MLD_REPORT_MISSING';
const MIXED = 'MLD_EVIDENCE_MIXED';

type Files = () => Readonly<Record<string, Planted>>;

const typed = (title: string, code: string, says: RegExp, args: string, files?: Files): BadCase => ({
  ...{ title, code, says, args: args.split(' ') },
  ...(files && { files }),
});

const OWN_MODEL = `data: { members: ${GOOD}/members.npz, nonMembers: ${GOOD}/others.npz }\ntarget: { onnx: ${GOOD}/model.onnx }\n`;
const configs: Files = () => ({
  ...{ 'study.yaml': TINY_STUDY, 'audit.yaml': TINY_AUDIT, 'own.yaml': OWN_MODEL },
});

const study =
  (change: (files: Record<string, Planted>) => void = () => {}): Files =>
  () => {
    const files: Record<string, Planted> = { ...studyFiles('s', targets(6)) };
    change(files);
    return files;
  };
const two =
  (...second: Parameters<typeof studyFiles> extends [string, ...infer More] ? More : never): Files =>
  () => ({ ...studyFiles('s', targets(6)), ...studyFiles('t', ...second) });
const REPORT = 's/audits/audit_2/report.json';

export const FIGURE_CASES: readonly BadCase[] = [
  typed('a study of nothing named', USAGE, /no study is named.*--preset/s, 'study'),
  typed('a preset that is none', USAGE, /'smal'.*small, paper.*owner/s, 'study --preset smal --out out'),
  typed('a preset called toString', USAGE, /Choose from small/, 'study --preset toString --out out'),
  typed('a plan of a preset that is none', USAGE, /'x'.*small, paper/s, 'plan --preset x'),
  typed(
    'a preset and a configuration',
    USAGE,
    /study\.yaml is given.*ml-doctor study study\.yaml/s,
    'study --preset small study.yaml --out out',
    configs,
  ),
  typed('a preset about one model, and none', USAGE, /none is named/, 'study --preset owner --out out'),
  typed(
    'a preset about one model, and a study',
    USAGE,
    /study\.yaml configures a study of many models/,
    'study --preset owner study.yaml --out out',
    configs,
  ),
  typed(
    'a preset about one model that is not trained here',
    USAGE,
    /own\.yaml audits a model that is not trained here/,
    'study --preset owner own.yaml --out out',
    configs,
  ),
  typed(
    'a preset about one model in a file that is not there',
    CONFIG,
    /no\.yaml/,
    'plan --preset owner no.yaml',
  ),
  typed(
    'attacks for a preset',
    USAGE,
    /--attacks is about one audit, and --preset small/,
    'plan --preset small --attacks membership/entropy',
  ),
  typed('a seed for a preset', USAGE, /Leave --seed out/, 'plan --preset small --seed 3'),
  typed('a model for a preset', USAGE, /--model is about one audit/, 'plan --preset small --model m.onnx'),
  typed(
    'an explanation for a preset',
    USAGE,
    /--explain is about one audit/,
    'plan --preset small --explain',
  ),
  typed('a try-out of 0 s', USAGE, /--try-out.*from 1 to 3600/s, 'plan audit.yaml --try-out 0', configs),
  typed('a try-out of a day', USAGE, /--try-out/, 'plan audit.yaml --try-out 86400', configs),
  typed('figures of no folder', USAGE, /dirs/, 'figures'),
  typed('figures of a folder that is not there', MISSING, /nowhere/, 'figures nowhere'),
  typed('figures of a folder without a study', MISSING, /study\.json/, 'figures s', () => ({
    's/x.txt': 'x',
  })),
  typed(
    'figures of a study cut to half',
    INVALID,
    /study\.json/,
    'figures s',
    study((files) => {
      const text = files['s/study.json'] as string;
      files['s/study.json'] = text.slice(0, text.length / 2);
    }),
  ),
  typed(
    'figures of a study of another schema',
    INVALID,
    /study@9/,
    'figures s',
    study((files) => {
      files['s/study.json'] = (files['s/study.json'] as string).replace('study@1', 'study@9');
    }),
  ),
  typed(
    'figures of a study whose reports lie elsewhere',
    INVALID,
    /study\.json/,
    'figures s',
    study((files) => {
      files['s/study.json'] = (files['s/study.json'] as string).replaceAll('"audits/', '"../audits/');
    }),
  ),
  typed(
    'figures of a study that lacks a report',
    MISSING,
    /names audits\/audit_2.*Run the study again/s,
    'figures s',
    study((files) => {
      delete files[REPORT];
    }),
  ),
  typed(
    'figures of a study with a damaged report',
    INVALID,
    /audit_2/,
    'figures s',
    study((files) => {
      files[REPORT] = '{}';
    }),
  ),
  typed(
    'figures of a study with a damaged run',
    INVALID,
    /run\.json/,
    'figures s',
    study((files) => {
      files['s/run.json'] = '{';
    }),
  ),
  typed('figures of one folder twice', USAGE, /named twice/, 'figures s ./s', study()),
  typed('figures of a folder and of a link to it', USAGE, /named twice/, 'figures s t', () => ({
    ...study()(),
    t: { link: 's' },
  })),
  typed(
    'a figure that is none',
    USAGE,
    /'relation'.*Choose from relations/s,
    'figures s --figure relation',
    study(),
  ),
  typed(
    'a figure called constructor',
    USAGE,
    /'constructor'/,
    'figures s --figure relations constructor',
    study(),
  ),
  typed(
    'figures and a preset',
    USAGE,
    /--preset and --figure/,
    'figures s --figure relations --preset small',
    study(),
  ),
  typed('a preset’s figures of two folders', USAGE, /2 are given/, 'figures s t --preset small', study()),
  typed(
    'a preset’s figures of a folder that it did not write',
    MISSING,
    /no study of the preset small, as targets, complexity.*that ml-doctor study --preset small wrote/s,
    'figures s --preset small',
    study(),
  ),
  typed('figures of a preset that is none', USAGE, /'smal'/, 'figures s --preset smal', study()),
  typed(
    'a correlation of five targets',
    'MLD_TARGETS_FEW',
    /5 targets.*±0\.3 takes about \d+ targets.*fewer than 6/s,
    'figures s --figure relations --out out',
    () => studyFiles('s', targets(5)),
  ),
  typed(
    'a figure whose attack is missing',
    'MLD_EVIDENCE_MISSING',
    /figure-8: it needs /,
    'figures s --figure ml-doctor-2022/figure-8 --out out',
    study(),
  ),
  typed(
    'a figure of targets without attacks',
    'MLD_EVIDENCE_MISSING',
    /relations: no target has the result of an attack/,
    'figures s --figure relations --out out',
    () => studyFiles('s', targets(6, { modes: {} })),
  ),
  typed(
    'targets of other seeds in one figure',
    MIXED,
    /other on celeba was audited under the seed 1, others under the seed 0/,
    'figures s t --figure relations --out out',
    two(targets(1, { model: 'other', seed: 1 })),
  ),
  typed(
    'targets of other versions in one figure',
    MIXED,
    /other on celeba of t is made by ml-doctor 0\.2\.0, others 0\.1\.0/,
    'figures s t --figure relations --out out',
    two(targets(1, { model: 'other' }), { version: '0.2.0' }),
  ),
  typed(
    'targets of other versions of onnxruntime in one figure',
    MIXED,
    /made with onnxruntime 9\.9\.9, others 1\.23\.2/,
    'figures s t --figure relations --out out',
    two(targets(1, { model: 'other' }), { onnxruntime: '9.9.9' }),
  ),
  typed(
    'two studies that contradict each other',
    MIXED,
    /s and t differ in the test accuracy/,
    'figures s t --out out',
    two(targets(6, { testAccuracy: 0.5 })),
  ),
  typed(
    'two studies with other figures of one attack',
    MIXED,
    /s and t differ in the figures of membership\/shadow-classifier/,
    'figures s t --out out',
    two(targets(1, { modes: { 'MemInf <B,S>': 0.8 } })),
  ),
  typed(
    'figures into a file',
    'MLD_OUTPUT_UNWRITABLE',
    /taken/,
    'figures s --figure relations --out taken',
    () => ({
      ...study()(),
      taken: 'mine',
    }),
  ),
  {
    ...typed('figures into no folder', USAGE, /folder/, 'figures s', study()),
    args: ['figures', 's', '--out', ''],
  },
  {
    title: 'an explanation that is 1',
    code: CONFIG,
    says: /explain/,
    ...ofConfig(`${OWN_MODEL}explain: 1\n`),
  },
  {
    title: 'an explanation of saved outputs',
    code: CONFIG,
    says: /Remove explain/,
    ...ofConfig(`target: { outputs: ${GOOD}/outputs.csv }\nexplain: true\n`),
  },
];
