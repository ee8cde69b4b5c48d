/** What one of two studies of a target asked for is there whichever comes first. */

import { expect, it } from 'vitest';
import { around, type SampleTarget, sampleSource } from '../../../test/analysis/sample-evidence.ts';
import type { Draft } from '../../../test/report/sample-report.ts';
import { evidenceFrom } from './evidence.ts';

const plain: SampleTarget = { data: 'celeba', model: 'simple-cnn', modes: { 'MemInf <B,S>': 0.6 } };
const complexity = {
  nearestNeighbourError: around(0.4),
  ...{ bitsPerValue: 4, bitsStored: 8, records: 1000, reference: 1000 },
};
const factors = { records: { members: 100, nonMembers: 100 }, factors: [], sentence: 'None of them.' };
const explained: SampleTarget = {
  ...plain,
  report: (report): Draft => ({
    ...report,
    data: { ...report.data, complexity },
    results: report.results.map((result) => ({ ...result, factors })),
  }),
};

it.each([
  [plain, explained],
  [explained, plain],
])('complexity and factors of either study are kept', (one, other) => {
  const { targets } = evidenceFrom([sampleSource([one]), sampleSource([other], { name: 'other' })]);
  expect(targets).toHaveLength(1);
  const [{ report }] = targets[0]!.runs;
  expect(report.data.complexity).toEqual(complexity);
  expect(report.results.map((result) => result.factors)).toEqual([factors]);
});
