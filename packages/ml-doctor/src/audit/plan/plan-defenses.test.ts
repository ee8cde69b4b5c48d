/** What a defence does to the plan of a cell: which models follow it, whom attackers meet, what is shared. */

import { describe, expect, it } from 'vitest';
import { madePictures } from '../../../test/audit/made-pictures.ts';
import { attackChoice, tinyWith } from '../../../test/audit/tiny-audit.ts';
import type { AttackChoice, DefenseChoice } from '../../config/config.ts';
import { defenseOf } from '../../defenses/registry.ts';
import type { PlanEnvironment } from '../../study/environment.ts';
import { handlers } from '../../study/kinds/handlers.ts';
import type { TrainDefendedParams } from '../../study/kinds/train-defended.ts';
import type { Task } from '../../study/task.ts';
import { cellOf } from '../cell.ts';
import { planCells } from './plan-cells.ts';

const environment: PlanEnvironment = {
  code: Object.fromEntries(Object.keys(handlers).map((kind) => [kind, `${kind} code`])),
  runtime: { onnxruntime: '1.0.0', device: 'cpu', threads: 1 },
};
const pictures = madePictures();

const under = (name: string, params: Record<string, unknown> = {}): DefenseChoice => ({
  name,
  params: defenseOf(name).configure(params).params,
});

const shadow = attackChoice('membership/shadow-classifier');
const whiteBox = attackChoice('membership/shadow-classifier', { access: 'white-box' });

const planned = (attacks: readonly AttackChoice[], ...defenses: readonly DefenseChoice[]) => {
  const cells = defenses.map((defense) => cellOf(tinyWith({ attacks, defense })));
  const { plan, cells: found } = planCells(cells, new Map([[pictures.id, pictures]]), environment);
  const byKey = new Map(plan.tasks.map((task) => [task.key, task]));
  const inputsOf = ({ inputs }: Task) => inputs.map((key) => byKey.get(key) as Task);
  /** The models whose answers, or weights, an attack of a cell is given, in the order of its inputs. */
  const met = (cell: number, attack: number) =>
    inputsOf(byKey.get(found[cell]?.attacks[attack]?.attack.key ?? '') as Task).map((task) =>
      task.kind === 'query' ? (inputsOf(task)[0] as Task) : task,
    );
  const target = (cell: number) => byKey.get(found[cell]?.target.train.key ?? '') as Task;
  const trainings = (cell: number) => found[cell]?.target.trainings.map(({ key }) => byKey.get(key) as Task);
  return { tasks: plan.tasks, met, target, trainings, inputsOf };
};
const kinds = (tasks: readonly Task[] | undefined) => tasks?.map(({ kind }) => kind);

describe('a defence of the training', () => {
  const dropout = under('dropout');

  it('is followed by the attacker’s own models', () => {
    const { target, met } = planned([shadow], dropout);
    expect(target(0).kind).toBe('train-defended');
    expect((target(0).params as TrainDefendedParams).defense).toEqual({ ...dropout });
    const [, ...shadows] = met(0, 0);
    expect(shadows.length).toBeGreaterThan(0);
    for (const { kind, params } of shadows) {
      expect(kind).toBe('train-defended');
      expect((params as TrainDefendedParams).defense).toEqual({ ...dropout });
    }
  });

  it('is not, where attackers do not know of it: their models are those of the undefended cell', () => {
    const { met, target } = planned([shadow], under('none'), { ...dropout, adaptive: false });
    expect(target(1).kind).toBe('train-defended');
    expect(met(1, 0)[0]).toBe(target(1));
    expect(met(1, 0).slice(1)).toEqual(met(0, 0).slice(1));
  });

  it('changes the recipe alone where that is all there is to change', () => {
    const { target, met } = planned([shadow], under('none'), under('l2', { lambda: 0.5 }));
    expect(kinds([target(0), target(1)])).toEqual(['train', 'train']);
    expect(target(1).params).toMatchObject({ recipe: { weightDecay: 1 } });
    expect(met(1, 0)[1]?.params).toMatchObject({ recipe: { weightDecay: 1 } });
    expect(target(0).params).not.toEqual(target(1).params);
  });
});

describe('distillation', () => {
  const { target, trainings, inputsOf, met } = planned([shadow], under('none'), under('distillation'));

  it('learns from the undefended target, which counts among what the model took', () => {
    expect(inputsOf(target(1))).toEqual([target(0)]);
    expect(trainings(1)).toEqual([target(0), target(1)]);
    expect(trainings(0)).toEqual([target(0)]);
  });

  it('has teachers of their own for shadow models: those of the undefended cell', () => {
    const [, ...students] = met(1, 0);
    expect(students.flatMap(inputsOf)).toEqual(met(0, 0).slice(1));
  });
});

describe('a defence of answers', () => {
  const { tasks, target, met, inputsOf } = planned([shadow, whiteBox], under('none'), under('rounding'));

  it('trains nothing', () => {
    expect(target(1)).toBe(target(0));
    expect(tasks.filter(({ kind }) => kind === 'train-defended')).toEqual([]);
  });

  it('stands between the models and who asks them, his own models too', () => {
    expect(new Set(kinds(met(1, 0)))).toEqual(new Set(['defend-output']));
    expect(met(1, 0).map((task) => inputsOf(task)[0])).toEqual(met(0, 0));
    for (const { params } of met(1, 0)) expect(params).toMatchObject({ output: { digits: 1 } });
  });

  it('is nothing to who holds the weights', () => {
    expect(met(1, 1)).toEqual(met(0, 1));
  });

  it('stands before the target alone where attackers do not know of it', () => {
    const other = planned([shadow], { ...under('rounding'), adaptive: false });
    const [asked, ...own] = kinds(other.met(0, 0)) as string[];
    expect(asked).toBe('defend-output');
    expect(new Set(own)).toEqual(new Set(['train']));
  });

  it('is what a thief asks; his copy has none', () => {
    const steal = attackChoice('stealing/posterior-matching', { budgets: [20] });
    const through = { ...shadow, through: 'stealing/posterior-matching' };
    const stolen = planned([steal, through], under('label-only'));
    const sets = stolen.tasks.filter(({ kind, inputs }) => kind === 'transfer-set' && inputs.length > 0);
    expect(sets.flatMap((set) => kinds(stolen.inputsOf(set)))).toEqual(['defend-output']);
    const [copy, ...shadows] = kinds(stolen.met(0, 1)) as string[];
    expect(copy).toBe('steal');
    expect(new Set(shadows)).toEqual(new Set(['train']));
  });
});

describe('an attack on a copy', () => {
  it('imitates a model without the target’s defence, which the copy has not', () => {
    const steal = attackChoice('stealing/posterior-matching', { budgets: [20] });
    const through = { ...whiteBox, through: 'stealing/posterior-matching' };
    const shadows = (name: string) =>
      planned([steal, through], under(name))
        .met(0, 1)
        .filter(({ kind }) => kind !== 'steal')
        .map(({ key }) => key);
    expect(shadows('none').length).toBeGreaterThan(0);
    for (const name of ['stacking', 'dropout', 'l2', 'top-k']) expect(shadows(name)).toEqual(shadows('none'));
  });
});

describe('a forest', () => {
  it('among the attacker’s models is grown as ever', () => {
    const combining = attackChoice('membership/ml-leaks', { adversary: 'combining' });
    const { tasks } = planned([combining], under('dropout'));
    const forests = tasks.filter(
      ({ params }) => (params as { architecture?: string }).architecture === 'random-forest',
    );
    expect(new Set(kinds(forests))).toEqual(new Set(['train']));
  });
});
