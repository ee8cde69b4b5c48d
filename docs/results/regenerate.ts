/**
 * Regenerates a table of docs/results: `npm run results -- NAME`.
 * `engine-benchmark`, `study-benchmark`: about 10 minutes each. `dcgan-benchmark`, `embeddings-benchmark`: 5. `lira-benchmark`: about half an hour. `stats-benchmark`:
 * a minute. `demo`: the demo's figures over several seeds, about 3 minutes a seed. `membership`: every attack on real
 * data, about half an hour, from the data folder that ML_DOCTOR_DATA names. `inversion`: the same for
 * inversion attacks, up to an hour. `attribute`: the same for attribute inference, a quarter of an hour.
 * `defenses`: studies of every defence, an hour and a half. `private-benchmark`: 10 minutes. `report-benchmark`: a minute.
 * `own-models`: real ONNX files from the command line, 15 minutes; MNIST's from the folder that ML_DOCTOR_MNIST names.
 * `relations`: the small presets of three papers, some two hours; \`ML_DOCTOR_RAN_SMALL\`, \`…_SHOKRI_SMALL\` and \`…_ML_LEAKS_SMALL\` name the
 * folders of presets that have been run.
 * `stealing`: the same for model stealing, about an hour; draws its curves too. `stealing-benchmark`: 5 minutes.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from 'ml-doctor';
import { attributePage } from './attribute/tables.ts';
import { defensesPage } from './defenses/tables.ts';
import { inversionPage } from './inversion/tables.ts';
import { membershipPage } from './membership/tables.ts';
import { ownModelsPage } from './own-models/tables.ts';
import { relationsPage } from './relations/page.ts';
import { stealingPage } from './stealing/tables.ts';

const root = new URL('../../', import.meta.url);
const seeds = [0, 1, 2];

const demoTable = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'ml-doctor-results-'));
  try {
    const rows = seeds.map((seed) => demoRow(seed, join(folder, String(seed))));
    return `# The demo over seeds

Made by \`npm run results -- demo\`: \`ml-doctor demo --seed N\`, 2,500 records a quarter, SimpleCNN, 60 epochs.
Intervals are 95 %. The last column is how far the shadow classifier's AUC lies above the loss threshold's.

| seed | train accuracy | test accuracy | loss threshold AUC | shadow classifier AUC | difference | loss threshold TPR at 1 % FPR | shadow classifier TPR at 1 % FPR |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const demoRow = (seed: number, out: string): string => {
  const main = new URL('packages/ml-doctor/dist/cli/main.js', root);
  execFileSync(process.execPath, [main.pathname, 'demo', '--seed', String(seed), '--out', out], {
    stdio: 'inherit',
  });
  const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report;
  const metric = (attack: string, name: string) => {
    const found = report.results.find((result) => result.attack === attack)?.metrics[name];
    if (!found) throw new Error(`the report lacks ${name} of ${attack}`);
    return found;
  };
  const show = (m: { value: number; low: number | null; high: number | null }) =>
    `${m.value.toFixed(3)} (${m.low?.toFixed(3)} to ${m.high?.toFixed(3)})`;
  const loss = metric('membership/loss-threshold', 'auc');
  const shadow = metric('membership/shadow-classifier', 'auc');
  const { trainAccuracy, testAccuracy } = report.target;
  const cells = [
    String(seed),
    trainAccuracy?.value.toFixed(3) ?? '-',
    testAccuracy?.value.toFixed(3) ?? '-',
    show(loss),
    show(shadow),
    (shadow.value - loss.value).toFixed(3),
    show(metric('membership/loss-threshold', 'tprAtFpr0.01')),
    show(metric('membership/shadow-classifier', 'tprAtFpr0.01')),
  ];
  return `| ${cells.join(' | ')} |`;
};

const benchmark = (suite: string) => (): string =>
  execFileSync('npm', ['run', '--silent', 'bench', '--', suite, '--markdown'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });

const tables: Readonly<Record<string, () => string | Promise<string>>> = {
  demo: demoTable,
  'dcgan-benchmark': benchmark('dcgan'),
  'embeddings-benchmark': benchmark('embeddings'),
  'engine-benchmark': benchmark('engine'),
  'lira-benchmark': benchmark('lira'),
  'private-benchmark': benchmark('private'),
  'report-benchmark': benchmark('report'),
  'stats-benchmark': benchmark('stats'),
  'stealing-benchmark': benchmark('stealing'),
  'study-benchmark': benchmark('study'),
  attribute: attributePage,
  defenses: defensesPage,
  inversion: inversionPage,
  membership: membershipPage,
  'own-models': ownModelsPage,
  relations: relationsPage,
  stealing: stealingPage,
};

const name = process.argv[2] ?? '';
const make = tables[name];
if (!make) {
  console.error(`usage: npm run results -- ${Object.keys(tables).join('|')}`);
  process.exit(2);
}
writeFileSync(new URL(`docs/results/${name}.md`, root), await make());
console.log(`docs/results/${name}.md is written`);
