/** Time and memory that planning takes, each time in a process of its own. */
import { type Bar, type Bench, type Figure, roundsOf, type StudyCase } from './case.ts';
import { inChild } from './child.ts';

export interface PlanningReport {
  readonly tasks: number;
  readonly readingSeconds: number;
  readonly planningSeconds: number;
  readonly peakMiB: number;
}

/** A target and a shadow model, trained and queried, and two attacks, run and evaluated. */
export const TASKS_A_TARGET = 8;
const QUICK_TARGETS = 10;

const measure = async (
  name: string,
  tasks: number,
  bench: Bench,
  bars: { readonly seconds?: Bar; readonly memory?: Bar },
): Promise<Figure[]> => {
  const targets = bench.quick ? QUICK_TARGETS : tasks / TASKS_A_TARGET;
  const reports: PlanningReport[] = [];
  for (let round = 0; round < roundsOf(bench, 5); round += 1)
    reports.push(await inChild<PlanningReport>('./planning-child.ts', targets));
  const all = (key: keyof PlanningReport) => reports.map((report) => report[key]);
  const seconds = bars.seconds && { bar: bars.seconds };
  const memory = bars.memory && { bar: bars.memory };
  return [
    { name, what: 'tasks', unit: 'tasks', values: all('tasks') },
    { name, what: 'configuration to plan', unit: 's', values: all('planningSeconds'), ...seconds },
    { name, what: 'its text to configuration', unit: 's', values: all('readingSeconds') },
    { name, what: 'most memory of the process', unit: 'MiB', values: all('peakMiB'), ...memory },
  ];
};

const planning = (
  name: string,
  tasks: number,
  bars: { readonly seconds?: Bar; readonly memory?: Bar } = {},
): StudyCase => ({
  name,
  about: `planning a study of ${tasks.toLocaleString('en-GB')} tasks`,
  run: (bench) => measure(name, tasks, bench, bars),
});

export const plan1k = planning('plan-1k', 1000);
export const plan10k = planning('plan-10k', 10_000);
export const plan100k = planning('plan-100k', 100_000, { seconds: { most: 5 }, memory: { most: 1024 } });
