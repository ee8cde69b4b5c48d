/** Every defence in an audit of a small network: whole reports, with attackers who know of it and who do not. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { attackChoice, tinyWith } from '../../test/audit/tiny-audit.ts';
import { type DefenseName, defenses } from '../defenses/registry.ts';
import { reportToJson } from '../report/canonical.ts';
import { reportSchema } from '../report/schema.ts';
import { runAudit } from './run-audit.ts';

/** Variants that need different things of planner and report; total by type. */
const variants: { readonly [Name in DefenseName]: Record<string, unknown> } = {
  distillation: {},
  'dp-sgd': { epsilon: 5 },
  dropout: {},
  'early-stopping': { patience: 1 },
  l2: {},
  'label-only': {},
  'label-smoothing': {},
  'mixup-mmd': {},
  none: {},
  'relax-loss': {},
  rounding: {},
  stacking: {},
  temperature: {},
  'top-k': {},
};

const store = mkdtempSync(join(tmpdir(), 'ml-doctor-every-defense-'));
afterAll(() => rmSync(store, { recursive: true, force: true }));

const attacks = [
  attackChoice('membership/loss-threshold'),
  attackChoice('membership/shadow-classifier', { epochs: 2 }),
  attackChoice('membership/label-only', { method: 'gap' }),
];

const audit = (name: string, adaptive?: false) =>
  runAudit(
    tinyWith({
      attacks,
      training: { epochs: 2 },
      defense: {
        name,
        params: defenses[name as DefenseName].configure(variants[name as DefenseName]).params,
        ...(adaptive === false && { adaptive }),
      },
    }),
    { workers: 0, version: '0', store, signal: new AbortController().signal, onEvent: () => {} },
  );

describe.each(Object.keys(defenses))('under %s', (name) => {
  it('an audit ends with a report that says so', async () => {
    const { report } = await audit(name);
    expect(reportSchema.safeParse(JSON.parse(reportToJson(report))).success).toBe(true);
    expect(report.holes).toEqual([]);
    expect(report.results).toHaveLength(attacks.length);
    const { params } = defenses[name as DefenseName].configure(variants[name as DefenseName]);
    for (const { defense } of report.results) expect(defense).toEqual({ name, params });
    expect(report.target.testAccuracy?.value).toBeGreaterThanOrEqual(0);
    expect(report.target.privacy === undefined).toBe(name !== 'dp-sgd');
  });
});

it('a report of private training says what it spent, and never above what was asked', async () => {
  const { report } = await audit('dp-sgd');
  const { privacy } = report.target;
  expect(privacy?.epsilon).toBeLessThanOrEqual(5);
  expect(privacy?.epsilon).toBeGreaterThan(4.9);
  expect(privacy).toMatchObject({ accountant: 'pld', delta: 1e-5, sampleRate: 16 / 60, steps: 2 * 4 });
});

it('attackers who do not know of a defence ask another question', async () => {
  const known = (await audit('dropout')).report;
  const unknown = (await audit('dropout', false)).report;
  expect(unknown.results[0]?.defense).toMatchObject({ adaptive: false });
  expect(unknown.results[0]?.id).not.toBe(known.results[0]?.id);
  // The target is the same one.
  expect(unknown.target).toEqual(known.target);
});
