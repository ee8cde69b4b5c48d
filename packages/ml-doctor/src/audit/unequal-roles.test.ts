/** Audits of a paper's split, in which roles differ in size: members, non-members and the attacker's own. */

import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackChoice, runTiny, tinyWith } from '../../test/audit/tiny-audit.ts';
import { parseConfig } from '../config/load-config.ts';
import { catalog } from '../data/catalog/catalog.ts';
import { cellOf } from './cell.ts';
import { splitRef } from './plan/plan-cells.ts';

const SIZES = { members: 90, nonMembers: 60, auxiliary: 141 };

/** The catalogue knows of no splits as small as a test wants them. */
const entry = catalog.adult as { splits?: unknown };
const published = entry.splits;
let store: string;
beforeAll(async () => {
  entry.splits = { 'shokri-2017': SIZES };
  store = await mkdtemp(join(tmpdir(), 'unequal-'));
});
afterAll(() => {
  entry.splits = published;
  rmSync(store, { recursive: true, force: true });
});

const config = (more: object = {}) => ({
  ...tinyWith({
    attacks: [
      attackChoice('membership/loss-threshold'),
      attackChoice('membership/shokri', { shadows: 3, epochs: 2 }),
      attackChoice('membership/shadow-classifier', { epochs: 2, auxiliary: 'partial' }),
      attackChoice('membership/shokri', { shadows: 2, epochs: 2, shadowData: 'marginals' }),
      attackChoice('membership/one-run-audit', { canaries: 40, guesses: 20 }),
      attackChoice('stealing/posterior-matching', { auxiliary: 'partial', epochs: 1 }),
      attackChoice('stealing/posterior-matching', { epochs: 1 }),
    ],
  }),
  data: { catalog: 'adult', split: 'shokri-2017', overlap: 'allow', ...more } as const,
});

describe('an audit of unequal roles', () => {
  it('knows its roles in every family of attacks', async () => {
    const { report } = await runTiny({ store, config: config() });
    expect(report.holes).toEqual([]);
    expect(report.config).toMatchObject({ data: { catalog: 'adult', split: 'shokri-2017' } });
    expect(report.data.splits).toEqual({
      ...{ 'target-train': 90, 'target-test': 60 },
      ...{ 'shadow-train': 70, 'shadow-test': 70 },
    });
    const records = (name: string) =>
      report.results.filter(({ attack }) => attack === name).map((result) => result.records);
    expect(records('membership/loss-threshold')).toEqual([{ members: 90, nonMembers: 60 }]);
    const all = { members: 90, nonMembers: 60 };
    expect(records('membership/shokri')).toEqual([all, all]);
    // A third of either is known, another third is scored.
    expect(records('membership/shadow-classifier')).toEqual([{ members: 30, nonMembers: 20 }]);
    expect(report.results).toHaveLength(7);
    const budgets = report.results
      .filter(({ attack }) => attack.startsWith('stealing/'))
      .map(({ params }) => (params['budgets'] as number[]).at(-1));
    // Half of the members, and all of the shadow data.
    expect(budgets).toEqual([45, 140]);
  });

  it('keeps at most so many records of each role', async () => {
    const { report } = await runTiny({
      store,
      config: {
        ...config({ recordsPerRole: 65 }),
        attacks: [attackChoice('membership/loss-threshold')],
      },
    });
    expect(Object.values(report.data.splits)).toEqual([65, 60, 65, 65]);
    expect(report.results[0]?.records).toEqual({ members: 65, nonMembers: 60 });
  });
});

describe('what a task is told of its split', () => {
  const told = (data: string) => {
    const text = `data: ${data}\ntarget: { train: { model: mlp } }\nattacks: [membership/loss-threshold]\nseed: 3\n`;
    const loaded = parseConfig(text, 'audit.yaml');
    if (loaded.kind !== 'audit') throw new Error(loaded.kind);
    return splitRef(cellOf(loaded.config));
  };

  it('is nothing new of quarters, so that keys stay what they were', () => {
    expect(told('adult')).toEqual({ seed: 3 });
    expect(told('{ catalog: adult, split: ml-doctor-2022, recordsPerRole: 5 }')).toEqual({
      ...{ seed: 3, perRole: 5 },
    });
  });

  it('is the paper and its sizes, so that others are another task', () => {
    expect(told('{ catalog: adult, split: shokri-2017 }')).toEqual({
      seed: 3,
      paper: { name: 'shokri-2017', sizes: SIZES },
    });
    expect(told('{ catalog: german-credit, split: ml-leaks-2019 }')).toEqual({
      seed: 3,
      paper: { name: 'ml-leaks-2019' },
    });
  });
});
