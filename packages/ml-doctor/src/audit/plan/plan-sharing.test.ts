/** Which models the attacks on one target share, and which they must not. */

import { describe, expect, it } from 'vitest';
import { madePictures } from '../../../test/audit/made-pictures.ts';
import { attackChoice, tinyWith } from '../../../test/audit/tiny-audit.ts';
import type { Choice } from '../../config/config.ts';
import { createDataset } from '../../data/dataset.ts';
import type { PlanEnvironment } from '../../study/environment.ts';
import type { AttackParams } from '../../study/kinds/attack/attack.ts';
import { handlers } from '../../study/kinds/handlers.ts';
import type { QueryParams } from '../../study/kinds/query.ts';
import type { TrainParams } from '../../study/kinds/train.ts';
import type { Task } from '../../study/task.ts';
import { cellOf } from '../cell.ts';
import { planCells } from './plan-cells.ts';

const environment: PlanEnvironment = {
  code: Object.fromEntries(Object.keys(handlers).map((kind) => [kind, `${kind} code`])),
  runtime: { onnxruntime: '1.0.0', device: 'cpu', threads: 1 },
};
const pictures = madePictures();
const adult = createDataset({
  ...madePictures({ size: 100 }),
  id: 'adult',
  recordShape: [2],
  x: new Uint8Array(200),
  normalisation: { scale: 1, mean: [0, 0], std: [1, 1] },
});
const datasets = new Map([
  [pictures.id, pictures],
  [adult.id, adult],
]);

const planned = (attacks: readonly Choice[], changes: Parameters<typeof tinyWith>[0] = {}) => {
  const { plan, cells } = planCells([cellOf(tinyWith({ ...changes, attacks }))], datasets, environment);
  const byKey = new Map(plan.tasks.map((task) => [task.key, task]));
  const inputsOf = (task: Task) => task.inputs.map((key) => byKey.get(key) as Task);
  const attackTask = (index: number) => byKey.get(cells[0]?.attacks[index]?.attack.key ?? '') as Task;
  /** Every model that is behind the answers an attack is given, the target left out. */
  const modelsOf = (index: number) => {
    const models = new Map<string, Task>();
    const visit = (task: Task) => {
      if (task.kind === 'train') models.set(task.key, task);
      else if (task.kind === 'query') visit(inputsOf(task)[0] as Task);
    };
    for (const input of inputsOf(attackTask(index))) visit(input);
    models.delete(cells[0]?.target.train.key ?? '');
    return [...models.values()];
  };
  const trained = plan.tasks.filter(({ kind }) => kind === 'train');
  return { tasks: plan.tasks, trained, modelsOf, attackTask, inputsOf };
};
const on = (tasks: readonly Task[]) => tasks.map(({ params }) => (params as TrainParams).on);
const keys = (tasks: readonly Task[]) => tasks.map(({ key }) => key);

const lira = attackChoice('membership/lira');
const rmia = attackChoice('membership/rmia');
const offline = attackChoice('membership/lira', { mode: 'offline' });
const shokri = attackChoice('membership/shokri');

describe('models trained on candidates', () => {
  const { trained, modelsOf, tasks } = planned([lira, rmia]);

  it('are shared: 16 for LiRA, of which RMIA takes the first 4', () => {
    expect(trained).toHaveLength(1 + 16);
    expect(on(modelsOf(0))).toEqual(Array.from({ length: 16 }, (_, half) => ({ half, of: 'candidates' })));
    expect(keys(modelsOf(1))).toEqual(keys(modelsOf(0)).slice(0, 4));
    // The answers too.
    expect(
      tasks.filter(({ kind, params }) => kind === 'query' && (params as QueryParams).set === 'candidates'),
    ).toHaveLength(1 + 16);
  });

  it('start from weights of their own, none from the target’s', () => {
    expect(new Set(trained.map(({ seed }) => seed)).size).toBe(17);
  });
});

describe('models trained on shadow data', () => {
  const all = planned([
    shokri,
    offline,
    attackChoice('membership/metric-threshold'),
    attackChoice('membership/shadow-classifier'),
    lira,
    attackChoice('membership/rmia', { mode: 'offline' }),
  ]);

  it('are shared: 20 for Shokri’s attack, the others take the first of them', () => {
    expect(all.trained).toHaveLength(1 + 20 + 16);
    const shadows = keys(all.modelsOf(0));
    expect(shadows).toHaveLength(20);
    for (const [attack, count] of [
      [1, 16],
      [2, 1],
      [3, 1],
      [5, 4],
    ] as const)
      expect(keys(all.modelsOf(attack))).toEqual(shadows.slice(0, count));
  });

  it('are trained on the two roles first, then on random halves of them', () => {
    expect(on(all.modelsOf(0))).toEqual([
      { role: 'shadow-train' },
      { role: 'shadow-test' },
      ...Array.from({ length: 18 }, (_, i) => ({ half: i + 2, of: 'population' })),
    ]);
  });

  it('are none of those trained on candidates, whoever comes first', () => {
    const candidates = new Set(keys(all.modelsOf(4)));
    expect(candidates.size).toBe(16);
    expect(keys(all.modelsOf(0)).filter((key) => candidates.has(key))).toEqual([]);
    expect(on(all.modelsOf(4)).every((one) => 'of' in one && one.of === 'candidates')).toBe(true);
  });
});

