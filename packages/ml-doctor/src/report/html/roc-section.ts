/** The ROC on the page: the chart, its legend, and its numbers as a table. */

import { oneIn, percent, percentWithInterval, plural } from '../format.ts';
import type { Result } from '../schema.ts';
import { type Chart, renderChart } from './charts/render-chart.ts';
import { type Curve, curvesOf, MARKED_RATE, rocSpec } from './charts/roc-chart.ts';
import { html, type Markup } from './markup.ts';
import { numbersTable } from './numbers-table.ts';
import { legendLine, letter, MAX_CURVES } from './series.ts';

/** Undefined where no attack has a curve. */
export async function rocSection(results: readonly Result[]): Promise<Markup | undefined> {
  const all = curvesOf(results);
  if (all.length === 0) return undefined;
  const curves = all.slice(0, MAX_CURVES);
  const chart: Chart = {
    id: 'roc',
    spec: rocSpec(curves),
    title: `ROC curves of ${plural(curves.length, 'attack')}, both axes logarithmic`,
    description: `${curves.map((curve, i) => `${letter(i)}: ${markedText(curve)}`).join('; ')}, when ${oneIn(MARKED_RATE)} outsiders is falsely accused. The table of numbers below has more rates.`,
  };
  return html`<p>Each curve shows the share of training records an attack names (upwards) for each share of outsiders, people whose records were not used, it falsely accuses (to the right). Above the dotted line is better than guessing. The left side matters most: there the attacker accuses hardly anybody wrongly, so being named means being exposed.</p>
<figure>
${await renderChart(chart)}
<figcaption><small>Named among training records, with 95 % interval, when ${oneIn(MARKED_RATE)} outsiders is falsely accused:</small>
<ul class="legend">${curves.map(
    (curve, i) => html`<li>${legendLine(i)}
<span><strong>${letter(i)}</strong> <code>${curve.label}</code>: ${markedText(curve)}</span></li>
`,
  )}</ul>${all.length > curves.length && html`<small>${plural(all.length - curves.length, 'more curve')} in report.json.</small>`}</figcaption>
${rocTable(curves)}
</figure>`;
}

function markedText({ marked }: Curve): string {
  return marked === undefined ? 'not measured' : percentWithInterval(marked);
}

const RATES = [0.0001, 0.001, 0.01, 0.1, 0.5];

/** Best TPR whose FPR does not exceed the rate; only where the sample allows one false positive. */
export function tprAt({ roc, nonMembers }: Curve, rate: number): number | undefined {
  if (nonMembers * rate < 1 - 1e-9) return undefined;
  return Math.max(0, ...roc.fpr.flatMap((f, i) => (f <= rate * (1 + 1e-9) ? [roc.tpr[i] as number] : [])));
}

function rocTable(curves: readonly Curve[]): Markup {
  return numbersTable({
    of: 'ROC curves',
    heads: ['Curve', ...RATES.map((rate) => `TPR at ${percent(rate)} FPR`)],
    rows: curves.map((curve, i) => [
      `${letter(i)} ${curve.label}`,
      ...RATES.map((rate) => {
        const value = tprAt(curve, rate);
        return value === undefined ? 'too few records' : percent(value);
      }),
    ]),
  });
}
