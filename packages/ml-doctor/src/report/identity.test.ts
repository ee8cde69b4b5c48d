/** What a report is about, read from wherever it says so. */

import { describe, expect, it } from 'vitest';
import { sampleReport } from '../../test/report/sample-report.ts';
import { dataOf, defenseOf, modelOf, reportTitle, subjectOf } from './identity.ts';

describe('data and model', () => {
  it('have the name of the report and the rest of their choice', () => {
    expect(dataOf(sampleReport())).toEqual({
      name: 'fashion-mnist-10k',
      params: { split: 'ml-doctor-2022' },
    });
    expect(modelOf(sampleReport())).toEqual({
      name: 'SimpleCNN',
      params: { epochs: 60, learningRate: 0.01, milestones: [30, 45] },
    });
  });

  it.each([
    {},
    { data: 'x', target: 'y' },
    { data: ['x'], target: { onnx: 'file' } },
    { data: null, target: { train: null } },
  ])('of a configuration %j are names alone', (config) => {
    const report = { ...sampleReport(), config };
    expect(dataOf(report).params).toEqual({});
    expect(modelOf(report).params).toEqual({});
  });
});

describe('the defence', () => {
  const without = (config: Record<string, unknown>) => ({ ...sampleReport(), results: [], config });

  it.each([
    [{ defense: 'none' }, { name: 'none', params: {} }],
    [{ defense: 'l2' }, { name: 'l2', params: {} }],
    [{ defense: { l2: { lambda: 0.5 } } }, { name: 'l2', params: { lambda: 0.5 } }],
    [{}, { name: 'none', params: {} }],
  ])('of configuration %j, where no attack finished', (config, defense) => {
    expect(defenseOf(without(config))).toEqual(defense);
  });

  it('is that of the results before all', () => {
    const report = sampleReport();
    report.results[0]!.defense = { name: 'dp-sgd', params: { epsilon: 8 } };
    expect(defenseOf(report)).toEqual({ name: 'dp-sgd', params: { epsilon: 8 } });
    expect(subjectOf(report)).toBe('SimpleCNN on fashion-mnist-10k, defended by dp-sgd');
  });
});

describe('the title', () => {
  it('is the name given, else model and data', () => {
    expect(reportTitle(sampleReport())).toBe('SimpleCNN on fashion-mnist-10k');
    expect(reportTitle({ ...sampleReport(), name: 'Nightly' })).toBe('Nightly');
  });
});