describe('made-up records', () => {
  const noisy = attackChoice('membership/shokri', { shadowData: 'noisy', shadows: 2 });
  const { tasks, trained, inputsOf, attackTask, modelsOf } = planned([noisy, shokri]);
  const made = tasks.filter(({ kind }) => kind === 'synthesise');

  it('are made once, without the target where it is not asked, and train models of their own', () => {
    expect(made).toHaveLength(1);
    expect(inputsOf(made[0] as Task).map(({ label }) => label)).toEqual([]);
    expect(trained).toHaveLength(1 + 2 + 20);
    expect(on(modelsOf(0))).toEqual([0, 1].map((half) => ({ half, of: 'all' })));
    for (const model of modelsOf(0)) expect(model.inputs).toEqual([made[0]?.key]);
    for (const model of modelsOf(1)) expect(model.inputs).toEqual([]);
  });

  it('are what those models are asked about, and are given to the attack', () => {
    const inputs = inputsOf(attackTask(0));
    expect(inputs.map(({ kind }) => kind)).toEqual(['query', 'synthesise', 'query', 'query']);
    expect(inputs.slice(2).map(({ params }) => (params as QueryParams).set)).toEqual(['all', 'all']);
    for (const query of inputs.slice(2)) expect(query.inputs[1]).toBe(made[0]?.key);
  });

  it('are made anew where they differ', () => {
    const noisier = attackChoice('membership/shokri', { shadowData: 'noisy', shadows: 2, noise: 0.2 });
    const more = attackChoice('membership/shokri', { shadowData: 'noisy', shadows: 3 });
    const kinds = (attacks: Choice[]) => planned(attacks).tasks.filter(({ kind }) => kind === 'synthesise');
    expect(kinds([noisy, noisier])).toHaveLength(2);
    expect(kinds([noisy, more])).toHaveLength(1);
    expect(planned([noisy, more]).trained).toHaveLength(1 + 3);
  });
});

describe('another data set', () => {
  it('trains a model on as many of its records as it has, up to the target’s', () => {
    const transfer = attackChoice('membership/ml-leaks', { adversary: 2, data: 'adult' });
    const { modelsOf, attackTask, inputsOf } = planned([transfer]);
    // A quarter of 100; the target has 60.
    const home = { data: { id: 'adult', contentHash: adult.contentHash }, split: { seed: 4, perRole: 25 } };
    expect(modelsOf(0)).toHaveLength(1);
    expect(modelsOf(0)[0]?.params).toMatchObject({ ...home, on: { role: 'shadow-train' } });
    expect((attackTask(0).params as AttackParams).pool).toEqual(home);
    const [own, other] = inputsOf(attackTask(0)).map(({ params }) => params as QueryParams);
    expect([own?.data.id, own?.set]).toEqual(['fashion-mnist-10k', 'candidates']);
    expect([other?.data.id, other?.set]).toEqual(['adult', 'population']);
    const few = planned([transfer], { recordsPerRole: 10 });
    expect(few.modelsOf(0)[0]?.params).toMatchObject({ split: { seed: 4, perRole: 10 } });
  });
});

describe('forests', () => {
  it('have no recipe; networks beside them have', () => {
    const combining = attackChoice('membership/ml-leaks', { adversary: 'combining' });
    for (const model of ['random-forest', 'mlp']) {
      const { trained, modelsOf } = planned([combining], { model });
      expect(on(modelsOf(0))).toEqual(Array(3).fill({ role: 'shadow-train' }));
      for (const { params } of trained) {
        const { architecture, recipe } = params as TrainParams;
        expect(recipe === undefined, architecture).toBe(architecture === 'random-forest');
      }
    }
  });

  it('are the same whatever is said of the training of networks', () => {
    const attacks = [attackChoice('membership/loss-threshold')];
    const [a, b] = [1, 2].map((epochs) => planned(attacks, { model: 'random-forest', training: { epochs } }));
    expect(keys(a?.tasks ?? [])).toEqual(keys(b?.tasks ?? []));
  });
});

describe('what an attack asks', () => {
  it('about copies is asked of every model, the records as they are first', () => {
    const { attackTask, inputsOf } = planned([attackChoice('membership/lira', { shadows: 4, flip: true })]);
    const asked = inputsOf(attackTask(0)).map(({ params }) => (params as QueryParams).view);
    const mirrored = { dx: 0, dy: 0, flip: true };
    expect(asked).toEqual(Array(5).fill([undefined, mirrored]).flat());
  });

  it('live needs the model itself', () => {
    const boundary = attackChoice('membership/label-only', { method: 'boundary' });
    const { attackTask, inputsOf } = planned([boundary]);
    expect(inputsOf(attackTask(0)).map(({ label }) => label)).toEqual([
      'query target',
      'train target',
      'query shadow model 1',
      'train shadow model 1',
    ]);
  });

  it('is as much work as there are records to score', () => {
    const units = (name: string, params: Record<string, unknown>) =>
      planned([attackChoice(`membership/${name}`, params)]).attackTask(0).effort?.units;
    expect(units('loss-threshold', {})).toBe(120);
    expect(units('shadow-classifier', { auxiliary: 'partial' })).toBe(40);
    expect(units('label-only', { method: 'boundary', records: 7 })).toBe(14);
    expect(units('label-only', { method: 'boundary', records: 700 })).toBe(120);
  });
});
