import { describe, expect, it } from 'vitest';
import { tinyAudit } from '../../test/audit/tiny-audit.ts';
import { createDataset } from '../data/dataset.ts';
import type { PlanEnvironment } from '../study/environment.ts';
import type { TrainParams } from '../study/kinds/train.ts';
import type { AuditConfig } from './audit-config.ts';
import { demoConfig } from './demo-config.ts';
import { planAudit } from './plan-audit.ts';

const data = createDataset({
  id: 'pictures',
  recordShape: [1, 10, 10],
  x: new Uint8Array(400 * 100),
  y: new Int32Array(400),
  classes: ['a', 'b', 'c'],
  normalisation: { scale: 1, mean: [0], std: [1] },
});
const environment: PlanEnvironment = {
  code: { train: 'train code', query: 'query code', attack: 'attack code', evaluate: 'evaluate code' },
  runtime: { onnxruntime: '1.0.0', device: 'cpu', threads: 1 },
};
const plan = (changes: Partial<AuditConfig> = {}, where = environment, on = data) =>
  planAudit({ ...tinyAudit, ...changes }, on, where);
/** Label → key. */
const keysOf = ({ plan: { tasks } }: ReturnType<typeof plan>) =>
  Object.fromEntries(tasks.map(({ label, key }) => [label, key]));

const models = ['train target', 'query target', 'train shadow model 1', 'query shadow model 1'];
const ofAttack = (name: string) => [`attack membership/${name}`, `evaluate membership/${name}`];
const everything = [...models, ...ofAttack('loss-threshold'), ...ofAttack('shadow-classifier')];

describe('planAudit', () => {
  it('trains one target and one shadow model for both attacks', () => {
    expect(Object.keys(keysOf(plan())).sort()).toEqual([...everything].sort());
    expect(new Set(Object.values(keysOf(plan()))).size).toBe(8);
  });

  it('trains no shadow model for an attack that wants none', () => {
    const attacks = [{ name: 'membership/loss-threshold', params: { auxiliary: 'none' } }];
    expect(Object.keys(keysOf(plan({ attacks }))).sort()).toEqual(
      [...models.slice(0, 2), ...ofAttack('loss-threshold')].sort(),
    );
  });

  it('is pure', () => {
    const frozen = Object.freeze({ ...tinyAudit, attacks: Object.freeze([...tinyAudit.attacks]) });
    expect(planAudit(frozen, data, environment).plan).toEqual(planAudit(frozen, data, environment).plan);
  });

  it('trains the target on target-train, the shadow model on shadow-train, from other weights', () => {
    const { tasks } = plan().plan;
    const trained = tasks.filter(({ kind }) => kind === 'train');
    expect(trained.map(({ params }) => (params as TrainParams).role)).toEqual([
      'target-train',
      'shadow-train',
    ]);
    expect(new Set(trained.map(({ seed }) => seed)).size).toBe(2);
    const byLabel = Object.fromEntries(tasks.map((task) => [task.label, task]));
    expect(byLabel['query target']).toMatchObject({
      params: { roles: ['target-train', 'target-test'] },
      inputs: [byLabel['train target']!.key],
    });
    expect(byLabel['query shadow model 1']).toMatchObject({
      params: { roles: ['shadow-train', 'shadow-test'] },
      inputs: [byLabel['train shadow model 1']!.key],
    });
    for (const name of ['loss-threshold', 'shadow-classifier'])
      expect(byLabel[`attack membership/${name}`]!.inputs).toEqual([
        byLabel['query target']!.key,
        byLabel['query shadow model 1']!.key,
      ]);
  });

  const longer = { ...tinyAudit.recipe, epochs: 4 };
  const otherAttack = [
    { name: 'membership/loss-threshold' },
    { name: 'membership/shadow-classifier', params: { epochs: 3 } },
  ];
  const otherData = createDataset({ ...data, y: new Int32Array(400).fill(1) });
  const code = (kind: string) => ({ ...environment, code: { ...environment.code, [kind]: 'fixed' } });
  it.each<[string, ReturnType<typeof plan>, string[]]>([
    ['the command', plan({ command: 'another' }), []],
    [
      'a default given by hand',
      plan({
        attacks: [
          { name: 'membership/loss-threshold', params: { auxiliary: 'shadow' } },
          tinyAudit.attacks[1]!,
        ],
      }),
      [],
    ],
    ['the order of the attacks', plan({ attacks: [...tinyAudit.attacks].reverse() }), []],
    ['the seed', plan({ seed: 5 }), everything],
    ['the recipe', plan({ recipe: longer }), everything],
    ['the architecture', plan({ architecture: 'simple-cnn' }), everything],
    ['the number of records', plan({ recordsPerRole: 59 }), everything],
    ['the data', plan({}, environment, otherData), everything],
    ['the parameters of one attack', plan({ attacks: otherAttack }), ofAttack('shadow-classifier')],
    ['the code of attacks', plan({}, code('attack')), everything.slice(4)],
    [
      'the code of the evaluation',
      plan({}, code('evaluate')),
      everything.filter((l) => l.startsWith('evaluate')),
    ],
    ['the code of queries', plan({}, code('query')), everything.filter((l) => !l.startsWith('train'))],
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

  const loss = { name: 'membership/loss-threshold' };
  it.each<[string, Partial<AuditConfig>, string, string]>([
    ['an unknown attack', { attacks: [{ name: 'membership/lira' }] }, 'MLD_USAGE', 'membership/lira'],
    ['a wrong parameter', { attacks: [{ ...loss, params: { epochs: 1 } }] }, 'MLD_USAGE', 'epochs'],
    ['the same attack twice', { attacks: [loss, { ...loss, params: {} }] }, 'MLD_USAGE', 'twice'],
    ['an unknown model', { architecture: 'resnet-18' }, 'MLD_USAGE', 'resnet-18'],
    ['more records than there are', { recordsPerRole: 101 }, 'MLD_SPLIT', '101'],
  ])('refuses %s before anything runs', (_, changes, errorCode, named) => {
    expect(() => plan(changes)).toThrow(
      expect.objectContaining({ code: errorCode, message: expect.stringContaining(named) }),
    );
  });

  it('refuses a model that does not suit the records', () => {
    const rows = createDataset({
      ...data,
      recordShape: [100],
      normalisation: { scale: 1, mean: Array(100).fill(0), std: Array(100).fill(1) },
    });
    expect(() => plan({ architecture: 'simple-cnn' }, environment, rows)).toThrow(
      expect.objectContaining({ code: 'MLD_USAGE', message: expect.stringContaining('[100]') }),
    );
  });
});

describe('demoConfig', () => {
  it.each([true, false])('plans, quick: %s, and names the command that gives it again', (quick) => {
    const config = demoConfig({ quick, seed: 3 });
    expect(config.command).toBe(`ml-doctor demo${quick ? ' --quick' : ''} --seed 3`);
    const { recordsPerRole: _, ...rest } = config;
    expect(planAudit(rest, data, environment).plan.tasks).toHaveLength(8);
  });
});
