import { describe, expect, it } from 'vitest';
import { attackChoice, tinyAudit, tinyWith } from '../../../test/audit/tiny-audit.ts';
import type { AuditConfig } from '../../config/config.ts';
import { createDataset, type Dataset } from '../../data/dataset.ts';
import type { PlanEnvironment } from '../../study/environment.ts';
import type { TrainParams } from '../../study/kinds/train.ts';
import { cellOf } from '../cell.ts';
import { demoConfig } from '../demo-config.ts';
import { planCells } from './plan-cells.ts';

const data = createDataset({
  id: 'fashion-mnist-10k',
  recordShape: [1, 10, 10],
  x: new Uint8Array(400 * 100),
  y: new Int32Array(400),
  classes: ['a', 'b', 'c'],
  normalisation: { scale: 1, mean: [0], std: [1] },
});
const environment: PlanEnvironment = {
  code: Object.fromEntries(
    ['train', 'query', 'synthesise', 'check-split', 'attack', 'evaluate', 'compare', 'compare-accuracy'].map(
      (kind) => [kind, `${kind} code`],
    ),
  ),
  runtime: { onnxruntime: '1.0.0', device: 'cpu', threads: 1 },
};
const planAll = (configs: readonly AuditConfig[], where = environment, on: Dataset = data) =>
  planCells(configs.map(cellOf), new Map([['fashion-mnist-10k', on]]), where);
const plan = (changes: Parameters<typeof tinyWith>[0] = {}, where = environment, on = data) =>
  planAll([tinyWith(changes)], where, on);
/** Label → key. */
const keysOf = ({ plan: { tasks } }: ReturnType<typeof plan>) =>
  Object.fromEntries(tasks.map(({ label, key }) => [label, key]));

const models = ['train target', 'query target', 'train shadow model 1', 'query shadow model 1'];
const check = 'check split';
const ofAttack = (name: string) => [`attack membership/${name}`, `evaluate membership/${name}`];
const everything = [...models, check, ...ofAttack('loss-threshold'), ...ofAttack('shadow-classifier')];
const ofModels = everything.filter((label) => label !== check);

describe('planCells', () => {
  it('trains one target and one shadow model for both attacks', () => {
    expect(Object.keys(keysOf(plan())).sort()).toEqual([...everything].sort());
    expect(new Set(Object.values(keysOf(plan()))).size).toBe(9);
  });

  it('trains no shadow model for an attack that wants none', () => {
    const attacks = [attackChoice('membership/loss-threshold', { auxiliary: 'none' })];
    expect(Object.keys(keysOf(plan({ attacks }))).sort()).toEqual(
      [...models.slice(0, 2), check, ...ofAttack('loss-threshold')].sort(),
    );
  });

  it('is pure', () => {
    const frozen = Object.freeze({ ...tinyAudit, attacks: Object.freeze([...tinyAudit.attacks]) });
    expect(planAll([frozen]).plan).toEqual(planAll([frozen]).plan);
  });

  it('trains the target on target-train, the shadow model on shadow-train, from other weights', () => {
    const { tasks } = plan().plan;
    const trained = tasks.filter(({ kind }) => kind === 'train');
    expect(trained.map(({ params }) => (params as TrainParams).on)).toEqual([
      { role: 'target-train' },
      { role: 'shadow-train' },
    ]);
    expect(new Set(trained.map(({ seed }) => seed)).size).toBe(2);
    const byLabel = Object.fromEntries(tasks.map((task) => [task.label, task]));
    expect(byLabel['query target']).toMatchObject({
      params: { set: 'candidates' },
      inputs: [byLabel['train target']!.key],
    });
    expect(byLabel['query shadow model 1']).toMatchObject({
      params: { set: 'population' },
      inputs: [byLabel['train shadow model 1']!.key],
    });
    for (const name of ['loss-threshold', 'shadow-classifier'])
      expect(byLabel[`attack membership/${name}`]!.inputs).toEqual([
        byLabel['query target']!.key,
        byLabel['query shadow model 1']!.key,
      ]);
  });

  const otherAttack = [
    attackChoice('membership/loss-threshold'),
    attackChoice('membership/shadow-classifier', { epochs: 3 }),
  ];
  const otherData = createDataset({ ...data, y: new Int32Array(400).fill(1) });
  const code = (kind: string) => ({ ...environment, code: { ...environment.code, [kind]: 'fixed' } });
  const offers = { access: 'black-box', output: 'posteriors' } as const;
  it.each<[string, ReturnType<typeof plan>, string[]]>([
    ['the name', plan({ name: 'another' }), []],
    ['what the target offers', plan({ target: { ...tinyAudit.target, offers } }), []],
    ['the order of the attacks', plan({ attacks: [...tinyAudit.attacks].reverse() }), []],
    ['the seed', plan({ seed: 5 }), everything],
    ['the recipe', plan({ training: { epochs: 4 } }), ofModels],
    ['the defence', plan({ defense: { name: 'l2', params: { lambda: 0.01 } } }), ofModels],
    ['the architecture', plan({ model: 'simple-cnn' }), ofModels],
    ['the number of records', plan({ recordsPerRole: 59 }), everything],
    ['the data', plan({}, environment, otherData), everything],
    ['the parameters of one attack', plan({ attacks: otherAttack }), ofAttack('shadow-classifier')],
    ['the code of attacks', plan({}, code('attack')), everything.slice(5)],
    [
      'the code of the evaluation',
      plan({}, code('evaluate')),
      everything.filter((l) => l.startsWith('evaluate')),
    ],
    [
      'the code of queries',
      plan({}, code('query')),
      everything.filter((l) => !l.startsWith('train') && l !== check),
    ],
  ])('gives new keys exactly to what depends on %s', (_, changed, expected) => {
    const before = keysOf(plan());
    const after = keysOf(changed);
    expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
    expect(everything.filter((label) => after[label] !== before[label])).toEqual(expected);
  });

  it('keeps what is there when an attack is added', () => {
    const one = keysOf(plan({ attacks: tinyAudit.attacks.slice(0, 1) }));
    expect(keysOf(plan())).toMatchObject(one);
  });

  it('takes every seed that the command line takes', () => {
    const { tasks } = plan({ seed: Number.MAX_SAFE_INTEGER }).plan;
    expect(tasks.filter(({ kind }) => kind === 'train').map(({ seed }) => seed)).toEqual([
      Number.MAX_SAFE_INTEGER,
      0,
    ]);
  });

  it('says how much work each task is: records × epochs, records of both roles', () => {
    const effort = Object.fromEntries(plan().plan.tasks.map(({ label, effort }) => [label, effort?.units]));
    for (const label of models.filter((l) => l.startsWith('train'))) expect(effort[label]).toBe(60 * 3);
    for (const label of everything.filter((l) => !l.startsWith('train'))) expect(effort[label]).toBe(120);
  });
});

