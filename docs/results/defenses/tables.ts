/** The page of defences on real data: runs the studies of this folder and puts their matrices side by side. */
import type { Report } from 'ml-doctor';
import type { Matrix } from '../../../packages/ml-doctor/src/report/study/matrix/matrix.ts';
import type { StudyReport } from '../../../packages/ml-doctor/src/report/study/study-schema.ts';
import { built, type Metric, machine, read, table, workshop } from '../tools.ts';
import { matrixTables, timeTable } from './matrix-table.ts';

const { run } = workshop('defenses');

type MatrixModule = typeof import('../../../packages/ml-doctor/src/report/study/matrix/matrix.ts');

interface Finished {
  readonly took: string;
  readonly matrices: readonly Matrix[];
  readonly reports: readonly Report[];
}

const finish = async (name: string, options: readonly string[] = []): Promise<Finished> => {
  const { out, took } = await run(name, 'study', options);
  const study = read<StudyReport>(out, 'study.json');
  const { matricesOf } = await built<MatrixModule>('report/study/matrix/matrix');
  return {
    took,
    matrices: matricesOf(study, read(out, 'run.json')),
    reports: study.audits.map(({ report }) => read<Report>(out, report)),
  };
};

const command = (name: string, { took, reports }: Finished): string => {
  const seeds = [...new Set(reports.map(({ seed }) => seed))];
  return `\`ml-doctor study docs/results/defenses/${name}.yaml --data-dir DIR\`, seed${seeds.length > 1 ? 's' : ''} ${seeds.join(', ')}: ${took}.`;
};

const section = (title: string, name: string, finished: Finished, words: string): string =>
  [`## ${title}`, command(name, finished), words, matrixTables(finished.matrices)].join('\n\n');

/** An upper bound, rounded up in print. */
const atMost = (epsilon: number | null | undefined): string | undefined =>
  epsilon == null ? undefined : (Math.ceil(epsilon * 1000 - 1e-9) / 1000).toFixed(3);

/** A lower bound, rounded down in print. */
const atLeast = (metric: Metric | undefined): string =>
  metric === undefined ? '-' : (Math.floor(metric.value * 100 + 1e-9) / 100).toFixed(2);

/** What private trainings spent. */
const spent = (reports: readonly Report[]): string => {
  const private_ = reports.filter(({ target }) => target.privacy !== undefined);
  const show = (epsilon: number | null | undefined) => atMost(epsilon) ?? '-';
  return table(
    ['data, model', 'σ', 'clip norm', 'sample rate', 'steps', 'ε (PLD)', 'ε (RDP)', 'ε (classic)', 'δ'],
    private_.map(({ target: { name, privacy }, data }) => [
      `${data.id}, ${name}`,
      String(privacy?.noiseMultiplier),
      String(privacy?.clipNorm),
      String(privacy?.sampleRate),
      String(privacy?.steps),
      show(privacy?.epsilons.pld),
      show(privacy?.epsilons.rdp),
      show(privacy?.epsilons['rdp-classic']),
      String(privacy?.delta),
    ]),
  );
};

/** The largest balanced accuracy of any membership attack under DP-SGD, against the bar of .55. */
const worst = ({ matrices }: Finished): string => {
  const under = matrices.flatMap(({ columns, rows }) =>
    columns.flatMap(({ defense }, i) =>
      defense.name !== 'dp-sgd'
        ? []
        : rows.flatMap(({ cells, metric, asked }) => {
            const cell = cells[i];
            return typeof cell === 'object'
              ? [{ attack: asked.attack, metric, value: cell.metric.value }]
              : [];
          }),
    ),
  );
  const largest = (name: string) =>
    under
      .filter(({ metric }) => metric === name)
      .sort((x, y) => y.value - x.value)
      .map(({ attack, value }) => `${value.toFixed(3)}, by ${attack}`)[0];
  const own = under.filter(({ metric }) => metric === 'balancedAccuracy').length;
  const hindsight = largest('bestBalancedAccuracy');
  return (
    `Largest of ${own} attacks at their own thresholds under DP-SGD: ${largest('balancedAccuracy')} (bar: .55)` +
    `${hindsight ? `; at the best threshold in hindsight, of an attack that has none of its own: ${hindsight}` : ''}.`
  );
};

