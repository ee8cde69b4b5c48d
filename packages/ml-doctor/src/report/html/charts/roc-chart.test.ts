/** Charts as data: what is drawn is held against the step rule, read off the curve by brute force. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleReport, sampleResult } from '../../../../test/report/sample-report.ts';
import type { Roc } from '../../schema.ts';
import { MAX_CURVES } from '../series.ts';
import { renderChart } from './render-chart.ts';
import { type Curve, curvesOf, decadesFor, rocSpec, stepPoints } from './roc-chart.ts';

const rocs: fc.Arbitrary<Roc> = fc
  .array(fc.tuple(fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 60 })
  .map((pairs) => ({
    fpr: [0, ...pairs.map(([f]) => f / 1000).sort((a, b) => a - b), 1],
    tpr: [0, ...pairs.map(([, t]) => t / 1000).sort((a, b) => a - b), 1],
  }));

const curve = (roc: Roc, nonMembers = 1000): Curve => ({ label: 'a', roc, nonMembers, marked: undefined });
const chance: Roc = { fpr: [0, 1], tpr: [0, 1] };

/** Layers, as loosely as a test needs them. */
interface Layer {
  readonly data: { readonly values: readonly Readonly<Record<string, number | string>>[] };
  readonly mark: Readonly<Record<string, unknown>>;
  readonly encoding: Readonly<
    Record<string, { readonly field: string; readonly scale?: { readonly domain: number[] } }>
  >;
}
const layersOf = (curves: readonly Curve[]) =>
  (rocSpec(curves) as unknown as { readonly layer: readonly Layer[] }).layer;
const stepped = (curves: readonly Curve[]) =>
  layersOf(curves).filter(({ mark }) => mark.interpolate === 'step-after');

describe('stepPoints', () => {
  it('has at every rate the best TPR whose FPR does not exceed it', () => {
    fc.assert(
      fc.property(rocs, (roc) => {
        const points = stepPoints(curve(roc), 0.001);
        for (const rate of [0.0015, 0.0065, 0.0155, 0.0505, 0.2005, 0.6005]) {
          const drawn = points.filter(({ fpr }) => fpr <= rate).at(-1)!.tpr;
          const best = Math.max(...roc.tpr.filter((_, i) => roc.fpr[i]! <= rate));
          // Half a pixel of three decades on 390, and as much to the side, may be left out.
          const near = roc.fpr.some((f) => f > 0 && Math.abs(Math.log10(f / rate)) < 0.005);
          if (near) continue;
          if (best >= 0.001) expect(Math.abs(Math.log10(drawn / best))).toBeLessThan(0.005);
          else expect(drawn).toBeLessThanOrEqual(0.001);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('begins at one false positive, with what is named there', () => {
    expect(stepPoints(curve({ fpr: [0, 0, 0.004, 1], tpr: [0, 0.2, 0.4, 1] }, 250), 0.001)).toEqual([
      { fpr: 0.004, tpr: 0.4 },
      { fpr: 1, tpr: 1 },
    ]);
    expect(stepPoints(curve({ fpr: [0, 0, 0.008, 1], tpr: [0, 0.2, 0.4, 1] }, 250), 0.001)[0]).toEqual({
      fpr: 0.004,
      tpr: 0.2,
    });
  });

  it('thins a long curve', () => {
    const long = sampleResult({
      ...{ attack: 'membership/a', auxiliary: 'none', source: 's' },
      ...{ effect: 1, notes: [], records: 20_000 },
    });
    expect(long.curves.roc!.fpr.length).toBeGreaterThan(40_000);
    expect(stepPoints(curvesOf([long])[0]!, 1e-4).length).toBeLessThan(2500);
  });
});

describe('rocSpec', () => {
  it('has the same decades on both axes, down to one false positive', () => {
    for (const [nonMembers, decades] of [
      [50, 2],
      [100, 2],
      [101, 3],
      [2500, 4],
      [10_000, 4],
    ] as const) {
      expect(decadesFor(nonMembers)).toBe(decades);
      for (const { encoding } of stepped([curve(chance, nonMembers)])) {
        expect(encoding.x!.scale!.domain).toEqual([10 ** -decades, 1]);
        expect(encoding.y!.scale!.domain).toEqual([10 ** -decades, 1]);
      }
    }
  });

  it('shades what is finer than one false positive, and says so', () => {
    const [blind, ...others] = layersOf([curve(chance, 250)]);
    expect(blind!.data.values).toEqual([{ from: 0.001, to: 1 / 250, low: 0.001, high: 1 }]);
    expect(others.at(-1)!.data.values[0]!.text).toBe('finer than 1 in 250: not measurable');
    expect(layersOf([curve(chance, 1000)])[0]!.data.values).toEqual([]);
  });

  it('puts dot and whisker at the metric’s own values, clipped to the plot', () => {
    const marked = { value: 0.08, low: 0, high: 0.12, method: 'given' };
    const layers = layersOf([{ ...curve(chance), marked }]);
    const [rule, dot, text] = layers.slice(4, 7);
    expect(rule!.data.values).toEqual([{ rate: 0.01, low: 0.001, value: 0.08, high: 0.12, name: 'A' }]);
    expect([rule!.encoding.y!.field, rule!.encoding.y2!.field]).toEqual(['low', 'high']);
    expect([dot!.mark.type, dot!.encoding.y!.field]).toEqual(['circle', 'value']);
    expect([text!.mark.type, text!.encoding.y!.field]).toEqual(['text', 'high']);
  });

  it('draws curves that differ in colour or dashes', () => {
    const curves = Array.from({ length: MAX_CURVES }, () => curve(chance));
    const styles = stepped(curves).map(({ mark }) => JSON.stringify([mark.color, mark.strokeDash]));
    expect(new Set(styles).size).toBe(MAX_CURVES);
  });
});

describe('renderChart', () => {
  const chart = {
    ...{ id: 'roc', title: '<b>"t"', description: 'd & e' },
    spec: rocSpec(curvesOf(sampleReport().results)),
  };

  it('is one picture with a name and a description, in the page’s own colours', async () => {
    const { text } = await renderChart(chart);
    expect(text).toContain('<svg role="img" aria-labelledby="roc-title roc-desc"');
    expect(text).toContain(
      '<title id="roc-title">&#60;b&#62;&#34;t&#34;</title><desc id="roc-desc">d &#38; e</desc>',
    );
    expect(text).toContain('stroke="var(--s0)"');
    expect(text).not.toMatch(/"(#[0-9a-f]{3,8}|black|white)"/i);
    expect(text).toContain('100\u00a0%</text>');
    expect(text).not.toMatch(/NaN|Infinity|undefined|<script|xlink|role="graphics/);
    expect(text.length).toBeLessThan(60_000);
  });

  it('gives the same whatever was drawn before, with ids of its own that all lead somewhere', async () => {
    const [first, other] = [await renderChart(chart), await renderChart({ ...chart, id: 'other' })];
    expect((await renderChart(chart)).text).toBe(first.text);
    const ids = (text: string) => [...text.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id!);
    const used = [...first.text.matchAll(/url\(#([^)]*)\)/g)].map(([, id]) => id!);
    expect(used.length).toBeGreaterThan(0);
    expect(ids(first.text)).toEqual(expect.arrayContaining(used));
    expect(ids(first.text).filter((id) => ids(other.text).includes(id))).toEqual([]);
  });

  it('has no stroke or fill of text that dark mode would hide', async () => {
    const { text } = await renderChart(chart);
    for (const [, fill] of text.matchAll(/<text[^>]*\sfill="([^"]*)"/g)) expect(fill).toMatch(/^var\(--/);
  });
});
