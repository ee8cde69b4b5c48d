/** Charts compile without a warning, hold every number, and can be drawn where there is no page around them. */

import fc from 'fast-check';
import * as vega from 'vega';
import { compile } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { DATA, MODELS, MODES, sampleFigures } from '../../../test/analysis/sample-figures.ts';
import { barChart } from './bars.ts';
import type { Chart } from './chart.ts';
import { domainOf } from './frame.ts';
import { gridChart } from './grid.ts';
import { lineChart } from './lines.ts';
import { scatterChart } from './scatter.ts';

const text = { id: 'chart', title: 'A chart', description: 'What it says' };
const number = { label: 'x' };

function compiled(chart: Chart) {
  const said: unknown[][] = [];
  const tell = (...words: unknown[]) => {
    said.push(words);
    return logger;
  };
  const logger = { level: () => logger, warn: tell, error: tell, info: () => logger, debug: () => logger };
  const { spec } = compile(chart.spec, { logger: logger as never });
  expect(said).toEqual([]);
  return spec;
}

async function svgOf(chart: Chart): Promise<string> {
  const view = new vega.View(vega.parse(compiled(chart)), { renderer: 'none', logLevel: vega.Error });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}

/** Rows of the data that are written in the specification, in all its layers. */
function rowsOf({ spec }: Chart): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  const look = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    const { data } = part as { data?: { values: Record<string, unknown>[] } };
    if (data !== undefined) found.push(...data.values);
    for (const [key, inner] of Object.entries(part)) if (key !== 'data') look(inner);
  };
  look(spec);
  return found;
}

/** Vega counts clips and gradients over all drawings of a process. */
const uncounted = (svg: string): string => svg.replace(/(clip|gradient_)\d+/g, '$1');

const barsOf = (groups: readonly string[]) =>
  DATA.flatMap((panel, i) =>
    MODELS.flatMap((category, j) =>
      groups.map((group, k) => ({ panel, category, group, value: (i + j + k) / 20 })),
    ),
  );

const CASES: Readonly<Record<string, Chart>> = {
  ...Object.fromEntries(sampleFigures().flatMap(({ charts }) => charts.map((chart) => [chart.id, chart]))),
  'one point': scatterChart(text, { x: number, y: number, points: [{ x: 1, y: -1, series: 'a' }] }),
  'no point': scatterChart(text, { x: number, y: number, points: [] }),
  'no bar': barChart(text, { y: number, bars: [] }),
  'no line': lineChart(text, { x: number, y: number, points: [] }),
  'no field': gridChart(text, { fields: [], domain: [0, 1], legend: 'x' }),
  'one field': gridChart(text, {
    fields: [{ row: 'a', column: 'b', value: null, text: '' }],
    domain: [0, 1],
    legend: 'x',
  }),
  'ten groups in four panels': barChart(text, {
    y: { label: 'y', as: 'share' },
    bars: barsOf(MODES),
    reference: 0.5,
  }),
  'bars on a logarithmic axis': barChart(text, {
    y: { label: 'y', as: 'log' },
    bars: [
      { category: 'a', group: '', value: 0.01 },
      { category: 'b', group: '', value: 10 },
    ],
  }),
  'one point of a line': lineChart(text, {
    x: number,
    y: number,
    points: [{ series: '', x: 1, y: 2, low: 1, high: 3 }],
  }),
  'eleven lines': lineChart(text, {
    ...{ x: { label: 'x', as: 'log' }, y: number },
    points: Array.from({ length: 22 }, (_, i) => ({ series: `s${i >> 1}`, x: 10 ** (i % 2), y: i })),
  }),
};

