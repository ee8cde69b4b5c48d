/** A process that runs one endless task in a pool and, on Ctrl-C, aborts it and prints the summary. */

import { planEnvironment } from '../../src/study/environment.ts';
import { localExecutor } from '../../src/study/executors/local.ts';
import { PlanBuilder } from '../../src/study/plan.ts';
import { runStudy } from '../../src/study/scheduler.ts';
import { openStore } from '../../src/study/store/folder-store.ts';
import { handlers } from './fixture-handlers.ts';

const [folder = '', module = '', log = ''] = process.argv.slice(2);
const abort = new AbortController();
process.once('SIGINT', () => abort.abort());
const store = await openStore(folder);
const builder = new PlanBuilder(planEnvironment(handlers));
builder.add({ kind: 'wait', label: 'endless', params: { log }, seed: 0 });
const executor = localExecutor({ store, handlers: new URL(module), workers: 1 });
const { ran, failed, aborted } = await runStudy({
  plan: builder.build(),
  store,
  executor,
  signal: abort.signal,
});
await executor.close();
console.log(JSON.stringify({ ran, failed, aborted }));
