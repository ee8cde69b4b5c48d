/** Time that it takes to find what a store lacks of a large plan. */
import { roundsOf, type StudyCase } from './case.ts';
import { inChild } from './child.ts';
import { TASKS_A_TARGET } from './planning.ts';

export interface MissingReport {
  readonly emptySeconds: number;
  readonly partSeconds: number;
  readonly graphSeconds: number;
}

const name = 'missing-100k';

export const missing100k: StudyCase = {
  name,
  about: 'finding what a store lacks of a study of 100,000 tasks',
  run: async (bench) => {
    const [tasks, stored] = bench.quick ? [80, 16] : [100_000, 10_000];
    const reports: MissingReport[] = [];
    for (let round = 0; round < roundsOf(bench, 3); round += 1)
      reports.push(await inChild<MissingReport>('./missing-child.ts', tasks / TASKS_A_TARGET, stored));
    const part = `store holding ${stored.toLocaleString('en-GB')} records`;
    return [
      { name, what: 'empty store', unit: 's', values: reports.map((report) => report.emptySeconds) },
      { name, what: part, unit: 's', values: reports.map((report) => report.partSeconds) },
      { name, what: 'all of it in order', unit: 's', values: reports.map((report) => report.graphSeconds) },
    ];
  },
};
