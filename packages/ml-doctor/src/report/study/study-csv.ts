/** `study.csv`: every number of a study, one a row, for spreadsheets and data frames. */

import { canonicalValue } from '../canonical.ts';
import { type StudyReport, studySchema } from './study-schema.ts';

const HEADER = [
  ...['audit', 'data', 'data_params', 'model', 'model_params', 'defense', 'defense_params', 'seed'],
  ...['attack', 'access', 'auxiliary', 'output', 'params', 'metric', 'value', 'low', 'high', 'method'],
  ...['level', 'train_accuracy', 'test_accuracy'],
];

/**
 * One row per audit, attack and metric under a row of names, by RFC 4180 but with lines that end in a line feed alone.
 * Parameters are JSON, rates and accuracies shares of 1, and what is unknown or not bounded is empty. Text that a
 * spreadsheet would run as a formula gets an apostrophe in front.
 *
 * An attack that failed has no row: what is missing, and why, stands in `study.json` and `study.html`.
 */
export function studyToCsv(study: StudyReport): string {
  const { audits } = canonicalValue(studySchema, study, 'study');
  const rows = audits.flatMap((audit) =>
    audit.results.flatMap(({ attack, threatModel, params, metrics, level }) =>
      Object.entries(metrics).map(([metric, { value, low, high, method }]) => [
        audit.id,
        audit.data.name,
        JSON.stringify(audit.data.params),
        audit.model.name,
        JSON.stringify(audit.model.params),
        audit.defense.name,
        JSON.stringify(audit.defense.params),
        audit.seed,
        attack,
        threatModel.access,
        threatModel.auxiliary,
        threatModel.output,
        JSON.stringify(params),
        metric,
        value,
        low,
        high,
        method,
        level,
        audit.trainAccuracy?.value ?? null,
        audit.testAccuracy?.value ?? null,
      ]),
    ),
  );
  return [HEADER, ...rows].map((cells) => `${cells.map(cell).join(',')}\n`).join('');
}

function cell(content: string | number | null): string {
  if (content === null) return '';
  if (typeof content === 'number') return String(content);
  const text = FORMULA.test(content) ? `'${content}` : content;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** How Excel, LibreOffice and Google Sheets tell a formula; tab and return are skipped on import. */
const FORMULA = /^[=+\-@\t\r]/;
