/** The gate knows the metrics that reports know, all of them. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sampleInversionReport } from '../../../test/report/sample-inversion.ts';
import { sampleReportOfFour } from '../../../test/report/sample-stealing.ts';
import { metricLabel } from '../format.ts';
import { COMPARED, METRIC_NAMES, worseWhen } from './metric-names.ts';

describe('metrics of policies', () => {
  it('are those that have a label', () => {
    const source = readFileSync(new URL('../format.ts', import.meta.url), 'utf8');
    const table = /METRIC_LABELS[^=]*= \{([^}]*)\}/.exec(source)![1]!;
    const labelled = [...table.matchAll(/^\s*(\w+):/gm)].map(([, name]) => name!);
    expect(labelled.length).toBeGreaterThan(40);
    expect(METRIC_NAMES.filter((name) => !/\d/.test(name) || labelled.includes(name)).sort()).toEqual(
      labelled.sort(),
    );
    for (const name of METRIC_NAMES) expect(metricLabel(name)).not.toBe(name);
  });

  it('include every one of reports of all families', () => {
    const results = [...sampleReportOfFour().results, ...sampleInversionReport().results];
    const unknown = results
      .flatMap(({ metrics }) => Object.keys(metrics))
      .filter((name) => worseWhen(name) === undefined);
    expect(unknown).toEqual([]);
  });

  it('are worse when they fall where less is nearer to the truth', () => {
    const errors = ['mse', 'mseNormalised', 'meanAbsoluteError', 'klDivergence'];
    const distances = ['nearestMemberDistance', 'nearestMemberFeatureDistance'];
    const probabilities = ['memberCloserP', 'memberCloserFeaturesP'];
    expect(METRIC_NAMES.filter((name) => worseWhen(name) === 'down').sort()).toEqual(
      [...errors, ...distances, ...probabilities].sort(),
    );
  });

  it('have a direction where they are compared', () => {
    expect(COMPARED.filter((name) => worseWhen(name) !== 'up')).toEqual([]);
    expect(['tprAtFpr0.00001', 'tprAtFpr2', 'ppvTop0', 'ppvTop7', 'toString', 'AUC'].map(worseWhen)).toEqual([
      'up',
      undefined,
      undefined,
      'up',
      undefined,
      undefined,
    ]);
  });
});
