/** The page of inversion on real data: runs the configurations of this folder and puts their figures side by side. */
import { writeFileSync } from 'node:fs';
import type { Report } from 'ml-doctor';
import { cell, type Finished, type Metric, machine, type Result, read, table, workshop } from '../tools.ts';
import { sheet } from './sheet.ts';

const { run } = workshop('inversion');

/** Only what the configurations choose. */
const CHOSEN = [
  ...['objective', 'step', 'start', 'smoothness', 'denoise', 'blocks', 'queries'],
  ...['steps', 'top', 'ganEpochs', 'perClass'],
];
const UNCHOSEN: Readonly<Record<string, unknown>> = { smoothness: 0, denoise: 0, blocks: 1 };

const settings = ({ params }: Result): string =>
  CHOSEN.flatMap((key) => {
    const value = params[key];
    return value === undefined || value === UNCHOSEN[key] ? [] : [`${key} ${value}`];
  }).join(', ');

const BASELINES = ['class mean of auxiliary data', 'best auxiliary record', 'unoptimised'] as const;

const baselineOf = ({ baselines }: Result, name: string) =>
  baselines.find((one) => one.name.startsWith(name))?.metrics;

const percent = (metric: Metric | undefined): string => {
  if (!metric) return '-';
  const [value, low, high] = [metric.value, metric.low, metric.high].map((x) =>
    x === null ? '-' : (100 * x).toFixed(0),
  );
  return `${value} % (${low} to ${high})`;
};

const judgeTable = ({ results }: Report): string =>
  table(
    [
      'attack',
      'options',
      'target’s confidence',
      'judge accuracy',
      ...BASELINES.map((name) => `${name}: judge accuracy; gain over it`),
    ],
    results.map((result) => [
      result.attack.replace('inversion/', ''),
      settings(result),
      (result.metrics['targetConfidence'] as Metric).value.toFixed(3),
      percent(result.metrics['judgeAccuracy']),
      ...BASELINES.map((name) => {
        const found = baselineOf(result, name);
        return `${percent(found?.['judgeAccuracy'])}; ${percent(found?.['judgeAccuracyGain'])}`;
      }),
    ]),
  );

const peopleTable = ({ results }: Report): string =>
  table(
    [
      'attack',
      'options',
      'member nearest, by values',
      'p',
      'member nearest, by features',
      'p',
      'SSIM with nearest member',
      'SSIM with nearest non-member',
      'diversity',
      'finding',
    ],
    results.map((result) => {
      const { metrics } = result;
      const p = (name: string) => metrics[name]?.value.toPrecision(2) ?? '-';
      return [
        result.attack.replace('inversion/', ''),
        settings(result),
        percent(metrics['memberCloser']),
        p('memberCloserP'),
        percent(metrics['memberCloserFeatures']),
        p('memberCloserFeaturesP'),
        cell(metrics['ssimNearestMember'], 2),
        cell(metrics['ssimNearestNonMember'], 2),
        cell(metrics['diversity'], 2),
        result.verdict.level,
      ];
    }),
  );

const errorTable = ({ results }: Report): string => {
  const [first] = results;
  if (!first) throw new Error('no result');
  const row = (name: string, options: string, metrics: Readonly<Record<string, Metric>> | undefined) => [
    name,
    options,
    cell(metrics?.['mse'], 4),
    cell(metrics?.['mseNormalised'], 3),
    cell(metrics?.['ssimClassMean'], 2),
  ];
  return table(
    [
      'picture',
      'options',
      'MSE to the class mean, in [0, 1]',
      'the same in normalised units',
      'SSIM with the class mean',
    ],
    [
      row('all-zero input', '', baselineOf(first, 'all-zero')),
      row('class mean of auxiliary data', '', baselineOf(first, 'class mean')),
      ...results.map((result) =>
        row(result.attack.replace('inversion/', ''), settings(result), result.metrics),
      ),
    ],
  );
};

