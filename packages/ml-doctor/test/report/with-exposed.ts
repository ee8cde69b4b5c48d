/** Reports whose membership attacks name records, for tests of what shows them. */

import type { Exposed, Report } from '../../src/report/schema.ts';

export const exposedEntries = (count: number, more: Partial<Exposed> = {}): readonly Exposed[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{
      record: 7 * i + 3,
      class: `class ${i % 4}`,
      score: 9 - i / 16,
      falsePositives: Math.floor(i / 3),
      ...more,
    },
  }));

export const withExposed = (report: Report, count: number, more: Partial<Exposed> = {}): Report => ({
  ...report,
  results: report.results.map((result) =>
    result.attack.startsWith('membership/') ? { ...result, exposed: exposedEntries(count, more) } : result,
  ),
});
