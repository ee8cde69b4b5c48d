/** The audit as a user runs it, on an empty store; where its time went is read from the store. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Report } from 'ml-doctor';
import { openStoreReadOnly } from '../../packages/ml-doctor/src/study/store/open-existing.ts';
import type { TaskRecord } from '../../packages/ml-doctor/src/study/store/task-record.ts';
import { recipeOf, type Scale } from './scale.ts';
import { type SideRun, timed } from './side.ts';
import type { Span } from './spans.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Node's arguments for the program that users get, built anew; or, as building takes long, from source. */
export const programArgs = async (built: boolean): Promise<readonly string[]> => {
  if (!built)
    return ['--import', 'tsx', '--conditions=source', join(root, 'packages/ml-doctor/src/cli/main.ts')];
  await run('npm', ['run', '--silent', 'build'], { cwd: root });
  return [join(root, 'packages/ml-doctor/dist/cli/main.js')];
};

const configOf = (scale: Scale) => ({
  data: { catalog: 'cifar10-20k', recordsPerRole: scale.records },
  target: { train: { model: 'simple-cnn', ...recipeOf(scale) } },
  attacks: [{ 'membership/lira': { mode: 'online', shadows: scale.shadows } }],
});

/**
 * @param folder does not exist yet; the store and the report go there.
 * @throws Error when the program ends with anything but success
 */
export const ours = async (
  scale: Scale,
  where: { readonly program: readonly string[]; readonly data: string; readonly folder: string },
): Promise<SideRun> => {
  const { program, data, folder } = where;
  const [config, store, out] = ['audit.json', 'store', 'out'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await mkdir(folder, { recursive: true });
  await writeFile(config, JSON.stringify(configOf(scale)));
  const options = ['--data-dir', data, '--store', store, '--out', out, '--workers', '2', '--json'];
  const { seconds, value } = await timed(() =>
    run(process.execPath, [...program, 'audit', config, ...options], { cwd: root, maxBuffer: 2 ** 28 }),
  );
  const records = await recordsIn(store);
  const { target, results } = JSON.parse(value.stdout) as Report;
  const [trainAccuracy, testAccuracy, auc] = [
    target.trainAccuracy,
    target.testAccuracy,
    results[0]?.metrics['auc'],
  ].map((metric) => metric?.value ?? Number.NaN) as [number, number, number];
  return {
    ...{ seconds, auc, trainAccuracy, testAccuracy },
    spans: records.map(spanOf),
    steps: records.reduce((sum, record) => sum + trainingSteps(record), 0),
  };
};

const recordsIn = async (folder: string): Promise<TaskRecord[]> => {
  const store = await openStoreReadOnly(folder);
  const records = await Promise.all([...(await store.keys())].map((key) => store.record(key)));
  return records.filter((record) => record !== undefined);
};

/** Whatever neither trains nor queries belongs to scoring. */
const spanOf = ({ kind, seconds, finishedAt }: TaskRecord): Span => {
  const to = Date.parse(finishedAt) / 1000;
  return { kind: kind === 'train' || kind === 'query' ? kind : 'score', from: to - seconds, to };
};

const trainingSteps = ({ kind, result }: TaskRecord): number =>
  kind === 'train' ? (result as { readonly steps: number }).steps : 0;
