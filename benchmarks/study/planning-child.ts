/** Child process: plans a study and reports how long it took and the most memory that the process ever held. */
import { readFileSync } from 'node:fs';
import { answer } from './child.ts';
import { planTargets } from './plan-of.ts';
import type { PlanningReport } from './planning.ts';

/** Not `maxRSS` where Linux tells more: there a child inherits that from the process which started it. */
const peakMiB = (): number => {
  const kib =
    process.platform === 'linux'
      ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
      : undefined;
  return (kib === undefined ? process.resourceUsage().maxRSS : Number(kib)) / 1024;
};

const { plan, readingSeconds, planningSeconds } = await planTargets(Number(process.argv[2]));
answer<PlanningReport>({ tasks: plan.tasks.length, readingSeconds, planningSeconds, peakMiB: peakMiB() });
