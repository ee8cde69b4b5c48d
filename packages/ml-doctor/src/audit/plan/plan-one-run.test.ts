/** What is trained for a one-run audit, and what of it is read. */
import { describe, expect, it } from 'vitest';
import { madePictures } from '../../../test/audit/made-pictures.ts';
import { attackChoice, tinyWith } from '../../../test/audit/tiny-audit.ts';
import type { AuditConfig } from '../../config/config.ts';
import { ONE_RUN } from '../../report/privacy.ts';
import { handlers } from '../../study/kinds/handlers.ts';
import { cellOf } from '../cell.ts';
import { planCells } from './plan-cells.ts';

const canaries = 80;
const audit = attackChoice(ONE_RUN, { canaries, guesses: 40 });

describe('the plan', () => {
  const pictures = madePictures();
  const environment = {
    code: Object.fromEntries(Object.keys(handlers).map((kind) => [kind, `${kind} code`])),
    runtime: { onnxruntime: '1.0.0', device: 'cpu' as const, threads: 1 },
  };
  const planned = (defense: AuditConfig['defense']) => {
    const attacks = [audit, attackChoice('membership/loss-threshold')];
    const cell = cellOf(tinyWith({ defense, attacks }));
    const { plan, cells } = planCells([cell], new Map([[pictures.id, pictures]]), environment);
    const labelled = (label: string) => plan.tasks.find((task) => task.label === label);
    return { labelled, cell: cells[0]! };
  };

  it('trains one more model on canaries, from other weights than the target', () => {
    const { labelled, cell } = planned({ name: 'none', params: {} });
    const model = labelled('train canary model 1')!;
    expect(model.params).toMatchObject({ on: { canaries, labels: 'wrong' } });
    expect(model.seed).not.toBe(labelled('train target')!.seed);
    const query = labelled('query canary model 1')!;
    expect(query.inputs).toEqual([model.key]);
    // Nothing of the target goes in: its model could be another.
    expect(labelled(`attack ${ONE_RUN}`)!.inputs).toEqual([query.key]);
    expect(labelled(`evaluate ${ONE_RUN}`)!.params).toMatchObject({
      canaries: { count: canaries, labels: 'wrong', guesses: 40, delta: 1e-5 },
    });
    expect(cell.attacks[0]!.attack.key).toBe(labelled(`attack ${ONE_RUN}`)!.key);
  });

  it('trains it under the target’s defence, also where attackers do not know of that', () => {
    const { labelled } = planned({ name: 'l2', params: { lambda: 0.01 }, adaptive: false });
    const recipe = (label: string) => (labelled(label)!.params as { recipe: unknown }).recipe;
    expect(recipe('train canary model 1')).toEqual(recipe('train target'));
    expect(recipe('train shadow model 1')).not.toEqual(recipe('train target'));
  });

  it('reads its answers as the weights give them, whatever the target shows', () => {
    const { labelled } = planned({ name: 'label-only', params: {} });
    expect(labelled('query canary model 1')!.inputs).toEqual([labelled('train canary model 1')!.key]);
    expect(labelled('query shadow model 1')!.inputs).not.toEqual([labelled('train shadow model 1')!.key]);
  });
});
