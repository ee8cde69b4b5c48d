/** What stealing attacks are planned as: one training for each budget, nothing asked twice, shared where it is equal. */

import { describe, expect, it } from 'vitest';
import { madePictures } from '../../../test/audit/made-pictures.ts';
import { attackChoice, tinyWith } from '../../../test/audit/tiny-audit.ts';
import type { AttackChoice } from '../../config/config.ts';
import type { PlanEnvironment } from '../../study/environment.ts';
import { handlers } from '../../study/kinds/handlers.ts';
import type { StealParams } from '../../study/kinds/stealing/steal.ts';
import type { TransferSetParams } from '../../study/kinds/stealing/transfer-set.ts';
import type { Task } from '../../study/task.ts';
import { cellOf } from '../cell.ts';
import { planCells } from './plan-cells.ts';

const environment: PlanEnvironment = {
  code: Object.fromEntries(Object.keys(handlers).map((kind) => [kind, `${kind} code`])),
  runtime: { onnxruntime: '1.0.0', device: 'cpu', threads: 1 },
};
const data = madePictures();
const other = madePictures({ id: 'utkface', size: 100 });

const planned = (...attacks: readonly AttackChoice[]) => {
  const { plan, cells } = planCells(
    [cellOf(tinyWith({ attacks }))],
    new Map([
      ['fashion-mnist-10k', data],
      ['utkface', other],
    ]),
    environment,
  );
  const byKey = new Map(plan.tasks.map((task) => [task.key, task]));
  const [cell] = cells;
  return {
    tasks: plan.tasks,
    attacks: cell?.attacks ?? [],
    target: cell?.target.train.key,
    of: (kind: string) => plan.tasks.filter((task) => task.kind === kind),
    inputsOf: (task: Task | undefined) => (task?.inputs ?? []).map((key) => byKey.get(key) as Task),
    task: (key: string | undefined) => byKey.get(key ?? '') as Task,
  };
};

const matching = (params: Record<string, unknown> = {}) =>
  attackChoice('stealing/posterior-matching', params);

describe('copies learnt from a pool', () => {
  it('are one training for each budget, each on a set that holds the one before', () => {
    const { of, inputsOf, target } = planned(matching({ budgets: [10, 30, 100] }));
    const sets = of('transfer-set').filter(
      ({ params }) => (params as TransferSetParams).reply !== 'own-labels',
    );
    expect(sets.map(({ params }) => (params as TransferSetParams).budget)).toEqual([10, 30, 100]);
    expect(sets.map((set) => inputsOf(set).map(({ key }) => key))).toEqual([
      [target],
      [target, sets[0]?.key],
      [target, sets[1]?.key],
    ]);
    // What is sent for each set is what it has more than the one before.
    expect(sets.map(({ effort }) => effort?.units)).toEqual([10, 20, 70]);
    const copies = of('steal').filter((task) => sets.some(({ key }) => task.inputs.includes(key)));
    expect(copies.map(({ inputs }) => inputs)).toEqual(sets.map(({ key }) => [key]));
  });

  it('start from weights of their own, never from those of the target', () => {
    const { of, task, target } = planned(matching({ budgets: [10, 100] }));
    const seeds = new Set(of('steal').map(({ seed }) => seed));
    expect(seeds.size).toBe(1);
    expect(seeds).not.toContain(task(target).seed);
    expect(of('train').map(({ seed }) => seed)).not.toContain([...seeds][0]);
  });

  it('are read by a selection that chooses with them, and by no other', () => {
    const kinds = (selection: string) => {
      const { of, inputsOf } = planned(matching({ budgets: [10, 30], selection }));
      const second = of('transfer-set').find(({ params }) => (params as TransferSetParams).budget === 30);
      return inputsOf(second).map(({ kind }) => kind);
    };
    expect(kinds('random')).toEqual(['train', 'transfer-set']);
    for (const selection of ['uncertainty', 'k-centre'])
      expect(kinds(selection)).toEqual(['train', 'transfer-set', 'steal']);
  });

  it('share what was asked, whatever they make of it', () => {
    const { of } = planned(
      matching({ budgets: [10, 30], loss: 'mse' }),
      matching({ budgets: [10, 30], architecture: 'logistic-regression' }),
      matching({ budgets: [10, 30], loss: 'mse', pricePerQuery: 1 }),
    );
    const asked = of('transfer-set').filter(
      ({ params }) => (params as TransferSetParams).reply !== 'own-labels',
    );
    expect(asked).toHaveLength(2);
    const kept = of('steal').map(({ params }) => params as StealParams);
    // Two copies for each of the first two, a baseline for each architecture; the price makes no other copy.
    expect(kept.filter(({ recipe }) => recipe.loss === 'mse')).toHaveLength(2);
    expect(kept.filter(({ architecture }) => architecture === 'logistic-regression')).toHaveLength(3);
  });

  it('are held against as many records’ own labels, learnt without the target', () => {
    const { of, inputsOf } = planned(matching({ budgets: [10, 30] }));
    const labelled = of('transfer-set').filter(
      ({ params }) => (params as TransferSetParams).reply === 'own-labels',
    );
    expect(labelled.map(({ inputs, params }) => [inputs, (params as TransferSetParams).budget])).toEqual([
      [[], 30],
    ]);
    const [evaluation] = of('evaluate-stealing');
    const last = inputsOf(evaluation).at(-1);
    expect(last?.kind).toBe('query');
    expect(inputsOf(inputsOf(last)[0]).map(({ key }) => key)).toEqual([labelled[0]?.key]);
  });

  it('ask a share of the shadow data, all of it at most, where no budget is named', () => {
    const budgetsOf = (choice: AttackChoice) => {
      const [attack] = planned(choice).attacks;
      return attack?.family === 'stealing' ? attack.budgets : undefined;
    };
    expect(budgetsOf(matching())).toEqual([7, 15, 30, 60, 120]);
    expect(budgetsOf(matching({ auxiliary: 'partial' }))).toEqual([1, 3, 7, 15, 30]);
    expect(budgetsOf(attackChoice('stealing/knockoff'))).toEqual([7, 15, 30, 60, 120]);
    // Another data set may hold fewer.
    expect(budgetsOf(attackChoice('stealing/knockoff', { pool: 'utkface' }))).toEqual([6, 12, 25, 50, 100]);
    expect(budgetsOf(attackChoice('stealing/data-free'))?.at(-1)).toBe(200_000);
  });
});

