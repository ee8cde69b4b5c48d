/** Worker thread: trains the CNN for as many steps as it is told, and answers with the milliseconds they took. */
import { parentPort } from 'node:worker_threads';
import { side } from './measure.ts';
import { Trainer } from './trainer.ts';

const port = parentPort;
if (!port) throw new Error('internal: this file runs as a worker');

const trainer = await Trainer.open('cnn', { threads: 1 });
const training = side(() => trainer.step());

port.on('message', async (steps: number) => {
  if (steps > 0) return port.postMessage(await training.round(steps));
  await trainer[Symbol.asyncDispose]();
  port.close();
});
port.postMessage('ready');
