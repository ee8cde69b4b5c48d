/** What comparisons say of which result, and of what no comparison is needed. */

import { describe, expect, it } from 'vitest';
import { madePictures } from '../../../test/audit/made-pictures.ts';
import { attackChoice, tinyWith } from '../../../test/audit/tiny-audit.ts';
import { handlers } from '../../study/kinds/handlers.ts';
import type { FolderStore } from '../../study/store/folder-store.ts';
import { cellOf } from '../cell.ts';
import { planCells } from '../plan/plan-cells.ts';
import { storedChanges } from './changes.ts';
import { questionOf } from './question.ts';

const pictures = madePictures();
const environment = {
  code: Object.fromEntries(Object.keys(handlers).map((kind) => [kind, `${kind} code`])),
  runtime: { onnxruntime: '1.0.0', device: 'cpu', threads: 1 },
} as const;
const attacks = [
  attackChoice('membership/loss-threshold'),
  attackChoice('membership/shadow-classifier', { access: 'white-box' }),
];
const METRIC = { value: 0.1, low: 0, high: 0.2, method: 'm' };

describe('storedChanges', () => {
  const planned = (defense: string) => {
    const cells = ['none', defense].map((name) =>
      cellOf(tinyWith({ attacks, defense: { name, params: {} }, recordsPerRole: 20 })),
    );
    return planCells(cells, new Map([[pictures.id, pictures]]), environment);
  };
  const stored = (plan: ReturnType<typeof planned>, missing: readonly string[] = []) => {
    const kinds = new Map(plan.plan.tasks.map(({ key, kind }) => [key, kind]));
    const finished = async (key: string) => ({
      result:
        kinds.get(key) === 'compare' ? { metrics: { auc: METRIC } } : { testAccuracy: METRIC, records: 20 },
    });
    const store = { finished } as unknown as FolderStore;
    return storedChanges(plan.changes, plan.cells, store, new Set(missing));
  };

  it('is what the tasks found, of the accuracy and of each attack', async () => {
    const plan = planned('dropout');
    const [none, defended] = plan.cells;
    const about = { from: none!.id, audit: defended!.id };
    const questions = defended!.attacks.map((attack) => questionOf(attack, defended!.cell).id);
    const all = [
      { ...about, metrics: { testAccuracy: METRIC } },
      ...questions.map((result) => ({ ...about, result, metrics: { auc: METRIC } })),
    ];
    expect(await stored(plan)).toEqual(all);
    expect(await stored(plan, [plan.changes[0]!.comparison!.key])).toEqual(all.slice(1));
  });

  it('needs no task where the defence of the answers is not met', async () => {
    const plan = planned('label-only');
    expect((await stored(plan)).map(({ result, metrics }) => [result?.split('@')[0], metrics])).toEqual([
      [undefined, 'same'],
      ['membership/loss-threshold', { auc: METRIC }],
      ['membership/shadow-classifier', 'same'],
    ]);
  });
});
