/** Which attacks are compared with and without a defence. */

import { describe, expect, it } from 'vitest';
import { madePictures } from '../../../test/audit/made-pictures.ts';
import { attackChoice, tinyWith } from '../../../test/audit/tiny-audit.ts';
import type { AttackChoice, DefenseChoice } from '../../config/config.ts';
import { handlers } from '../../study/kinds/handlers.ts';
import { cellOf } from '../cell.ts';
import { planCells } from './plan-cells.ts';

const environment = {
  code: Object.fromEntries(Object.keys(handlers).map((kind) => [kind, `${kind} code`])),
  runtime: { onnxruntime: '1.0.0', device: 'cpu', threads: 1 },
} as const;
const pictures = madePictures();
const NONE: DefenseChoice = { name: 'none', params: {} };
const L2: DefenseChoice = { name: 'l2', params: { lambda: 0.1 } };
const loss = attackChoice('membership/loss-threshold');
const stealing = (budget: number) =>
  attackChoice('stealing/posterior-matching', { budgets: [budget], epochs: 1 });

interface Asked {
  readonly defense: DefenseChoice;
  readonly attacks?: readonly AttackChoice[];
  readonly seed?: number;
  readonly model?: string;
  readonly recordsPerRole?: number;
}

const planOf = (cells: readonly Asked[]) => {
  const all = cells.map(({ attacks = [loss], seed = 0, recordsPerRole = 20, ...rest }) =>
    cellOf(tinyWith({ ...rest, attacks, seed, recordsPerRole })),
  );
  return planCells(all, new Map([[pictures.id, pictures]]), environment);
};

const planned = (...cells: readonly Asked[]) => {
  const { plan, cells: found, changes } = planOf(cells);
  const tasks = new Map(plan.tasks.map((task) => [task.key, task]));
  expect(new Set(plan.tasks.map(({ label }) => label)).size).toBe(plan.tasks.length);
  return changes.flatMap(({ from, to, attack, comparison }) => {
    if (!attack || !comparison) return [];
    const [a, b] = [from, to].map((id) => found.findIndex((one) => one.id === id)) as [number, number];
    const { kind, inputs } = tasks.get(comparison.key)!;
    expect(kind).toBe('compare');
    const at = found[b]!.attacks.indexOf(attack);
    expect(inputs[1]).toBe(attack.attack.key);
    const other = found[a]!.attacks.findIndex((one) => one.attack.key === inputs[0]);
    return `${a}.${other} > ${b}.${at}`;
  });
};

describe('planChanges', () => {
  it('compares the accuracy of each defended target, on the same records', () => {
    const cells = [{ defense: NONE }, { defense: L2 }, { defense: { ...L2, adaptive: false as const } }];
    const { plan, cells: found, changes } = planOf(cells);
    const accuracies = changes.filter(({ attack }) => attack === undefined);
    expect(accuracies.map(({ from, to }) => [from, to])).toEqual([
      [found[0]!.id, found[1]!.id],
      [found[0]!.id, found[2]!.id],
    ]);
    const task = plan.tasks.find(({ key }) => key === accuracies[0]!.comparison?.key);
    expect(task).toMatchObject({
      kind: 'compare-accuracy',
      inputs: [found[0]!.target.query.key, found[1]!.target.query.key],
    });
  });

  it('plans nothing where a defence leaves untouched what is attacked: the figures are one', () => {
    const attacks = [
      loss,
      attackChoice('membership/shadow-classifier', { access: 'white-box' }),
      attackChoice('membership/one-run-audit', { canaries: 20 }),
    ];
    const { cells, changes, plan } = planOf([
      { defense: NONE, attacks },
      { defense: { name: 'label-only', params: {} }, attacks },
    ]);
    expect(cells[1]!.target.train.key).toBe(cells[0]!.target.train.key);
    expect(changes.map(({ attack, comparison }) => [attack?.name, comparison !== undefined])).toEqual([
      [undefined, false],
      [loss.name, true],
      [attacks[1]!.name, false],
      [attacks[2]!.name, false],
    ]);
    expect(plan.tasks.filter(({ kind }) => kind === 'compare-accuracy')).toEqual([]);
  });

  it('compares each defended target with the undefended one of its seed and model', () => {
    expect(
      planned(
        { defense: L2 },
        { defense: NONE },
        { defense: L2, seed: 1 },
        { defense: { ...L2, adaptive: false } },
        { defense: { name: 'l2', params: { lambda: 1 } }, model: 'simple-cnn' },
      ),
    ).toEqual(['1.0 > 0.0', '1.0 > 3.0']);
  });

  it('compares equal attacks only, wherever they stand in the list', () => {
    const shadow = (epochs: number) => attackChoice('membership/shadow-classifier', { epochs });
    expect(
      planned(
        { defense: NONE, attacks: [shadow(1), shadow(2), loss] },
        { defense: L2, attacks: [loss, shadow(2), shadow(3)] },
      ),
    ).toEqual(['0.2 > 1.0', '0.1 > 1.1']);
  });

  it('compares attacks on copies that were stolen alike', () => {
    const through = { ...loss, through: 'stealing/posterior-matching' };
    const attacks = [stealing(5), through, loss];
    expect(planned({ defense: NONE, attacks }, { defense: L2, attacks })).toEqual(['0.1 > 1.1', '0.2 > 1.2']);
    expect(planned({ defense: NONE, attacks }, { defense: L2, attacks: [stealing(6), through] })).toEqual([]);
  });

  it('leaves out what has records too few, or coins of its own', () => {
    expect(planned({ defense: NONE, recordsPerRole: 1 }, { defense: L2, recordsPerRole: 1 })).toEqual([]);
    const attacks = [attackChoice('membership/one-run-audit', { canaries: 20 })];
    expect(planned({ defense: NONE, attacks }, { defense: L2, attacks })).toEqual([]);
    expect(planned({ defense: NONE }, { defense: NONE, seed: 1 })).toEqual([]);
  });
});
