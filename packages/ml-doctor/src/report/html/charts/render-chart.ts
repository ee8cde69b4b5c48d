/**
 * Draws a chart as static SVG that belongs to the page: no script, no address, no colour of its own.
 *
 * Vega is loaded when the first chart is drawn, as most commands draw none.
 */

import type { TopLevelSpec } from 'vega-lite';
import { html, Markup } from '../markup.ts';

export type ChartSpec = TopLevelSpec;

export interface Chart {
  /** Of the page: no other chart of it has the same. Letters, digits and dashes. */
  readonly id: string;
  readonly spec: ChartSpec;
  /** What is shown, in a few words. */
  readonly title: string;
  /** What it says, for those who do not see it; where its numbers are. */
  readonly description: string;
}

/** The same chart gives the same text, whatever was drawn before. */
export async function renderChart({ id, spec, title, description }: Chart): Promise<Markup> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: 'none', logLevel: vega.Error });
  try {
    const { viewBox, inner } = tidy(await view.toSVG(), id);
    return html`<div class="chart" role="group" aria-label="${title}" tabindex="0"><svg role="img" aria-labelledby="${id}-title ${id}-desc" viewBox="${viewBox}"><title id="${id}-title">${title}</title><desc id="${id}-desc">${description}</desc>${inner}</svg></div>`;
  } finally {
    view.finalize();
  }
}

/** What is inside the drawing, with ids of its own, numbers of two decimals, and no roles, as the whole is one picture. */
function tidy(svg: string, id: string): { readonly viewBox: string; readonly inner: Markup } {
  const open = /^<svg[^>]*\sviewBox="([\d. -]+)"[^>]*>/.exec(svg);
  if (open === null || !svg.endsWith('</svg>')) throw new Error('internal: a chart that is not one SVG');
  const ids = new Map<string, string>();
  const renamed = (name: string) => {
    const known = ids.get(name) ?? `${id}-${ids.size + 1}`;
    ids.set(name, known);
    return known;
  };
  const inner = svg
    .slice(open[0].length, -'</svg>'.length)
    .replace(CONTROLS, '')
    // Text has its angle brackets as entities, so that what looks like a tag is one.
    .replace(/<[^>]*>/g, (tag) =>
      tag
        .replace(/\s(role|aria-[a-z]+|pointer-events|class)="[^"]*"/g, '')
        .replace(/\bid="([^"]*)"/g, (_, name) => `id="${renamed(name)}"`)
        .replace(/url\(#([^)]*)\)/g, (_, name) => `url(#${renamed(name)})`)
        .replace(/(\d\.\d\d)\d+/g, '$1'),
    )
    .replace(/<path d="[^"]*" display="none"\/>/g, '')
    .replace(/&(amp|lt|gt|quot);/g, (_, name) => `&#${ENTITIES[name as keyof typeof ENTITIES]};`)
    .replace(/&#x([0-9a-f]+);/gi, (_, code) => `&#${Number.parseInt(code, 16)};`);
  return { viewBox: open[1] as string, inner: new Markup(inner) };
}

const ENTITIES = { amp: 38, lt: 60, gt: 62, quot: 34 } as const;

/** C0 and C1 controls, which HTML does not allow, and the two non-characters that XML refuses. */
const CONTROLS = /[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu;
