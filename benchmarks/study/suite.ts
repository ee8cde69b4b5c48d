/** The study core's cases, in order, on this machine. */
import { machine } from '../machine.ts';
import { chosenFrom, type MeasureOptions, type Suite, suiteOf } from '../suite.ts';
import type { Figure, StudyCase } from './case.ts';
import { diskAbout } from './disk.ts';
import { estimate } from './estimate.ts';
import { missing100k } from './missing.ts';
import { overhead } from './overhead.ts';
import { plan1k, plan10k, plan100k } from './planning.ts';
import { jsonKeys, jsonLine, legend, markdown, table } from './report.ts';
import { speedUp } from './speed-up.ts';
import { storeReads, storeWrites } from './store-speed.ts';

const cases: readonly StudyCase[] = [
  plan1k,
  plan10k,
  plan100k,
  missing100k,
  storeWrites,
  storeReads,
  overhead,
  speedUp,
  estimate,
];

const measure = async (
  { only, rounds, quick, note }: MeasureOptions,
  onMeasured: (figure: Figure) => void,
): Promise<readonly string[]> => {
  const chosen = chosenFrom(cases, only);
  const about = [...machine(), await diskAbout()];
  for (const line of about) note(line);
  for (const one of chosen) {
    note(`${one.name}: ${one.about}`);
    for (const figure of await one.run({ rounds, quick, note }))
      onMeasured(quick ? withoutBar(figure) : figure);
  }
  return about;
};

/** Too little work to judge by. */
const withoutBar = ({ bar: _, ...figure }: Figure): Figure => figure;

export const studySuite: Suite = suiteOf({
  name: 'study',
  about: 'planning, the store, the overhead of a task, two workers, estimates of time',
  ...{ cases, legend, jsonKeys, measure, jsonLine, table, markdown },
});
