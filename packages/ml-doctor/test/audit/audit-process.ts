/** A process that runs the tiny audit and prints the label of each task it finishes: for tests that kill it. */

import { runTiny } from './tiny-audit.ts';

const [store = '', workers = '0'] = process.argv.slice(2);
await runTiny({
  store,
  workers: Number(workers),
  onEvent: (event) => {
    if (event.type === 'finished') console.log(event.task.label);
  },
});