const timeTable = ({ tasks }: Finished): string =>
  table(
    ['task', 'seconds'],
    tasks.filter(({ seconds }) => seconds >= 1).map(({ label, seconds }) => [label, seconds.toFixed(0)]),
  );

const about = (report: Report): string => {
  const { trainAccuracy, testAccuracy } = report.target;
  const judge = report.results[0]?.metrics['judgeOwnAccuracy'];
  return (
    `The target is right about ${trainAccuracy?.value.toFixed(3)} of its ${report.data.splits['target-train']} members and ` +
    `${testAccuracy?.value.toFixed(3)} of as many non-members, the judge about ${judge ? cell(judge) : '-'} of records that it did not learn from.`
  );
};

const section = async (name: string, title: string) => {
  const finished = await run(name, 'audit');
  const report = read<Report>(finished.out, 'report.json');
  const text = [
    `## ${title}`,
    `\`ml-doctor audit docs/results/inversion/${name}.yaml --data-dir DIR\`, seed ${report.seed}: ${finished.took}. ${about(report)}`,
    'Is the class recognised? Judge accuracy of each attack and of what needs no attack:',
    judgeTable(report),
    'Does it show people? Nearest records of the class, equally many members and non-members; chance is 50 %:',
    peopleTable(report),
    'The error that papers report, beside that of a picture of nothing:',
    errorTable(report),
    'What took longer than a second, one thread each, two tasks at once; a training that was interrupted counts from where it went on:',
    timeTable(finished),
  ].join('\n\n');
  return { text, report };
};

/** Reconstructions of every attack, and below them the records nearest to the last one's. */
const writeSheet = ({ results }: Report, path: URL): void => {
  const last = results.at(-1)?.gallery ?? [];
  const rows = results.map(({ gallery = [] }) => gallery.map(({ reconstruction }) => reconstruction));
  writeFileSync(
    path,
    sheet([
      ...rows,
      last.map(({ nearestMember }) => nearestMember),
      last.map(({ nearestNonMember }) => nearestNonMember),
    ]),
  );
};

const ORDINALS = ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth', 'Seventh'];

export const inversionPage = async (): Promise<string> => {
  const fashion = await section('fashion-mnist', 'Fashion-MNIST: ten classes of clothes');
  const faces = await section('utkface', 'UTKFace: faces by race');
  writeSheet(fashion.report, new URL('../inversion-fashion-mnist.png', import.meta.url));
  const rows = fashion.report.results.map(
    (result, i) => `${ORDINALS[i]} row: ${result.attack} (${settings(result)}).`,
  );
  return `# Model inversion on real data

Made by \`npm run results -- inversion\` on ${machine()}. Intervals are 95 %.

The judge is another network than the target, trained on a random half of all records whatever their role; both accuracies are given. “Gain” is the attack's
judge accuracy less the baseline's. How to read the rest: [docs/inversion.md](../inversion.md).

The error to the class mean (MSE) is what ML-Doctor (Liu et al. 2022) reports for MI-Face: .99 for Fashion-MNIST and .07 for UTKFace
whatever the architecture and the defence. In normalised units it is about that of the all-zero input where the attack sets out: it
measures normalisation, not the attack. The tables show both. Its judge (a ResNet18) recognises .586 of Secret Revealer's pictures on
Fashion-MNIST and .912 on UTKFace, of a SimpleCNN trained on 17,500 and 5,503 records.

${fashion.text}

![Reconstructions of Fashion-MNIST, a column for each class](inversion-fashion-mnist.png)

${rows.join(' ')} The last two rows: the training record nearest to the row above them, and the nearest record of the class that the
target has not seen. Classes from left to right: ${fashion.report.results[0]?.gallery?.map((one) => one.class).join(', ')}.

${faces.text}

Pictures of faces are not shown: the data set is for research, and its faces are those of people.
`;
};
