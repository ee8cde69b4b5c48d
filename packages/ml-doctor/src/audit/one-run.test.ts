/** The one-run audit from the configuration to the report: what it finds, and what it does not. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackChoice, runTiny, tinyWith } from '../../test/audit/tiny-audit.ts';
import { drawCanaries } from '../data/canaries.ts';
import { defenses } from '../defenses/registry.ts';
import { reportToJson } from '../report/canonical.ts';
import { atMost, ONE_RUN } from '../report/privacy.ts';
import { oneRunEpsilon } from '../stats/one-run-bound.ts';

const canaries = 80;
const audit = attackChoice(ONE_RUN, { canaries, guesses: 40 });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ml-doctor-one-run-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (store: string, training: Record<string, number>) =>
  runTiny({ store: join(folder, store), config: tinyWith({ attacks: [audit], training }) });

describe('a whole audit', () => {
  it('of a training that learns its records by heart shows it, and is the same in every run', async () => {
    const { report } = await run('one', { epochs: 40 });
    expect(report.holes).toEqual([]);
    const [result] = report.results;
    const { included } = drawCanaries(10_000, { seed: 4, perRole: 60 }, canaries);
    const members = included.reduce((sum, coin) => sum + coin, 0);
    expect(result).toMatchObject({
      attack: ONE_RUN,
      records: { members, nonMembers: canaries - members },
      queries: 0,
      references: { count: 1, pool: 'canaries' },
      baselines: [],
    });
    // Nothing that an attack on the target has: these are canaries of another model, under wrong labels.
    expect(Object.keys(result!.metrics).sort()).toEqual([
      ...['canaryAuc', 'epsilonLowerBound', 'epsilonReach', 'guessAccuracy'],
    ]);
    expect(result).toMatchObject({ curves: {}, slices: [] });
    expect(result).not.toHaveProperty('privacy');
    expect(result!.metrics.canaryAuc!.value).toBeGreaterThan(0.9);
    const { epsilonLowerBound: bound, guessAccuracy } = result!.metrics;
    expect(guessAccuracy!.value).toBeGreaterThan(0.9);
    const correct = Math.round(guessAccuracy!.value * 40);
    expect(bound!.value).toBe(oneRunEpsilon({ canaries, guesses: 40, correct, delta: 1e-5 }));
    expect(bound!.value).toBeGreaterThan(0.8);
    expect(result!.verdict).toMatchObject({ level: 'low' });
    expect(result!.verdict.sentence).toContain('No differential privacy is claimed');
    const again = await run('other', { epochs: 40 });
    expect(reportToJson(again.report)).toBe(reportToJson(report));
  });

  it('of a private training tells what was spent on the model that it is about, and is held against it', async () => {
    const { params } = defenses['dp-sgd'].configure({ noiseMultiplier: 4 });
    const config = tinyWith({
      attacks: [audit],
      defense: { name: 'dp-sgd', params },
      training: { epochs: 1 },
      ...{ recordsPerRole: 100, seed: 6 },
    });
    const { report } = await runTiny({ store: join(folder, 'private'), config });
    const [result] = report.results;
    const claim = report.target.privacy!;
    const { fixed, included } = drawCanaries(10_000, { seed: 6, perRole: 100 }, canaries);
    const records = fixed.length + included.reduce((sum, coin) => sum + coin, 0);
    expect(claim.records).toBe(100);
    expect(records).not.toBe(100);
    expect(result!.privacy).toMatchObject({ records, noiseMultiplier: 4, delta: claim.delta });
    expect(result!.privacy!.epsilon).not.toBe(claim.epsilon);
    const own = atMost(result!.privacy!.epsilon!);
    expect(own).not.toBe(atMost(claim.epsilon!));
    expect(result!.verdict.sentence).toContain(`(${own} of the model that was audited)`);
  });

  it('of a training that learns nothing shows nothing', async () => {
    const { report } = await run('null', { epochs: 1, learningRate: 1e-9 });
    const { metrics, verdict } = report.results[0]!;
    expect(metrics.epsilonLowerBound!.value).toBe(0);
    expect(Math.abs(metrics.guessAccuracy!.value - 0.5)).toBeLessThan(0.3);
    expect(verdict.level).toBe('inconclusive');
  });
});
