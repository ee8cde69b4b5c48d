/** Work in a process of its own, which says once what it has found. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** @param module a file beside this one that calls {@link answer} */
export const inChild = async <T>(module: string, ...args: readonly (string | number)[]): Promise<T> => {
  const child = fork(fileURLToPath(new URL(module, import.meta.url)), args.map(String));
  const found = await new Promise<T>((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('exit', (status) => reject(new Error(`${module} ended with status ${status}`)));
  });
  if (child.exitCode === null) await once(child, 'exit');
  return found;
};

/** In the child: ends it, too. */
export const answer = <T>(found: T): void => {
  process.send?.(found, () => process.disconnect());
};
