/** Charts of figures drawn once: for the page, and as files of their own. */

import { roundSignificant } from '../../report/canonical.ts';
import { renderChart } from '../../report/html/charts/render-chart.ts';
import { Markup } from '../../report/html/markup.ts';
import type { Figure } from '../figure.ts';
import { chartFiles, slugOf } from './file-names.ts';

export interface DrawnChart {
  /** Text of the `.vl.json`: what is drawn. */
  readonly spec: string;
  /** Text of the `.svg`. */
  readonly svg: string;
  /** For the page, at its own size. */
  readonly inline: Markup;
}

/** By the path of the SVG. Numbers have six significant digits, as in all reports. */
export async function drawCharts(
  figures: readonly Pick<Figure, 'name' | 'charts'>[],
): Promise<Map<string, DrawnChart>> {
  const drawn = new Map<string, DrawnChart>();
  for (const { name, charts } of figures) {
    for (const { id, title, description, spec } of charts) {
      const text = JSON.stringify(
        spec,
        (_, value) => (typeof value === 'number' ? roundSignificant(value) : value),
        1,
      );
      const { text: markup } = await renderChart({
        ...{ id: `${slugOf(name)}-${id}`, spec: JSON.parse(text), title, description },
      });
      const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(markup) ?? [];
      if (width === undefined) throw new Error(`internal: the chart ${id} has no size`);
      const sized = markup.replace('<svg role="img"', `<svg role="img" width="${width}" height="${height}"`);
      drawn.set(chartFiles(name, id).svg, {
        spec: `${text}\n`,
        svg: `${sized.slice(sized.indexOf('<svg'), sized.lastIndexOf('</div>')).replace('<svg', `<svg ${NAMESPACES}`)}\n`,
        inline: new Markup(sized),
      });
    }
  }
  return drawn;
}

const NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
