/** One case: ours and PyTorch's two ways take turns, a whole run each, and what the runs come to. */
import { median } from '../engine/measure.ts';
import type { Figure, SideName } from './figure.ts';
import { ours } from './ours.ts';
import { type Scale, stepsOf } from './scale.ts';
import type { SideRun } from './side.ts';
import { type Kind, wallByKind } from './spans.ts';
import { torch } from './torch.ts';

export interface Place {
  /** Node's arguments for our program. */
  readonly program: readonly string[];
  /** Folder of data sets. */
  readonly data: string;
  /** The path of a folder that does not exist yet; another one each time. */
  readonly fresh: () => string;
  readonly hasTorch: boolean;
  /** The sides to run. */
  readonly wanted: readonly SideName[];
  readonly rounds: number;
  /** A line for the person who waits; never on stdout. */
  readonly note: (line: string) => void;
}

export type Runs = Readonly<Record<SideName, readonly SideRun[]>>;

/** The longest last: whoever stops the run has seen the other two. */
const TURNS: readonly SideName[] = ['ours', 'torchProcesses', 'torchThreads'];

/** @throws Error when a side stops, or has not done the work that was asked for */
export const compare = async (scale: Scale, place: Place): Promise<Runs> => {
  const { program, data, fresh, hasTorch, wanted, rounds, note } = place;
  const start: Readonly<Record<SideName, () => Promise<SideRun>>> = {
    ours: () => ours(scale, { program, data, folder: fresh() }),
    torchThreads: () => torch(scale, { processes: 1, threads: 2 }, data),
    torchProcesses: () => torch(scale, { processes: 2, threads: 1 }, data),
  };
  const present = TURNS.filter((side) => wanted.includes(side) && (hasTorch || side === 'ours'));
  const runs: Record<SideName, SideRun[]> = { ours: [], torchThreads: [], torchProcesses: [] };
  for (let round = 0; round < rounds; round += 1)
    for (const [turn] of present.entries()) {
      const side = present[(round + turn) % present.length] as SideName;
      const run = await start[side]();
      assertSameWork(side, run, scale);
      runs[side].push(run);
      note(`  ${side}: ${run.seconds.toFixed(1)} s`);
    }
  return runs;
};

/** Random halves may be a little more or less than half. */
const TOLERANCE = 0.05;

const assertSameWork = (side: SideName, { steps, spans }: SideRun, scale: Scale): void => {
  const trained = spans.filter(({ kind }) => kind === 'train').length;
  const [models, asked] = [1 + scale.shadows, stepsOf(scale)];
  if (trained !== models || Math.abs(steps / asked - 1) > TOLERANCE)
    throw new Error(
      `${side}: ${trained} models were trained, ${steps} steps together; asked for were ${models} and ${asked}`,
    );
};

/** @param judged whether this is the work that the bars are for. */
export const figuresOf = (name: string, runs: Runs, judged: boolean): Figure[] => {
  const each = (value: (run: SideRun) => number): Figure['values'] => ({
    ours: runs.ours.map(value),
    torchThreads: runs.torchThreads.map(value),
    torchProcesses: runs.torchProcesses.map(value),
  });
  const figure = (what: string, unit: Figure['unit'], value: (run: SideRun) => number): Figure => ({
    ...{ name, what, unit, values: each(value) },
  });
  const wall = (kind: Kind) => (run: SideRun) => wallByKind(run.spans)[kind];
  const beyondTraining = (run: SideRun) => wall('query')(run) + wall('score')(run);
  const oneModel = ({ spans }: SideRun) =>
    median(spans.filter(({ kind }) => kind === 'train').map(({ from, to }) => to - from));
  return [
    {
      ...figure('all', 's', ({ seconds }) => seconds),
      ratios: ratiosOf(runs),
      ...(judged && { bar: 1.3 }),
    },
    figure('  training', 's', wall('train')),
    figure('  querying', 's', wall('query')),
    figure('  scoring', 's', wall('score')),
    figure('  the rest', 's', (run) => run.seconds - wall('train')(run) - beyondTraining(run)),
    {
      ...figure('querying and scoring, of all', '%', (run) => (100 * beyondTraining(run)) / run.seconds),
      ...(judged && { bar: 5 }),
    },
    figure('training one model', 's', oneModel),
    figure('AUC of the attack', '', ({ auc }) => auc),
    figure('accuracy of the target on its records', '', ({ trainAccuracy }) => trainAccuracy),
    figure('accuracy of the target on others', '', ({ testAccuracy }) => testAccuracy),
  ];
};

/** To the better of PyTorch's ways that were run. */
const ratiosOf = ({ ours: own, torchThreads, torchProcesses }: Runs): number[] =>
  own.flatMap(({ seconds }, round) => {
    const theirs = [torchThreads[round], torchProcesses[round]].flatMap((run) => (run ? [run.seconds] : []));
    return theirs.length === 0 ? [] : [seconds / Math.min(...theirs)];
  });