describe('copies that learn without data', () => {
  it('go on from one budget to the next, and are held against random inputs', () => {
    const { of, inputsOf, target } = planned(attackChoice('stealing/data-free', { budgets: [500, 900] }));
    const [first, second] = of('steal-without-data');
    expect(first?.inputs).toEqual([target]);
    expect(second?.inputs).toEqual([target, first?.key]);
    expect([first, second].map((task) => task?.effort?.units)).toEqual([500, 400]);
    const [random] = of('transfer-set');
    expect(random?.params).toMatchObject({ pool: { kind: 'uniform', size: 900 }, budget: 900 });
    const [evaluation] = of('evaluate-stealing');
    expect(inputsOf(evaluation).map(({ kind }) => kind)).toEqual([
      ...['query', 'steal-without-data', 'steal-without-data'],
      ...['query', 'query', 'query'],
    ]);
  });
});

describe('an attack through a stolen copy', () => {
  const through = { ...attackChoice('membership/shadow-classifier'), through: 'stealing/posterior-matching' };

  it('reads the last copy in the target’s place, wherever it stands in the list', () => {
    for (const attacks of [
      [through, matching({ budgets: [10, 30] })],
      [matching({ budgets: [10, 30] }), through],
    ]) {
      const { attacks: found, inputsOf, task } = planned(...attacks);
      expect(found.map(({ name }) => name)).toEqual(attacks.map(({ name }) => name));
      const one = found.find(({ family }) => family === 'membership');
      expect(one?.through).toMatchObject({ name: 'stealing/posterior-matching', budget: 30 });
      const [asked] = inputsOf(task(one?.attack.key));
      expect(asked?.kind).toBe('query');
      const [copy] = inputsOf(asked);
      const stolen = found.find(({ family }) => family === 'stealing');
      expect(copy?.key).toBe(stolen?.attack.key);
    }
  });

  it('trains shadow models of the copy’s architecture', () => {
    const { of } = planned(through, matching({ budgets: [30], architecture: 'logistic-regression' }));
    expect(of('train').map(({ label, params }) => [label, (params as StealParams).architecture])).toEqual([
      ['train target', 'mlp'],
      ['train shadow model 1', 'logistic-regression'],
    ]);
  });
});
