/** The time that a study was said to take, before anything was known and after others like it, against the truth. */
import { availableParallelism } from 'node:os';
import { expandGrid } from '../../packages/ml-doctor/src/audit/expand-grid.ts';
import { runCells } from '../../packages/ml-doctor/src/audit/run-cells.ts';
import { type Figure, roundsOf, type StudyCase } from './case.ts';
import { seconds, studyOf } from './plan-of.ts';
import { TemporaryStores } from './temporary-store.ts';

const name = 'estimate';

const smallStudy = (seeds: readonly number[], quick: boolean) =>
  studyOf(`data: [{ catalog: fashion-mnist-10k, recordsPerRole: ${quick ? 60 : 400} }]
models: [${quick ? 'mlp' : 'simple-cnn'}]
training: { epochs: ${quick ? 1 : 10}, milestones: [] }
attacks: [membership/loss-threshold, { membership/shadow-classifier: { epochs: ${quick ? 1 : 20} } }]
seeds: [${seeds.join(', ')}]
`);

interface Comparison {
  readonly estimated: number;
  /** From the estimate to the end. */
  readonly rest: number;
  /** As run.json has it: planning and measuring included. */
  readonly whole: number;
}

const run = async (seeds: readonly number[], store: string, quick: boolean): Promise<Comparison> => {
  let estimated = Number.NaN;
  let since = Number.NaN;
  const { run } = await runCells(
    expandGrid(smallStudy(seeds, quick)),
    { source: { fault: (_path, what) => new Error(what) }, command: '' },
    {
      store,
      workers: quick ? 1 : Math.min(2, availableParallelism()),
      version: 'benchmark',
      signal: new AbortController().signal,
      onEvent: (event) => {
        if (event.type !== 'estimated') return;
        estimated = event.seconds;
        since = performance.now();
      },
    },
  );
  return { estimated, rest: seconds(since), whole: run.seconds };
};

export const estimate: StudyCase = {
  name,
  about: 'estimated against true seconds of a small study, from an empty store and with others recorded',
  run: async (bench) => {
    await using stores = new TemporaryStores();
    const unknown: Comparison[] = [];
    const recorded: Comparison[] = [];
    for (let round = 0; round < roundsOf(bench, 3); round += 1) {
      const store = stores.fresh();
      const [first, second] = bench.quick
        ? [[0], [2]]
        : [
            [0, 2, 4],
            [6, 8, 10],
          ];
      unknown.push(await run(first as number[], store, bench.quick));
      recorded.push(await run(second as number[], store, bench.quick));
    }
    const figures = (how: string, all: readonly Comparison[]): Figure[] => [
      { name, what: `estimate / truth, ${how}`, unit: 'times', values: all.map((c) => c.estimated / c.rest) },
      { name, what: `  estimate, ${how}`, unit: 's', values: all.map((c) => c.estimated) },
      { name, what: `  from then to the end, ${how}`, unit: 's', values: all.map((c) => c.rest) },
      { name, what: `  whole run as in run.json, ${how}`, unit: 's', values: all.map((c) => c.whole) },
    ];
    return [...figures('measured first', unknown), ...figures('recorded before', recorded)];
  },
};
