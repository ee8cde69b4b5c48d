/** How all charts look: colours are the page's own custom properties, so that one drawing does for light, dark and paper. */

import type { Config } from 'vega-lite';

/** What is drawn in a colour of the page takes it when it is looked at, not when it is drawn. */
export const INK = 'var(--ink)';
export const SOFT = 'var(--soft)';
export const LINE = 'var(--line)';
export const PAPER = 'var(--paper)';
export const ACCENT = 'var(--accent)';

/** Of curves; they keep apart under colour-blindness and differ in dashes, too. */
export const SERIES_COLOURS = ['var(--s0)', 'var(--s1)', 'var(--s2)', 'var(--s3)'] as const;

/** Of guessing and of what needs no attack. */
export const CHANCE_DASH = [3, 4];

const FONT = 'system-ui, sans-serif';

export const CHART_CONFIG: Config = {
  aria: false,
  background: 'transparent',
  padding: 6,
  view: { stroke: SOFT },
  axis: {
    ...{ labelColor: SOFT, titleColor: INK, gridColor: LINE, tickColor: SOFT, domainColor: SOFT },
    ...{ labelFont: FONT, titleFont: FONT, labelFontSize: 13, titleFontSize: 14 },
    ...{ titleFontWeight: 'normal', titlePadding: 12, labelOverlap: false, labelFlush: false },
  },
  text: { font: FONT, fontSize: 13, color: INK },
};
