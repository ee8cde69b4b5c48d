/** `report.csv`: every number of an audit, one a row, for spreadsheets and data frames. */

import { canonicalValue } from '../canonical.ts';
import { defenseOf } from '../identity.ts';
import { attackChoice, variantsFor } from '../labels.ts';
import { type Report, reportSchema } from '../schema.ts';
import { csvText } from '../study/csv-text.ts';

const HEADER = [
  ...['report', 'data', 'data_sha256', 'model', 'defense', 'id', 'attack', 'variant', 'attribute', 'through'],
  ...['access', 'auxiliary', 'output', 'params', 'references', 'pool', 'queries', 'seed'],
  ...['members', 'non_members', 'slice_by', 'slice', 'baseline'],
  ...['metric', 'value', 'low', 'high', 'method', 'level', 'reason', 'finding'],
];

/**
 * One row per result and metric under a row of names, then those of its slices and of its baselines, as {@link csvText}
 * writes them. Parameters are JSON, rates and accuracies shares of 1, and what is unknown or not bounded is empty.
 * `slice_by` and `slice` are empty for the whole, `baseline` for the attack itself; rows of either have no level.
 *
 * An attack that failed has no row: what is missing, and why, stands in `report.json` and `report.html`.
 */
export function reportToCsv(report: Report): string {
  const read = canonicalValue(reportSchema, report, 'report');
  const variantOf = variantsFor(read.results.map(attackChoice));
  const about = [
    ...[read.name ?? null, read.data.id, read.data.contentHash],
    ...[read.target.name, defenseOf(read).name],
  ];
  const rows = read.results.flatMap((result) => {
    const { threatModel, references, verdict } = result;
    const question = [
      ...[result.id, result.attack, variantOf(attackChoice(result))],
      ...[result.attribute?.name ?? null, result.through?.attack ?? null],
      ...[threatModel.access, threatModel.auxiliary, threatModel.output, JSON.stringify(result.params)],
      ...[references.count, references.pool, result.queries, result.seed],
    ];
    const lines = (
      metrics: typeof result.metrics,
      records: typeof result.records,
      part: readonly (string | null)[],
      verdictCells: readonly (string | null)[],
    ) =>
      Object.entries(metrics).map(([name, { value, low, high, method }]) => [
        ...about,
        ...question,
        ...[records.members, records.nonMembers],
        ...part,
        ...[name, value, low, high, method],
        ...verdictCells,
      ]);
    return [
      ...lines(
        result.metrics,
        result.records,
        [null, null, null],
        [verdict.level, verdict.reason ?? null, verdict.finding ?? null],
      ),
      ...result.slices.flatMap(({ by, value, records, metrics }) =>
        lines(metrics, records, [by, value, null], [null, null, null]),
      ),
      ...result.baselines.flatMap(({ name, metrics }) =>
        lines(metrics, result.records, [null, null, name], [null, null, null]),
      ),
    ];
  });
  return csvText([HEADER, ...rows]);
}
