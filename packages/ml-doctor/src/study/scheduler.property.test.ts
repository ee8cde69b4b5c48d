/** Random graphs, fates, worker counts, stops, damage and company; `scheduler.property.nightly.test.ts` has many more. */

import fc from 'fast-check';
import { describe, test, vi } from 'vitest';
import {
  anyCrew,
  inlineCrew,
  inProcesses,
  interruptedAndDamaged,
  localCrew,
  sameAsInline,
  together,
} from '../../test/study/random-properties.ts';

// Patience between attempts is not under test here, and would take most of the time.
vi.mock('node:timers/promises', async (original) => {
  const real = await original<typeof import('node:timers/promises')>();
  const setTimeout: typeof real.setTimeout = (delay = 0, ...rest) => real.setTimeout(delay / 50, ...rest);
  return { ...real, setTimeout };
});

describe('every task ends as the model says, once, after its inputs', () => {
  test('in this process, stopped and damaged', () => interruptedAndDamaged(60, 25, inlineCrew));
  test('in worker processes, stopped and damaged', () => interruptedAndDamaged(3, 12, localCrew));
  test('and with the same results in worker processes as in this one', () => sameAsInline(3, 12));
});

describe('two planners at once', () => {
  test('in one process', () => together(40, 25, fc.constant(['inline', 'inline'])));
  test('with workers', () => together(2, 12, fc.tuple(anyCrew, localCrew)));
  test('in two processes', () => inProcesses(1, 14));
});
