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

const planned = (
  ...cells: readonly {
    defense: DefenseChoice;
    attacks?: readonly AttackChoice[];
    seed?: number;
    model?: string;
    recordsPerRole?: number;
  }[]
) => {
  const all = cells.map(({ attacks = [loss], seed = 0, recordsPerRole = 20, ...rest }) =>
    cellOf(tinyWith({ ...rest, attacks, seed, recordsPerRole })),
  );
  const { plan, cells: found, changes } = planCells(all, new Map([[pictures.id, pictures]]), environment);
  const tasks = new Map(plan.tasks.map((task) => [task.key, task]));
  expect(new Set(plan.tasks.map(({ label }) => label)).size).toBe(plan.tasks.length);
  return changes.map(({ from, to, attack, comparison }) => {
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
