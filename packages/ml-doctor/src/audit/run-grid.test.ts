/** A whole study with a defence: what changed is told from the records that were attacked both times. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackChoice, tinyAudit, tinyRecipe } from '../../test/audit/tiny-audit.ts';
import type { StudyConfig } from '../config/config.ts';
import { matricesOf } from '../report/study/matrix/matrix.ts';
import { studySchema, studyToJson } from '../report/study/study-schema.ts';
import { MOVER } from '../stats/mover.ts';
import { PAIRED_PROPORTIONS } from '../stats/paired-proportions.ts';
import { runGrid } from './run-grid.ts';

const config: StudyConfig = {
  data: [tinyAudit.data],
  models: [{ model: 'mlp', training: { ...tinyRecipe, epochs: 2 } }],
  offers: tinyAudit.target.offers,
  defenses: [
    { name: 'l2', params: { lambda: 0.5 } },
    { name: 'none', params: {} },
  ],
  attacks: [
    attackChoice('membership/loss-threshold'),
    attackChoice('stealing/posterior-matching', { budgets: [10], epochs: 1 }),
    { ...attackChoice('membership/loss-threshold'), through: 'stealing/posterior-matching' },
  ],
  seeds: [0, 1],
  include: [],
  exclude: [],
};
const store = mkdtempSync(join(tmpdir(), 'ml-doctor-grid-'));
afterAll(() => rmSync(store, { recursive: true, force: true }));
const run = () =>
  runGrid(config, {
    ...{ store, workers: 0, version: '0.0.0', onEvent: () => {} },
    signal: new AbortController().signal,
  });
let first: Awaited<ReturnType<typeof run>>;
beforeAll(async () => {
  first = await run();
}, 60_000);

describe('a study with a defence', () => {
  it('tells changes of membership from the records, others from the figures, none where there is no defence', () => {
    const { study } = first;
    expect(studySchema.safeParse(JSON.parse(studyToJson(study))).error).toBeUndefined();
    const audits = new Map(study.audits.map((audit) => [audit.id, audit]));
    expect(study.audits).toHaveLength(4);
    for (const { defense, results, seed, testAccuracy, testAccuracyChange } of study.audits) {
      expect(results).toHaveLength(3);
      expect(testAccuracyChange === undefined).toBe(defense.name === 'none');
      if (testAccuracyChange) {
        const { metric, from } = testAccuracyChange;
        expect(metric.value).toBeCloseTo(testAccuracy!.value - audits.get(from)!.testAccuracy!.value, 12);
        expect(metric.method).toBe(PAIRED_PROPORTIONS);
      }
      for (const [at, { change, metrics, attack }] of results.entries()) {
        expect(change === undefined).toBe(defense.name === 'none');
        if (change === undefined) continue;
        const from = audits.get(change.from)!;
        expect(from).toMatchObject({ seed, defense: { name: 'none' } });
        for (const [name, { value, method }] of Object.entries(change.metrics)) {
          expect(value).toBeCloseTo(metrics[name]!.value - from.results[at]!.metrics[name]!.value, 12);
          const paired = attack.startsWith('membership/') && ['auc', 'balancedAccuracy'].includes(name);
          expect(method).toContain(paired ? 'paired bootstrap' : MOVER);
        }
      }
      const [direct, , through] = results;
      if (defense.name !== 'none') expect(through!.change).not.toEqual(direct!.change);
    }
  });

  it('tells how long targets took, and makes a matrix of it all', () => {
    const { study, run } = first;
    expect(run.estimate?.unknown).toBe(0);
    expect(Object.keys(run.trainings ?? {}).sort()).toEqual(study.audits.map(({ id }) => id).sort());
    const [matrix, ...others] = matricesOf(study, run);
    expect(others).toEqual([]);
    expect(matrix!.columns.map(({ label, training }) => [label, training!.seconds > 0])).toEqual([
      ['none', true],
      ['l2', true],
    ]);
    expect(matrix!.rows.map(({ label, metric }) => [label, metric])).toEqual([
      ['membership/loss-threshold', 'balancedAccuracy'],
      ['stealing/posterior-matching', 'agreement'],
      ['membership/loss-threshold through stealing/posterior-matching', 'balancedAccuracy'],
    ]);
    for (const { cells } of matrix!.rows)
      expect(cells).toEqual([
        expect.not.objectContaining({ change: expect.anything() }),
        expect.objectContaining({ change: expect.anything(), seeds: [0, 1] }),
      ]);
  });

  it('runs nothing again, and says the same', async () => {
    const again = await run();
    expect(again.run.tasks.ran).toBe(0);
    expect(studyToJson(again.study)).toBe(studyToJson(first.study));
    expect(again.run.trainings).toEqual(first.run.trainings);
  });
});
