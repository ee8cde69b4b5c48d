/** The page of attribute inference on real data: runs the configurations of this folder and puts their figures side by side. */
import type { Report } from 'ml-doctor';
import { cell, type Metric, machine, type Result, read, table, workshop } from '../tools.ts';

const { run } = workshop('attribute');

/** Only what the configurations choose; the attribute has a column of its own. */
const CHOSEN = ['method', 'head', 'decision', 'auxiliary'];

const settings = ({ params }: Result): string =>
  CHOSEN.flatMap((key) => (params[key] === undefined ? [] : [`${key} ${params[key]}`])).join(', ');

const baselineOf = ({ baselines }: Result, name: string): Result['metrics'] =>
  baselines.find((one) => one.name === name)?.metrics ?? {};

const IMPUTATION = 'imputation without the model';
const NON_MEMBERS = 'same attack on non-members';
const FROM_RECORD = 'imputation from the rest of the record';

const percent = (metric: Metric | undefined, signed = false): string => {
  if (!metric) return '-';
  const [value, low, high] = [metric.value, metric.low, metric.high].map((x) =>
    x === null ? '-' : `${signed && x > 0 ? '+' : ''}${(100 * x).toFixed(1)}`,
  );
  return `${value} (${low} to ${high})`;
};

const isNumber = ({ attribute }: Result): boolean => attribute?.kind === 'continuous';

const FIRST = ['attribute', 'attack', 'options'];
const first = (result: Result): string[] => [
  result.attribute?.name ?? '-',
  result.attack.replace('attribute/', ''),
  settings(result),
];

/** How often each is right, in per cent. */
const accuracyTable = (results: readonly Result[]): string =>
  table(
    [
      ...FIRST,
      'attack',
      'majority',
      'imputation',
      'from the rest of the record',
      'attack on non-members',
      'gain over imputation',
      'members beyond non-members',
      'finding',
    ],
    results.map((result) => [
      ...first(result),
      percent(result.metrics['accuracy']),
      percent(baselineOf(result, 'majority')['accuracy']),
      percent(baselineOf(result, IMPUTATION)['accuracy']),
      percent(baselineOf(result, FROM_RECORD)['accuracy']),
      percent(baselineOf(result, NON_MEMBERS)['accuracy']),
      percent(result.metrics['accuracyGain'], true),
      percent(result.metrics['memberAccuracyGain'], true),
      `${result.verdict.level}${result.verdict.finding === undefined ? '' : `: ${result.verdict.finding}`}`,
    ]),
  );

const rankTable = (results: readonly Result[]): string =>
  table(
    [
      ...FIRST,
      'macro-F1',
      'AUC',
      'AUC of the imputation',
      'AUC gain',
      'members beyond non-members',
      'PPV of the 10 surest',
      'of the 100 surest',
      'imputation: of the 100 surest',
    ],
    results.map((result) => {
      const imputation = baselineOf(result, IMPUTATION);
      return [
        ...first(result),
        cell(result.metrics['macroF1'], 2),
        cell(result.metrics['auc']),
        cell(imputation['auc']),
        cell(result.metrics['aucGain']),
        cell(result.metrics['memberAucGain']),
        percent(result.metrics['ppvTop10']),
        percent(result.metrics['ppvTop100']),
        percent(imputation['ppvTop100']),
      ];
    }),
  );

const errorTable = (results: readonly Result[]): string =>
  table(
    [
      ...FIRST,
      'mean absolute error',
      'of the median',
      'of the imputation',
      'from the rest of the record',
      'on non-members',
      'error less than the imputation’s',
      'members beyond non-members',
      'finding',
    ],
    results.map((result) => [
      ...first(result),
      cell(result.metrics['meanAbsoluteError'], 2),
      cell(baselineOf(result, 'majority')['meanAbsoluteError'], 2),
      cell(baselineOf(result, IMPUTATION)['meanAbsoluteError'], 2),
      cell(baselineOf(result, FROM_RECORD)['meanAbsoluteError'], 2),
      cell(baselineOf(result, NON_MEMBERS)['meanAbsoluteError'], 2),
      percent(result.metrics['errorReduction'], true),
      percent(result.metrics['memberErrorReduction'], true),
      `${result.verdict.level}${result.verdict.finding === undefined ? '' : `: ${result.verdict.finding}`}`,
    ]),
  );

const about = ({ target, data, results }: Report): string => {
  const check = results[0]?.verdict.reason === 'shifted-split' ? ' The split is shifted.' : '';
  return (
    `The target is right about ${target.trainAccuracy?.value.toFixed(3)} of its ${data.splits['target-train']} members and ` +
    `${target.testAccuracy?.value.toFixed(3)} of as many non-members.${check}`
  );
};

const section = async (name: string, title: string): Promise<string> => {
  const finished = await run(name, 'audit');
  const report = read<Report>(finished.out, 'report.json');
  const categories = report.results.filter((result) => !isNumber(result));
  const numbers = report.results.filter(isNumber);
  return [
    `## ${title}`,
    `\`ml-doctor audit docs/results/attribute/${name}.yaml --data-dir DIR\`, seed ${report.seed}: ${finished.took}. ${about(report)}`,
    'Share of guesses that are right, in per cent; gains in points:',
    accuracyTable(categories),
    'Ranking and certainty:',
    rankTable(categories),
    ...(numbers.length > 0
      ? [
          'Numbers, by mean absolute error in their own units; the last two columns of figures in per cent of the imputation’s error:',
          errorTable(numbers),
        ]
      : []),
  ].join('\n\n');
};

export const attributePage = async (): Promise<string> => `# Attribute inference on real data

Made by \`npm run results -- attribute\` on ${machine()}. Intervals are 95 %; those of gains are paired bootstraps over records.

“Imputation” is what somebody guesses who knows what the attacker knows, the target excepted: for \`tabular\` and \`gradient\` all other columns
and the label, for \`embedding\` the label. “From the rest of the record” sees the picture, or all other columns, as an attacker who holds an
embedding only does not. “Members beyond non-members” is the attack's gain over the imputation on members less that on non-members, where a loss counts as no gain: above 0 the model has kept something of its training records. With partial data both kinds are asked about by
somebody who knows the attribute of half of that kind. What the findings mean: [docs/attribute.md](../attribute.md).

ML-Doctor (Liu et al. 2022) reports for a SimpleCNN on UTKFace accuracies of .792 <W,S> and .809 <W,P>, measured on non-members and beside
random guessing only.

${await section('utkface', 'UTKFace: gender and age from a classifier of race')}

${await section('adult', 'Adult: sex, race and age from a classifier of income')}

${await section('adult-unaware', 'Adult without the columns sex and race')}

${await section('german-credit', 'German credit')}
`;
