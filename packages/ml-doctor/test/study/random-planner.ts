/** A process that runs a random graph on a store that others use too: says `ready`, waits for a line, prints how it went. */

import { once } from 'node:events';
import { localExecutor } from '../../src/study/executors/local.ts';
import { runStudy } from '../../src/study/scheduler.ts';
import { openStore } from '../../src/study/store/folder-store.ts';
import { modelOf, type RandomNode } from './random-graph.ts';

/** Its only argument, as JSON. */
export interface PlannerTask {
  readonly store: string;
  readonly logs: string;
  readonly tag: string;
  readonly workers: number;
  readonly nodes: readonly RandomNode[];
}

const { store: folder, logs, tag, workers, nodes } = JSON.parse(process.argv[2] ?? '') as PlannerTask;
const { plan } = modelOf(nodes, logs);
const store = await openStore(folder);
const handlers = new URL('./random-handlers.ts', import.meta.url);
handlers.searchParams.set('tag', tag);
const executor = localExecutor({ store, handlers, workers });
console.log('ready');
await once(process.stdin, 'data');
const { aborted, holes } = await runStudy({ plan, store, executor });
await executor.close();
console.log(JSON.stringify({ aborted, holes: holes.map(({ task }) => task.key) }));
process.exit();