describe('several targets in one plan', () => {
  const defended = tinyWith({ defense: { name: 'l2', params: { lambda: 0.01 } } });

  it('share what is equal, and have names that tell them apart', () => {
    // λ Σ w² with λ = wd / 2 is the weight decay that the recipe has anyway.
    const same = tinyWith({
      defense: { name: 'l2', params: { lambda: tinyAudit.target.train.training.weightDecay / 2 } },
    });
    // Nothing to compare: it is the very same target.
    expect(planAll([tinyAudit, same]).plan.tasks).toHaveLength(9);
    const { plan: both, cells } = planAll([tinyAudit, defended]);
    const comparisons = tinyAudit.attacks.length + 1;
    // All but the check of the split, which is of the same records.
    expect(both.tasks).toHaveLength(17 + comparisons);
    expect(new Set(both.tasks.map(({ label }) => label)).size).toBe(17 + comparisons);
    expect(new Set(cells.map(({ id }) => id)).size).toBe(2);
    for (const { key } of planAll([tinyAudit]).plan.tasks)
      expect(both.tasks.some((task) => task.key === key)).toBe(true);
  });

  it('have labels that differ where only parameters do', () => {
    const weaker = tinyWith({ defense: { name: 'l2', params: { lambda: 0.001 } } });
    const twice = tinyWith({
      attacks: [2, 3].map((epochs) => attackChoice('membership/shadow-classifier', { epochs })),
    });
    for (const configs of [[defended, weaker], [twice]]) {
      const { tasks } = planAll(configs).plan;
      expect(new Set(tasks.map(({ label }) => label)).size).toBe(tasks.length);
    }
  });

  it('have names for folders, the same in every study', () => {
    const [alone] = planAll([defended]).cells;
    const [, among] = planAll([tinyAudit, defended]).cells;
    expect(among?.id).toBe(alone?.id);
    expect(among?.id).toMatch(/^fashion-mnist-10k_mlp_l2_4_[0-9a-f]{8}$/);
  });

  it('train defended shadow models for a defended target', () => {
    const trained = planAll([defended]).plan.tasks.filter(({ kind }) => kind === 'train');
    expect(trained.map(({ params }) => (params as TrainParams).recipe?.weightDecay)).toEqual([0.02, 0.02]);
  });
});

describe('demoConfig', () => {
  it.each([true, false])('plans, quick: %s', (quick) => {
    const config = demoConfig({ quick, seed: 3 });
    const { recordsPerRole: _, ...whole } = config.data;
    expect(planAll([{ ...config, data: whole }]).plan.tasks).toHaveLength(9);
  });
});
