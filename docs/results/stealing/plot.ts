/** Agreement over queries as an SVG: a curve for each attack, whiskers for intervals, dashed lines for what needs no query. */
import type { Result } from '../tools.ts';

export interface Line {
  readonly label: string;
  readonly result: Result;
}

const [WIDTH, HEIGHT] = [800, 430];
const PLOT = { left: 60, right: 490, top: 20, bottom: 380 };
/** Told apart by people of any sight, and by their dashes. */
const COLOURS = [
  ...['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00'],
  ...['#56b4e9', '#000000', '#8c510a', '#7f7f7f', '#4b0082'],
];
export const MOST_LINES = COLOURS.length;

export const agreementPlot = (title: string, lines: readonly Line[]): string => {
  const queries = lines.flatMap(({ result }) => (result.curves.budget ?? []).map((point) => point.queries));
  const [least, most] = [Math.min(...queries), Math.max(...queries)];
  const x = (value: number) =>
    PLOT.left +
    ((Math.log(value) - Math.log(least)) / Math.max(1e-9, Math.log(most) - Math.log(least))) *
      (PLOT.right - PLOT.left);
  const y = (value: number) => PLOT.bottom - value * (PLOT.bottom - PLOT.top);
  const text = (at: readonly [number, number], words: string, more = '') =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" ${more}>${words}</text>`;
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1].map(
    (value) =>
      `<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/>` +
      text([PLOT.left - 8, y(value) + 4], value.toFixed(1), 'text-anchor="end"'),
  );
  const counts = tickCounts(least, most).map((count) =>
    text([x(count), PLOT.bottom + 18], count.toLocaleString('en-GB'), 'text-anchor="middle"'),
  );
  const curves = lines.map(({ label, result }, i) => {
    const colour = COLOURS[i % COLOURS.length] as string;
    const points = (result.curves.budget ?? []).flatMap((point) => {
      const agreement = point.metrics['agreement'];
      return agreement ? [{ at: x(point.queries), agreement }] : [];
    });
    const path = points.map(({ at, agreement }) => `${at.toFixed(1)},${y(agreement.value).toFixed(1)}`);
    const marks = points.map(
      ({ at, agreement: { value, low, high } }) =>
        `<line x1="${at.toFixed(1)}" x2="${at.toFixed(1)}" y1="${y(low ?? value).toFixed(1)}" y2="${y(high ?? value).toFixed(1)}" stroke="${colour}"/>` +
        `<circle cx="${at.toFixed(1)}" cy="${y(value).toFixed(1)}" r="3" fill="${colour}"/>`,
    );
    const row = PLOT.top + 10 + 20 * i;
    return (
      `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>${marks.join('')}` +
      `<line x1="${PLOT.right + 14}" x2="${PLOT.right + 34}" y1="${row}" y2="${row}" stroke="${colour}" stroke-width="2"/>` +
      text([PLOT.right + 40, row + 4], label)
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">
<title>${title}</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${ticks.join('\n')}
${counts.join('\n')}
${text([(PLOT.left + PLOT.right) / 2, HEIGHT - 12], 'queries to the target (logarithmic)', 'text-anchor="middle"')}
${text([16, (PLOT.top + PLOT.bottom) / 2], 'agreement with the target', `text-anchor="middle" transform="rotate(-90 16 ${(PLOT.top + PLOT.bottom) / 2})"`)}
${curves.join('\n')}
</svg>
`;
};

/** 1, 2 and 5 of each power of ten within the range; powers alone where that is more than fit. */
const tickCounts = (least: number, most: number): readonly number[] => {
  const all = Array.from({ length: 8 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();
  const within = all.filter((count) => count >= least && count <= most);
  return within.length > 8 ? within.filter((count) => Number.isInteger(Math.log10(count))) : within;
};
