/** The plain PyTorch script, in either way of using two cores. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { recipeOf, type Scale } from './scale.ts';
import { type SideRun, timed } from './side.ts';

/** Debian's interpreter: `python3-torch` installs for it, whatever stands first on the path. */
const python = '/usr/bin/python3';
const script = fileURLToPath(new URL('../torch/lira.py', import.meta.url));

export interface TorchMode {
  readonly processes: number;
  /** Of each process. */
  readonly threads: number;
}

/** @param data the folder that holds `cifar10`. */
export const torch = async (
  { shadows, records, ...scale }: Scale,
  { processes, threads }: TorchMode,
  data: string,
): Promise<SideRun> => {
  const request = {
    ...{ folder: join(data, 'cifar10'), processes, threads, shadows },
    ...{ candidates: 2 * records, seed: 0, recipe: recipeOf({ shadows, records, ...scale }) },
  };
  const count = String(threads);
  const { seconds, value } = await timed(() =>
    promisify(execFile)(python, [script, JSON.stringify(request)], {
      env: { ...process.env, OMP_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count, MKL_NUM_THREADS: count },
    }),
  );
  return { seconds, ...(JSON.parse(value.stdout) as Omit<SideRun, 'seconds'>) };
};
