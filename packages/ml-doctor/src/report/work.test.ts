/** Estimate and truth side by side. */

import { expect, it } from 'vitest';
import { sampleRun } from '../../test/report/sample-report.ts';
import { describeWork } from './work.ts';

it.each([
  [undefined, '5 tasks ran, 1 taken from the store; took 3 min 12 s'],
  [
    { seconds: 8, took: 64, unknown: 0 },
    '5 tasks ran, 1 taken from the store; took 3 min 12 s; the tasks alone 1 min 04 s, estimated 8.0 s',
  ],
  [
    { seconds: 8, took: 64, unknown: 1 },
    '5 tasks ran, 1 taken from the store; took 3 min 12 s; the tasks alone 1 min 04 s, estimated 8.0 s without 1 task of unknown length',
  ],
])('with estimate %j', (estimate, text) => {
  const { estimate: _, ...run } = sampleRun();
  expect(describeWork({ ...run, ...(estimate && { estimate }) })).toBe(text);
});
