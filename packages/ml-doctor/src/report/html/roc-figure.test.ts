/** The drawn curve is read back from the SVG with the help of its own ticks and held against the step rule. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleReport, sampleResult } from '../../../test/report/sample-report.ts';
import type { Roc } from '../schema.ts';
import { curvesOf, rocFigure } from './roc-figure.ts';
import { MAX_CURVES } from './series.ts';

/** Pixel position of a rate by linear interpolation between the two ends of an axis, found from the grid lines. */
function readAxes(svg: string) {
  const verticals = [...svg.matchAll(/class="grid" x1="([\d.]+)" y1="[\d.]+" x2="\1"/g)].map((m) =>
    Number(m[1]),
  );
  const horizontals = [...svg.matchAll(/class="grid" x1="[\d.]+" y1="([\d.]+)" x2="[\d.]+" y2="\1"/g)].map(
    (m) => Number(m[1]),
  );
  const decades = verticals.length - 1;
  const along = (ends: number[]) => (rate: number) =>
    ends[0]! + (Math.log10(rate) / -decades) * (ends.at(-1)! - ends[0]!);
  return { x: along(verticals), y: along(horizontals), decades };
}

/** The path as corner points, walking H and V moves. */
function readPath(svg: string): { x: number; y: number }[] {
  const d = /class="curve c0" d="M([\d.]+) ([\d.]+)([^"]*)"/.exec(svg)!;
  const points = [{ x: Number(d[1]), y: Number(d[2]) }];
  for (const [, h, v] of d[3]!.matchAll(/H([\d.]+)V([\d.]+)/g)) {
    points.push({ x: Number(h), y: points.at(-1)!.y }, { x: Number(h), y: Number(v) });
  }
  return points;
}

const rocs: fc.Arbitrary<Roc> = fc
  .array(fc.tuple(fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 60 })
  .map((pairs) => ({
    fpr: [0, ...pairs.map(([f]) => f / 1000).sort((a, b) => a - b), 1],
    tpr: [0, ...pairs.map(([, t]) => t / 1000).sort((a, b) => a - b), 1],
  }));

describe('rocFigure', () => {
  it('shows at every rate the best TPR whose FPR does not exceed it', () => {
    fc.assert(
      fc.property(rocs, (roc) => {
        const svg = rocFigure([{ label: 'a', roc, nonMembers: 1000, marked: undefined }]).text;
        const axes = readAxes(svg);
        const path = readPath(svg);
        for (const rate of [0.0015, 0.0065, 0.0155, 0.0505, 0.2005, 0.6005]) {
          const x = axes.x(rate);
          // Corners nearer than a pixel may be merged; look only where the curve is level.
          if (roc.fpr.some((f) => f > 0 && Math.abs(axes.x(f) - x) < 1.2)) continue;
          const drawn = path.filter((point) => point.x <= x).at(-1)!.y;
          const best = Math.max(...roc.tpr.filter((_, i) => roc.fpr[i]! <= rate));
          if (best >= 0.001) expect(Math.abs(drawn - axes.y(best))).toBeLessThan(0.7);
          else expect(drawn).toBeGreaterThan(axes.y(0.001));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('has the same decades on both axes, down to one false positive', () => {
    for (const [nonMembers, decades] of [
      [50, 2],
      [100, 2],
      [101, 3],
      [2500, 4],
      [10_000, 4],
    ] as const) {
      const svg = rocFigure([
        { label: 'a', roc: { fpr: [0, 1], tpr: [0, 1] }, nonMembers, marked: undefined },
      ]).text;
      expect(readAxes(svg).decades).toBe(decades);
    }
  });

  it('hides what fewer than one false positive would be', () => {
    const svg = rocFigure([
      { label: 'a', roc: { fpr: [0, 1], tpr: [0.4, 1] }, nonMembers: 250, marked: undefined },
    ]).text;
    const clip = Number(/<clipPath id="measured"><rect x="([\d.]+)"/.exec(svg)![1]);
    expect(clip).toBeCloseTo(readAxes(svg).x(1 / 250), 0);
    expect(svg).toContain('finer than 1 in 250');
  });

  it('puts dot and whisker at the metric’s own values', () => {
    const marked = { value: 0.08, low: 0.05, high: 0.12, method: 'given' };
    const svg = rocFigure([{ label: 'a', roc: { fpr: [0, 1], tpr: [0, 1] }, nonMembers: 1000, marked }]).text;
    const { x, y } = readAxes(svg);
    const [, x1, y1, y2] = /class="whisker c0" x1="([\d.]+)" y1="([\d.]+)" x2="[\d.]+" y2="([\d.]+)"/
      .exec(svg)!
      .map(Number);
    const [, cx, cy] = /<circle class="f0" cx="([\d.]+)" cy="([\d.]+)"/.exec(svg)!.map(Number);
    for (const [drawn, wanted] of [
      [x1, x(0.01)],
      [cx, x(0.01)],
      [y1, y(0.12)],
      [y2, y(0.05)],
      [cy, y(0.08)],
    ]) {
      expect(Math.abs(drawn! - wanted!)).toBeLessThan(0.11);
    }
    expect(svg).toContain('8\u00a0% (5\u00a0% to 12\u00a0%)');
  });

  it('draws as many curves as can be told apart and counts the rest', () => {
    const curves = curvesOf(Array.from({ length: MAX_CURVES + 2 }, () => sampleReport().results[0]!));
    const text = rocFigure(curves).text;
    const styles = [...text.matchAll(/<path class="(curve [^"]+)"/g)].map((m) => m[1]);
    expect(new Set(styles).size).toBe(MAX_CURVES);
    expect(text).toContain('2 more curves');
  });

  it('thins a long curve', () => {
    const long = sampleResult({
      attack: 'membership/a',
      auxiliary: 'none',
      source: 's',
      effect: 1,
      notes: [],
      records: 20_000,
    });
    expect(long.curves.roc!.fpr.length).toBeGreaterThan(40_000);
    expect(rocFigure(curvesOf([long])).text.length).toBeLessThan(40_000);
  });
});
