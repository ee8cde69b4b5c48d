/** As `scheduler.property.test.ts`, on many more and larger cases, with the real waits between attempts. */

import fc from 'fast-check';
import { describe, test } from 'vitest';
import {
  anyCrew,
  inlineCrew,
  inProcesses,
  interruptedAndDamaged,
  localCrew,
  sameAsInline,
  together,
} from '../../test/study/random-properties.ts';

describe('every task ends as the model says, once, after its inputs', () => {
  test('in this process, stopped and damaged', () => interruptedAndDamaged(60, 25, inlineCrew));
  test('in worker processes, stopped and damaged', () => interruptedAndDamaged(40, 25, localCrew));
  test('and with the same results in worker processes as in this one', () => sameAsInline(25, 25));
});

describe('two planners at once', () => {
  test('in one process', () => together(60, 25, fc.constant(['inline', 'inline'])));
  test('with workers', () => together(25, 25, fc.tuple(anyCrew, localCrew)));
  test('in two processes', () => inProcesses(25, 25));
});
