/** Rows as CSV text, by RFC 4180 but with lines that end in a line feed alone. */

export type CsvCell = string | number | null;

/** Text that a spreadsheet would run as a formula gets an apostrophe in front; null is empty. */
export function csvText(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((cells) => `${cells.map(cell).join(',')}\n`).join('');
}

function cell(content: CsvCell): string {
  if (content === null) return '';
  if (typeof content === 'number') return String(content);
  const text = FORMULA.test(content) ? `'${content}` : content;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** How Excel, LibreOffice and Google Sheets tell a formula; tab and return are skipped on import. */
const FORMULA = /^[=+\-@\t\r]/;
