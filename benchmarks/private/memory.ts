/** The largest resident memory of a training, in a process of its own. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Size } from './size.ts';
import type { Side } from './train.ts';

const child = fileURLToPath(new URL('./memory-child.ts', import.meta.url));

/** @throws {Error} when the training ends without a report */
export const peakMb = async (size: Size, side: Side): Promise<number> => {
  const training = fork(child, [JSON.stringify({ size, side })]);
  const report = await new Promise<number>((resolve, reject) => {
    training.once('message', (message) => resolve(message as number));
    training.once('exit', (status) => reject(new Error(`the training process ended with status ${status}`)));
  });
  if (training.exitCode === null) await once(training, 'exit');
  return report;
};
