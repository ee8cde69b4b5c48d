/** Small valid configurations, whole and with single lines replaced, for the tests around reading them. */

import { demoConfig } from '../../src/audit/demo-config.ts';

/** Lines by their key; those of an audit that has nothing but what it must have. */
const AUDIT = {
  data: 'data: fashion-mnist-10k',
  target: 'target: { train: { model: mlp } }',
  attacks: 'attacks: [membership/loss-threshold]',
};

const STUDY = {
  data: 'data: [fashion-mnist-10k, adult]',
  models: 'models: [mlp, simple-cnn]',
  attacks: 'attacks: [membership/loss-threshold]',
};

type Lines = Readonly<Record<string, string>>;

const joined = (lines: Lines): string =>
  `${Object.values(lines)
    .filter((line) => line !== '')
    .join('\n')}\n`;

/** An audit with some lines replaced, added, or left out (''). */
export const auditWith = (lines: Lines = {}): string => joined({ ...AUDIT, ...lines });

/** A study with some lines replaced, added, or left out (''). */
export const studyWith = (lines: Lines = {}): string => joined({ ...STUDY, ...lines });

/** The longest forms: every key is there. */
export const FULL_AUDIT = `$schema: ./config-1.schema.json
name: Künstliche Daten 🎲
data: { catalog: fashion-mnist-10k, split: ml-doctor-2022, recordsPerRole: 600, overlap: allow, slices: [sex] }
target:
  train:
    model: simple-cnn
    epochs: 60
    batchSize: 32
    learningRate: 0.02
    momentum: 0
    weightDecay: 0
    milestones: [0, 20, 40]
  offers: { access: black-box, output: posteriors }
defense: { l2: { lambda: 0.01 } }
attacks:
  - membership/loss-threshold: { auxiliary: none }
  - membership/shadow-classifier:
      epochs: 20
      learningRate: 1e-3
seed: 9007199254740991
`;

export const FULL_STUDY = `name: A grid
data: [fashion-mnist-10k, { catalog: adult, recordsPerRole: 2000, overlap: refuse, slices: [sex, race] }]
models: [mlp, { simple-cnn: { epochs: 60, milestones: [] } }, random-forest]
training: { epochs: 30, batchSize: 128 }
offers: { output: posteriors }
defenses: [none, { l2: { lambda: 0.001 } }, { l2: { lambda: 0.01 } }]
attacks: [membership/loss-threshold, { membership/shadow-classifier: { epochs: 50 } }]
seeds: [0, 1, 2]
exclude: [{ data: adult, model: simple-cnn }, { defense: l2, seed: [1, 2] }]
include: [{ data: adult, model: mlp, seed: [3, 4] }]
`;

/** Valid texts of every kind and spelling. */
export const VALID: Readonly<Record<string, string>> = {
  'the least audit': auditWith(),
  'the least study': studyWith(),
  'a full audit': FULL_AUDIT,
  'a full study': FULL_STUDY,
  'an audit of a forest': auditWith({
    target: 'target: { train: { model: random-forest } }',
    attacks: 'attacks: [{ membership/ml-leaks: { adversary: combining, architectures: [mlp] } }]',
  }),
  'attacks on a stolen copy': auditWith({
    target: 'target: { train: { model: mlp }, offers: { access: black-box } }',
    attacks: `attacks:
  - membership/loss-threshold
  - membership/loss-threshold: {}
    through: stealing/posterior-matching
  - { inversion/mi-face: { classes: 3 }, through: stealing/knockoff }
  - { through: stealing/knockoff, membership/shadow-classifier: { access: white-box } }
  - stealing/knockoff: { pool: adult, budgets: [10, 100] }
  - stealing/posterior-matching`,
  }),
  'a study of stolen copies': studyWith({
    attacks: 'attacks: [stealing/data-free, { membership/loss-threshold: {}, through: stealing/data-free }]',
    exclude: 'exclude: [{ attack: stealing/data-free, model: mlp }]',
    include: 'include: [{ attack: stealing/data-free, seed: 7, model: simple-cnn }]',
  }),
  'what the papers did': studyWith({
    data: 'data: [{ catalog: location, split: shokri-2017 }, { catalog: utkface, pixels: 64, split: ml-leaks-2019 }, utkface]',
    models:
      'models: [{ resnet18: { norm: group, dropout: 0.3, optimizer: sgd, momentum: 0.5 } }, resnet18, { mlp: { learningRateDecay: 0 } }]',
    training:
      'training: { optimizer: adam, learningRate: 0.001, weightDecay: 2.0e-7, learningRateDecay: 1.0e-7 }',
    attacks:
      'attacks: [{ membership/ml-leaks: { adversary: 2, data: fashion-mnist-10k@32, architecture: resnet18+group-norm } }, stealing/knockoff: { pool: utkface@8, architecture: resnet18+dropout-0.5 }]',
    exclude:
      'exclude: [{ data: utkface@64, model: resnet18+group-norm+dropout-0.3 }, { data: location, model: resnet18 }]',
  }),
  'a study of a forest': studyWith({ models: 'models: [{ random-forest: {} }, mlp]' }),
  'CR LF at the ends of lines': FULL_AUDIT.replaceAll('\n', '\r\n'),
  'a byte order mark': `\uFEFF${auditWith()}`,
  'JSON on one line': JSON.stringify({
    data: 'adult',
    target: { train: { model: 'mlp' } },
    attacks: ['membership/loss-threshold'],
  }),
  'JSON indented with tabs, its lines ending in CR LF': JSON.stringify(
    {
      name: 'a/b "c" \\ 🎲',
      data: { catalog: 'adult', recordsPerRole: 100 },
      target: { train: { model: 'mlp', milestones: [] } },
      defense: { none: {} },
      attacks: [{ 'membership/loss-threshold': {} }, 'membership/shadow-classifier'],
    },
    null,
    '\t',
  ).replaceAll('\n', '\r\n'),
  'aliases, comments, a document marker and an octal number': `%YAML 1.2
--- # an audit
data: &data { catalog: adult, recordsPerRole: 0o10 }
target: { train: { model: mlp } }
attacks:
- &first membership/shadow-classifier
- membership/loss-threshold: { auxiliary: &none none }
defense: *none
...
`,
};

/** The demo's audit, which other code makes. */
export const DEMO = demoConfig({ quick: true, seed: 3 });