describe.each(Object.entries(CASES))('%s', (_, chart) => {
  it('compiles, needs no page, and is the same drawing once written and read', async () => {
    const svg = await svgOf(chart);
    expect(svg).toMatch(/^<svg[^>]* width="[\d.]+" height="[\d.]+"/);
    expect(/NaN|Infinity|undefined|var\(/.exec(svg)).toBeNull();
    const again = await svgOf({ ...chart, spec: JSON.parse(JSON.stringify(chart.spec)) });
    expect(uncounted(again) === uncounted(svg)).toBe(true);
    const kept = JSON.stringify(compiled(chart).data);
    for (const row of rowsOf(chart)) expect(kept).toContain(JSON.stringify(row));
  });
});

describe('the numbers of charts', () => {
  const value = fc.double({ min: -1e3, max: 1e3, noNaN: true });
  const point = fc.record({
    x: value,
    y: value,
    up: fc.double({ min: 0, max: 10, noNaN: true }),
    series: fc.constantFrom('a', 'b'),
  });
  const withLimits = (list: readonly { x: number; y: number; up: number; series: string }[]) =>
    list.map(({ up, ...rest }, i) => (i % 2 === 0 ? { ...rest, low: rest.y - up, high: rest.y + up } : rest));

  it('are all in the data, intervals only where there are some', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 8 }), (list) => {
        const points = withLimits(list);
        const scatter = rowsOf(scatterChart(text, { x: number, y: number, points }));
        const lines = rowsOf(lineChart(text, { x: number, y: number, points }));
        const bars = rowsOf(
          barChart(text, {
            y: number,
            bars: points.map(({ series, x: _, y, ...limits }, i) => ({
              category: `${i}`,
              group: series,
              value: y,
              ...limits,
            })),
          }),
        );
        const interval = ({ low, high }: Record<string, unknown>) => [low, high];
        const limited = points.filter((point) => 'low' in point).map(interval);
        expect(scatter.filter(({ y }) => y !== undefined).map(({ x, y }) => [x, y])).toEqual(
          points.map(({ x, y }) => [x, y]),
        );
        expect(lines.map(({ x, y }) => [x, y])).toEqual(points.map(({ x, y }) => [x, y]));
        expect(bars.map(({ value }) => value)).toEqual(points.map(({ y }) => y));
        expect(scatter.filter(({ y }) => y === undefined).map(interval)).toEqual(limited);
        for (const rows of [lines, bars])
          expect(rows.filter(({ low }) => low !== undefined).map(interval)).toEqual(limited);
      }),
      { numRuns: 40 },
    );
  });

  it('lie within the axis, whatever domain was asked for', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1 }),
        fc.option(
          fc.tuple(value, value).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
          { nil: undefined },
        ),
        fc.constantFrom('share' as const, 'number' as const, 'log' as const),
        (numbers, domain, as) => {
          const [least, most] = domainOf({ label: '', as, ...(domain && { domain }) }, numbers);
          expect(least).toBeLessThanOrEqual(Math.min(...numbers, ...(domain ?? [])));
          expect(most).toBeGreaterThanOrEqual(Math.max(...numbers, ...(domain ?? [])));
          if (domain === undefined) expect(most).toBeGreaterThan(least);
        },
      ),
    );
  });

  it('are lines by their equation', () => {
    const points = [
      { x: 0, y: 1, series: 'a' },
      { x: 10, y: 21, series: 'a' },
    ];
    const [from, to] = rowsOf(
      scatterChart(text, { x: number, y: number, points, line: { at: 1, slope: 2 } }),
    ) as { x: number; y: number }[];
    expect([from!.y, to!.y]).toEqual([1 + 2 * from!.x, 1 + 2 * to!.x]);
    expect(from!.x).toBeLessThan(0);
    expect(to!.x).toBeGreaterThan(10);
  });
});

