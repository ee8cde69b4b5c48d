/** Figures as plain text of 80 columns for a terminal or a log: a finding each, what agrees, what is missing. */

import { asSentence, plural } from '../../report/format.ts';
import { printable, WIDTH, wrap } from '../../report/plain-text.ts';
import { painter } from '../../report/terminal.ts';
import { countsOf, countsText } from './comparison-table.ts';
import { type Analysis, figuresReport } from './figures-schema.ts';

const INDENT = '  ';

/** Each line at most 80 characters wide, single words longer than that excepted; ends in a line feed. */
export function renderFiguresTerminal(analysis: Analysis, { colour }: { readonly colour: boolean }): string {
  const { title, figures, refused } = figuresReport(analysis);
  const paint = painter(colour);
  const indented = (text: string) =>
    wrap(printable(text), WIDTH - INDENT.length).map((line) => `${INDENT}${line}`);
  const counts = countsText(countsOf(figures.flatMap(({ comparisons }) => comparisons)));
  const lines = [
    '',
    ...wrap(printable(title)).map((line) => paint('bold', line)),
    '─'.repeat(WIDTH),
    ...wrap(
      `${plural(figures.length, 'figure')}${counts === undefined ? '' : `; published figures: ${counts}`}.`,
    ),
    '',
    ...figures.flatMap(({ name, finding, comparisons, holes }) => {
      const agreed = countsText(countsOf(comparisons));
      return [
        paint('bold', name),
        ...indented(finding),
        ...(agreed === undefined ? [] : indented(`Published figures: ${agreed}.`)),
        ...holes.flatMap(({ what, code, message, hint }) =>
          indented(`Missing: ${what} (${code}): ${asSentence(message)} ${hint}`),
        ),
      ];
    }),
    ...refused.flatMap(({ what, code, message, hint }) => [
      paint('bold', what),
      ...indented(`Cannot be shown (${code}): ${asSentence(message)} ${hint}`),
    ]),
    ...(figures.length + refused.length > 0 ? [''] : []),
    ...wrap('Files: figures.html and figures.md, all of it; figures/, drawings and tables; figures.json'),
    '',
  ];
  return lines.join('\n');
}
