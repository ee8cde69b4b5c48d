/** The page of model stealing on real data: runs the configurations of this folder and puts their figures side by side. */
import { writeFileSync } from 'node:fs';
import type { Report } from 'ml-doctor';
import { cell, type Metric, machine, type Result, read, table, workshop } from '../tools.ts';
import { agreementPlot, MOST_LINES } from './plot.ts';

const { run } = workshop('stealing');

/** Only what the configurations choose. */
const CHOSEN = [
  'auxiliary',
  'pool',
  'loss',
  'output',
  'k',
  'digits',
  'temperature',
  'selection',
  'architecture',
];
const DEFAULTS: Readonly<Record<string, readonly unknown[]>> = {
  auxiliary: ['shadow'],
  output: ['posteriors'],
  temperature: [1],
  selection: ['random'],
  architecture: ['target'],
};

const settings = ({ params }: Result): string =>
  CHOSEN.flatMap((key) => {
    const value = params[key];
    return value === undefined || DEFAULTS[key]?.includes(value) ? [] : [`${key} ${value}`];
  }).join(', ');

const nameOf = (result: Result): string => {
  const own = settings(result);
  return `${result.attack.replace('stealing/', '')}${own === '' ? '' : `, ${own}`}`;
};

/** Curves that lie on others and would hide them. */
const CROWDING = ['digits', 'temperature 0.2', 'output top1', 'output topK', 'logistic-regression'];

const percent = (metric: Metric | undefined, signed = false): string => {
  if (!metric) return '-';
  const [value, low, high] = [metric.value, metric.low, metric.high].map((x) =>
    x === null ? '-' : `${signed && x > 0 ? '+' : ''}${(100 * x).toFixed(1)}`,
  );
  return `${value} (${low} to ${high})`;
};

const count = (value: number) => value.toLocaleString('en-GB');

const bestBaseline = ({ baselines }: Result): string => {
  const [best] = baselines;
  return best ? `${percent(best.metrics['agreement'])}: ${best.name}` : '-';
};

const isTheft = ({ attack }: Result) => attack.startsWith('stealing/');

const summary = (results: readonly Result[]): string =>
  table(
    [
      'attack',
      'queries',
      'agreement',
      'accuracy of the copy',
      'agreement where the target errs',
      'KL, nats',
      'best without a query',
      'gain, points',
      'skill',
      'finding',
    ],
    results.map((result) => {
      const { metrics } = result;
      return [
        nameOf(result),
        count(result.queries),
        percent(metrics['agreement']),
        percent(metrics['accuracy']),
        percent(metrics['agreementOnErrors']),
        cell(metrics['klDivergence']),
        bestBaseline(result),
        percent(metrics['agreementGain'], true),
        cell(metrics['agreementSkill'], 2),
        result.verdict.level,
      ];
    }),
  );

/** Agreement at each budget, in per cent. */
const curves = (results: readonly Result[]): string => {
  const budgets = [
    ...new Set(results.flatMap(({ curves }) => (curves.budget ?? []).map((point) => point.queries))),
  ].sort((a, b) => a - b);
  return table(
    ['agreement after', ...budgets.map(count)],
    results.map((result) => [
      nameOf(result),
      ...budgets.map((queries) => {
        const point = result.curves.budget?.find((one) => one.queries === queries);
        return percent(point?.metrics['agreement']);
      }),
    ]),
  );
};

const about = ({ target, data }: Report): string =>
  `The target is right about ${target.trainAccuracy?.value.toFixed(3)} of its ${data.splits['target-train']} members and ` +
  `${target.testAccuracy?.value.toFixed(3)} of ${data.splits['target-test']} others, on which copies are judged.`;

const section = async (name: string, title: string): Promise<string> => {
  const finished = await run(name, 'audit');
  const report = read<Report>(finished.out, 'report.json');
  const results = report.results.filter(isTheft);
  const picture = `stealing-${name}.svg`;
  writeFileSync(
    new URL(`../${picture}`, import.meta.url),
    agreementPlot(
      title,
      results
        .filter(
          (result) =>
            (result.curves.budget?.length ?? 0) > 1 && !CROWDING.some((one) => nameOf(result).includes(one)),
        )
        .slice(0, MOST_LINES)
        .map((result) => ({
          label: nameOf(result).replace('posterior-matching', 'matching').replace(', loss kl', ''),
          result,
        })),
    ),
  );
  return [
    `## ${title}`,
    `\`ml-doctor audit docs/results/stealing/${name}.yaml --data-dir DIR\`, seed ${report.seed}: ${finished.took}. ${about(report)}`,
    'After the last budget, in per cent where no unit is named:',
    summary(results),
    'Over the budget:',
    curves(results),
    `![Agreement over queries](${picture})`,
  ].join('\n\n');
};

const chained = async (): Promise<string> => {
  const name = 'through-the-copy';
  const finished = await run(name, 'audit');
  const report = read<Report>(finished.out, 'report.json');
  const rows = report.results
    .filter((result) => !isTheft(result))
    .map((result) => [
      `${result.attack}${result.params['access'] === 'white-box' ? ', white-box' : ''}`,
      result.through ? `copy, ${count(result.through.queries)} queries` : 'the model itself',
      cell(result.metrics['auc']),
      percent(result.metrics['tprAtFpr0.01']),
      percent(result.metrics['judgeAccuracy']),
      percent(result.metrics['memberCloser']),
      result.verdict.level,
    ]);
  return [
    '## Through the copy',
    `\`ml-doctor audit docs/results/stealing/${name}.yaml\`, seed ${report.seed}: ${finished.took}, most of them shared with the first section. The copy was learnt from the target's answers to the shadow data; whoever stole it attacks it in place of the target and sends the target no further query.`,
    table(
      ['attack', 'on', 'AUC', 'TPR at 1 % FPR, %', 'judge accuracy, %', 'member closer, %', 'finding'],
      rows,
    ),
  ].join('\n\n');
};

export const stealingPage = async (): Promise<string> => `# Model stealing on real data

Made by \`npm run results -- stealing\` on ${machine()}. Intervals are 95 %: Clopper-Pearson for shares, bootstraps over records for gains, skill and KL.
Copies are judged on records that neither the target was trained on nor the attacker asked about. “Best without a query” is the best of what needs no stealing: the
commonest answer, and, where the attacker has records of the target's kind, a model that learns their own labels. What the figures and findings mean:
[docs/stealing.md](../stealing.md).

ML-Doctor (Liu et al. 2022) reports for a SimpleCNN on Fashion-MNIST an agreement of .932 <B,S> and .906 <B,P>, with 17,500 records a role; here there are 2,500.

${await section('fashion-mnist', 'Fashion-MNIST, a SimpleCNN')}

${await chained()}

${await section('answers', 'What answers show, and which records are asked about: Fashion-MNIST, an MLP')}

${await section('cifar10', 'CIFAR-10, a SimpleCNN')}

${await section('location30', 'Location-30, an MLP')}
`;