describe('axes', () => {
  const scalesOf = (chart: Chart) =>
    (compiled(chart).scales ?? []) as { name: string; type: string; domain: unknown; zero?: boolean }[];
  const scale = (chart: Chart, name: string) => scalesOf(chart).find((one) => one.name === name)!;

  it('are logarithmic only of numbers above 0, and hide none of the others', () => {
    const of = (x: number) =>
      scatterChart(text, {
        x: { label: 'x', as: 'log' },
        y: number,
        points: [
          { x, y: 1, series: 'a' },
          { x: 10, y: 1, series: 'a' },
        ],
      });
    expect(scale(of(1), 'x').type).toBe('log');
    expect(scale(of(0), 'x').type).toBe('symlog');
  });

  it('of bars begin at 0, so that lengths tell', () => {
    const of = (value: number) =>
      scale(barChart(text, { y: number, bars: [{ category: 'a', group: '', value }] }), 'y').domain;
    expect(of(0.9)).toEqual([0, expect.closeTo(0.945)]);
    expect(of(-0.9)).toEqual([expect.closeTo(-0.945), 0]);
  });

  it('show no share beyond all', () => {
    expect(domainOf({ label: '', as: 'share' }, [0.2, 1])[1]).toBe(1);
    expect(domainOf({ label: '', as: 'number' }, [0.2, 1])[1]).toBeGreaterThan(1);
  });

  it('print shares as percentages, and names as they are', async () => {
    const svg = await svgOf(CASES.scatter!);
    expect(svg).toMatch(/>60\u00a0%</);
    for (const name of [...DATA, ...MODELS, 'MemInf &lt;B,S&gt;, balanced accuracy'])
      expect(svg).toContain(`>${name}<`);
    expect(await svgOf(CASES.bars!)).toContain('>SimpleCNN on CIFAR-10 (in place of STL10)<');
  });
});

describe('lines', () => {
  const line = (lows: readonly (number | undefined)[]) =>
    rowsOf(
      lineChart(text, {
        ...{ x: number, y: number },
        points: lows.map((low, x) => ({ series: 'a', x, y: 1, ...(low !== undefined && { low, high: 2 }) })),
      }),
    ).map(({ as }) => as);

  it('have a band where every point has an interval, else strokes', () => {
    expect(line([0, 0])).toEqual(['band', 'band']);
    expect(line([0, undefined, 0])).toEqual(['stroke', undefined, 'stroke']);
    expect(line([0])).toEqual(['stroke']);
  });
});

describe('grids', () => {
  /** WCAG 2. */
  const luminance = (hex: string) => {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const hex = (colour: string) =>
    colour.startsWith('#')
      ? colour
      : `#${[...colour.matchAll(/\d+/g)].map(([part]) => Number(part).toString(16).padStart(2, '0')).join('')}`;

  it.each([[[-1, 1]], [[0.5, 1]], [[-0.2, 1]]] as const)(
    'have letters that can be read on every colour of %j',
    async ([least, most]) => {
      const fields = Array.from({ length: 41 }, (_, i) => {
        const value = least + ((most - least) * i) / 40;
        return { row: 'r', column: `c${i}`, value, text: `t${i}` };
      });
      const svg = await svgOf(gridChart(text, { fields, domain: [least, most], legend: 'l' }));
      const grounds = [...svg.matchAll(/<path [^>]*fill="(rgb[^"]*|#[^"]*)" stroke="#ffffff"/g)]
        .map(([, fill]) => hex(fill!))
        .slice(-41);
      const letters = [...svg.matchAll(/fill="([^"]*)"[^>]*>t\d+</g)].map(([, fill]) => hex(fill!));
      expect(letters).toHaveLength(41);
      letters.forEach((letter, i) => {
        const [dark, light] = [luminance(letter), luminance(grounds[i]!)].sort((a, b) => a - b);
        expect((light! + 0.05) / (dark! + 0.05)).toBeGreaterThanOrEqual(4.5);
      });
    },
  );

  it('are white at 0, orange below and blue above', async () => {
    const fields = [-1, 0, 1].map((value) => ({ row: 'r', column: `${value}`, value, text: 'x' }));
    const svg = await svgOf(gridChart(text, { fields, domain: [-1, 1], legend: 'l' }));
    const grounds = [...svg.matchAll(/<path [^>]*fill="(rgb[^"]*|#[^"]*)" stroke="#ffffff"/g)]
      .map(([, fill]) => hex(fill!))
      .slice(-3);
    expect(grounds).toEqual(['#a64d00', '#ffffff', '#05508c']);
  });
});
