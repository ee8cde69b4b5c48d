/** Rows of text as aligned columns for the terminal and as a Markdown table. */

export interface Columns {
  readonly heads: readonly string[];
  /** Indices of the columns of words; the others hold numbers and stand to the right. */
  readonly words: readonly number[];
}

export const aligned = ({ heads, words }: Columns, rows: readonly (readonly string[])[]): string => {
  const all = [heads, ...rows];
  const widths = heads.map((_, i) => Math.max(...all.map((row) => (row[i] as string).length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => {
        const width = widths[i] as number;
        return words.includes(i) ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd();
  return all.map(line).join('\n');
};

export const markdownTable = ({ heads, words }: Columns, rows: readonly (readonly string[])[]): string => {
  const line = (row: readonly string[]) => `| ${row.map((cell) => cell.trim()).join(' | ')} |`;
  const rule = heads.map((_, i) => (words.includes(i) ? '---' : '---:'));
  return [line(heads), line(rule), ...rows.map(line)].join('\n');
};

/** The page of a suite in docs/results. */
export const page = (
  suite: { readonly name: string; readonly title: string; readonly legend: readonly string[] },
  about: readonly string[],
  table: string,
): string =>
  [
    `# ${suite.title}`,
    '',
    `Printed by \`npm run bench -- ${suite.name} --markdown\`; [how to read it](../../benchmarks/README.md).`,
    '',
    ...about.map((text) => `- ${text}`),
    '',
    table,
    '',
    ...suite.legend.map((text) => `- ${text}`),
    '',
  ].join('\n');
