/** What a plan says of models and queries is what the run will train and send. */

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { attackChoice, tinyWith } from '../../../test/audit/tiny-audit.ts';
import { cellOf } from '../cell.ts';
import { unwrittenSource } from '../check/check-cells.ts';
import { summarisePlan } from './summarise-plan.ts';

it('counts what attackers send to the target: no baseline, and nothing that a stolen copy is asked', async () => {
  const through = 'stealing/posterior-matching';
  const config = tinyWith({
    recordsPerRole: 40,
    training: { epochs: 1 },
    attacks: [
      attackChoice(through, { budgets: [10, 25], epochs: 1 }),
      attackChoice('stealing/data-free', { budgets: [30, 50], batchSize: 8, width: 4, replays: 1 }),
      { ...attackChoice('inversion/black-box', { queries: 2000, classes: 2 }), through },
      { ...attackChoice('membership/loss-threshold'), through },
    ],
  });
  const { models, queries } = await summarisePlan([cellOf(config)], unwrittenSource, {
    store: join(tmpdir(), 'ml-doctor-no-such-store'),
    workers: 1,
    places: {},
    signal: new AbortController().signal,
  });
  expect(queries).toEqual({ total: 25 + 50, toRun: 25 + 50 });
  // Two copies for each attack, and what each is held against.
  expect(models).toMatchObject({ targets: 1, copies: 2 + 2 + 2, judges: 1, generators: 0 });
}, 120_000);
