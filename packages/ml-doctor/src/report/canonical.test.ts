/** Equal reports are equal bytes, and the bytes say what the report said. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reversed } from '../../test/report/reversed.ts';
import { sampleReport } from '../../test/report/sample-report.ts';
import { reportToJson, resultId, roundSignificant } from './canonical.ts';
import { type Report, reportSchema } from './schema.ts';

describe('reportToJson', () => {
  it('does not depend on the order in which keys were set', () => {
    expect(reportToJson(reversed(sampleReport()) as Report)).toBe(reportToJson(sampleReport()));
  });

  it('writes the same bytes again after reading them', () => {
    const text = reportToJson(sampleReport());
    expect(reportToJson(reportSchema.parse(JSON.parse(text)))).toBe(text);
  });

  it('starts with the schema, ends with one line feed, and keeps a curve on one line', () => {
    const text = reportToJson(sampleReport());
    expect(text).toMatch(/^\{\n "schema": "ml-doctor\/report@1",\n/);
    expect(text.endsWith('}\n')).toBe(true);
    expect(text.split('\n').filter((line) => line.includes('"fpr"'))).toHaveLength(2);
    expect(text.split('\n').length).toBeLessThan(300);
  });

  it('carries any text unharmed', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', minLength: 1 })), (notes) => {
        const report = sampleReport();
        report.results[0]!.notes = ['[1,  2]', ...notes];
        expect(JSON.parse(reportToJson(report)).results[0].notes).toEqual(report.results[0]!.notes);
      }),
      { numRuns: 20 },
    );
  });

  it('rounds figures, and nothing that was asked for: rounded it would be another question', () => {
    const report = sampleReport();
    report.config = { target: { learningRate: 0.0123456789 } };
    report.results[0]!.params = { lambda: 0.0123456789 };
    report.results[0]!.metrics.auc = { value: 0.6123456789, low: 0.5, high: 0.7, method: 'm' };
    const { config, results } = JSON.parse(reportToJson(report));
    expect(config).toEqual(report.config);
    expect(results[0].params).toEqual({ lambda: 0.0123456789 });
    expect(results[0].metrics.auc.value).toBe(0.612346);
    const other = { ...report.results[0]!, params: { lambda: 0.0123456788 } };
    expect(resultId(other)).not.toBe(resultId(report.results[0]!));
  });

  it('refuses to write a report that readers would refuse', () => {
    const report = sampleReport();
    report.results[0]!.metrics.auc!.low = Number.NaN;
    expect(() => reportToJson(report)).toThrow(
      /^internal: report breaks its schema at results\.0\.metrics\.auc\.low/,
    );
  });
});

describe('roundSignificant', () => {
  it.each([
    [0.123456789, 0.123457],
    [1 / 3, 0.333333],
    [2.5e-7, 2.5e-7],
    [123456.7, 123457],
    [421_642_123, 421_642_123],
    [-0, 0],
  ])('%f becomes %f', (value, rounded) => {
    expect(Object.is(roundSignificant(value), rounded)).toBe(true);
  });

  it('is off by at most half a unit of the sixth digit, and keeps order', () => {
    const real = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });
    fc.assert(
      fc.property(real, real, (a, b) => {
        expect(Math.abs(roundSignificant(a) - a)).toBeLessThanOrEqual(5.0001e-6 * Math.abs(a));
        if (a < b) expect(roundSignificant(a)).toBeLessThanOrEqual(roundSignificant(b));
      }),
    );
  });
});

describe('resultId', () => {
  const question = () => {
    const { attack, threatModel, params, defense } = sampleReport().results[1]!;
    return { attack, threatModel, params, defense };
  };

  it('names attack and threat model, and ignores the order of keys', () => {
    expect(resultId(question())).toMatch(/^membership\/shadow-classifier@black-box,shadow#[0-9a-f]{8}$/);
    expect(resultId(reversed(question()) as ReturnType<typeof question>)).toBe(resultId(question()));
  });

  it('changes with every part of the question', () => {
    const base = question();
    const ids = [
      base,
      { ...base, params: { ...base.params, shadows: 2 } },
      { ...base, defense: { name: 'dp-sgd', params: { epsilon: 8 } } },
      { ...base, defense: { name: 'dp-sgd', params: { epsilon: 4 } } },
      { ...base, threatModel: { ...base.threatModel, output: 'label' as const } },
    ].map(resultId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
