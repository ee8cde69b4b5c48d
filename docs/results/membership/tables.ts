/** The page of figures on real data: runs the configurations of this folder and puts their reports side by side. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import type { Report } from 'ml-doctor';
import { aucDifference } from '../../../packages/ml-doctor/src/stats/auc-difference.ts';
import { cell, type Metric, machine, type Result, read, show, table, workshop } from '../tools.ts';

const { run } = workshop('membership');

/** Only what the configuration chose; the report has them all. */
const CHOSEN = [
  'access',
  'auxiliary',
  'shadowData',
  'noise',
  'adversary',
  'metric',
  'mode',
  'shadows',
  'references',
  'method',
];

const settings = (result: Result): string =>
  CHOSEN.flatMap((key) => {
    const value = result.params[key];
    return value === undefined || value === null ? [] : [`${key} ${value}`];
  }).join(', ');

const attackTable = (report: Report): string => {
  const rows = report.results.map((result) => {
    const { metrics, references, queries, attack } = result;
    const pool = references.count === 0 ? 'none' : `${references.count} ${references.pool}`;
    return [
      attack.replace('membership/', ''),
      settings(result),
      pool,
      String(queries),
      show(metrics['auc'] as Metric),
      cell(metrics['balancedAccuracy']),
      cell(metrics['tprAtFpr0.01']),
      cell(metrics['tprAtFpr0.001'], 4),
    ];
  });
  return table(
    [
      'attack',
      'options',
      'models trained',
      'queries',
      'AUC',
      'balanced accuracy',
      'TPR at 1 % FPR',
      'TPR at 0.1 % FPR',
    ],
    rows,
  );
};

const about = (report: Report): string => {
  const { trainAccuracy, testAccuracy } = report.target;
  const check = report.results[0]?.baselines[0]?.metrics['auc'];
  return `Accuracy ${trainAccuracy?.value.toFixed(3)} on members, ${testAccuracy?.value.toFixed(3)} on non-members; ${
    report.data.splits['target-train']
  } of each. Without the model, by inputs and labels alone: AUC ${check ? show(check) : '-'}.`;
};

/** Scores and truth of a result, by record. */
const scoresOf = async (out: string, result: Result) => {
  const bytes = readFileSync(join(out, result.artifacts[0]?.path ?? ''));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return (await parquetReadObjects({ file })) as unknown as {
    record: number;
    member: boolean;
    score: number;
  }[];
};

/** How far the second attack's AUC lies above the first's, on the same records. */
const paired = async (out: string, first: Result, second: Result): Promise<string> => {
  const [a, b] = await Promise.all([scoresOf(out, first), scoresOf(out, second)]);
  if (a.some(({ record }, i) => b[i]?.record !== record)) throw new Error('the attacks judged other records');
  const scores = (rows: typeof a) => Float64Array.from(rows, ({ score }) => score);
  const truth = Uint8Array.from(a, ({ member }) => (member ? 1 : 0));
  const { difference, pValue } = aucDifference(scores(b), scores(a), truth);
  return `${show(difference)}, p ${pValue.toPrecision(2)}`;
};

const whiteAgainstBlack = async (out: string, report: Report): Promise<string> => {
  const rows: string[][] = [];
  for (const auxiliary of ['shadow', 'partial']) {
    const of = (access: string) =>
      report.results.find(
        ({ attack, params }) =>
          attack === 'membership/shadow-classifier' &&
          params['access'] === access &&
          params['auxiliary'] === auxiliary,
      );
    const [black, white] = [of('black-box'), of('white-box')];
    if (black && white)
      rows.push([
        auxiliary,
        show(black.metrics['auc'] as Metric),
        show(white.metrics['auc'] as Metric),
        await paired(out, black, white),
      ]);
  }
  return table(
    ['auxiliary data', 'black-box AUC', 'white-box AUC', 'white-box minus black-box, paired'],
    rows,
  );
};

const retailTable = (out: string): string => {
  const study = read<{ audits: { report: string }[] }>(out, 'study.json');
  const rows = study.audits.map(({ report: path }) => {
    const report = read<Report>(out, path.replace(/\.html$/, '.json'));
    const shokri = report.results.find(({ attack }) => attack === 'membership/shokri');
    return [
      String(report.target.classes),
      report.target.trainAccuracy?.value.toFixed(3) ?? '-',
      report.target.testAccuracy?.value.toFixed(3) ?? '-',
      cell(shokri?.metrics['precision']),
      cell(shokri?.metrics['recall']),
      cell(shokri?.metrics['auc']),
    ];
  });
  return table(['classes', 'train accuracy', 'test accuracy', 'precision', 'recall', 'AUC'], rows);
};

const auditSection = async (name: string, title: string, compare: boolean): Promise<string> => {
  const { out, took } = await run(name, 'audit');
  const report = read<Report>(out, 'report.json');
  const notes = report.results
    .filter(({ params }) => params['shadowData'] === 'model')
    .flatMap((result) => result.notes.filter((note) => /quer/.test(note)));
  return [
    `## ${title}`,
    `\`ml-doctor audit docs/results/membership/${name}.yaml --data-dir DIR\`, seed ${report.seed}: ${took}. ${about(report)}`,
    attackTable(report),
    ...(notes.length > 0 ? [`Model-based synthesis: ${notes.join(' ')}`] : []),
    ...(compare
      ? [
          'White-box against black-box, the same attack on the same records:',
          await whiteAgainstBlack(out, report),
        ]
      : []),
  ].join('\n\n');
};

export const membershipPage = async (): Promise<string> => {
  const fashion = await auditSection('fashion-mnist', 'Fashion-MNIST: every attack', true);
  const location = await auditSection('location30', 'Location-30: sources of shadow data', true);
  const cifar = await auditSection('cifar10', 'CIFAR-10: low false-positive rates', false);
  const retail = await run('retail', 'study');
  return `# Membership inference on real data

Made by \`npm run results -- membership\` on ${machine()}.
Intervals are 95 %. "Models trained" says how many models the attacker trains and on which records:
\`disjoint\` from the target's, halves \`with-candidates\` (a stronger attacker), \`other\` data, or \`synthetic\` records.
Attacks share models, answers and data within a run.

${fashion}

${location}

${cifar}

## Retail baskets: more classes, more leakage

\`ml-doctor study docs/results/membership/retail.yaml --data-dir DIR\`, seed 0: ${retail.took}. Shokri's attack, 4 shadow models.

${retailTable(retail.out)}
`;
};