/** Measured lower bounds beside the claims. */
const measured = (reports: readonly Report[]): string => {
  const show = (metric: Metric | undefined) => metric?.value.toFixed(2) ?? '-';
  return table(
    ['defence', 'claimed ε (PLD)', 'measured, at least', 'AUC of the canaries'],
    reports.flatMap(({ target, results }) =>
      results
        .filter(({ attack }) => attack === 'membership/one-run-audit')
        .map(({ defense, metrics }) => [
          `${defense.name}${target.privacy ? `, epsilon ${defense.params['epsilon']}` : ''}${defense.adaptive === false ? ', not adaptive' : ''}`,
          atMost(target.privacy?.epsilon) ?? 'none',
          atLeast(metrics['epsilonLowerBound']),
          show(metrics['canaryAuc']),
        ]),
    ),
  );
};

export const defensesPage = async (): Promise<string> => {
  const fashion = await finish('fashion-mnist');
  const cifar = await finish('cifar10');
  const distillation = await finish('distillation');
  const location = await finish('location30');
  const leaks = await finish('ml-leaks');
  const every = await finish('every-defense');
  const cost = await finish('cost', ['--workers', '1']);
  return `# Defences on real data

Made by \`npm run results -- defenses\` on ${machine()}. Each cell has the attack's figure, balanced accuracy at its own threshold where no other is named, with its 95 %
interval, then the change from the undefended model with its interval: paired over the records for membership.
What the defences and figures mean: [docs/defenses.md](../defenses.md).

${section(
  'DP-SGD: Fashion-MNIST',
  'fashion-mnist',
  fashion,
  `The noise is solved for ε = 8 at δ = 10⁻⁵, 60 epochs, 2,500 records a role. ${worst(fashion)}`,
)}

${section('DP-SGD: CIFAR-10', 'cifar10', cifar, `2,500 records a role, 30 epochs. ${worst(cifar)}`)}

What the trainings spent:

${spent([...fashion.reports, ...cifar.reports])}

ML-Doctor's own setting (17,500 records, σ .95, 300 epochs, ε 8.408) is \`docs/results/defenses/published.yaml\`, which takes all of Fashion-MNIST
(\`--data-dir /usr/share/datasets\`, from the Debian package dataset-fashion-mnist). It was not run for this page: \`ml-doctor plan\` estimates about 2 h 40 min for its trainings on two cores, and cannot tell beforehand what its attacks take.

${section(
  'Knowledge distillation',
  'distillation',
  distillation,
  'Temperature 20, α .7, a SimpleCNN on Fashion-MNIST; `every-defense` below has both forms of its loss. Published effects on VGG19 range from none (Fashion-MNIST <B,P>: .530 to .538) to all (CelebA <B,S>: .595 to .500).',
)}

${section(
  'Coarser answers and L2: Location-30',
  'location30',
  location,
  'Shokri et al. (2017, table III) on open data: there, on Purchase-100, the top 3 and 3 digits change nothing, the label alone takes the attack from .92 to .66, and λ = .01 to .53 at a cost of 3 points of accuracy.',
)}

${section(
  'Dropout and stacking against ML-Leaks’ adversary 1',
  'ml-leaks',
  leaks,
  'Salem et al. (2019) report dropout from .97/.96 to .68/.66 (precision/recall) in one example, and stacking cutting adversary 1 by more than 30 % on Location.',
)}

${section('Every defence', 'every-defense', every, 'An MLP on Fashion-MNIST, 2,500 records a role, one seed.')}

Claimed and measured:

${measured(every.reports)}

## What training under each costs

${command('cost', { ...cost, took: cost.took.replace('two at once', 'one at a time') })} Means of two seeds; a teacher's time counts. Steps of DP-SGD beside plain ones, and their memory: [private-benchmark](private-benchmark.md).

${timeTable(cost.matrices[0] as Matrix)}
`;
};
