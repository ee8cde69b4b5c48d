/** Which trainings of a plan go on from those of fewer epochs. */

import { describe, expect, it } from 'vitest';
import { madePictures } from '../../../test/audit/made-pictures.ts';
import { attackChoice, tinyRecipe, tinyWith } from '../../../test/audit/tiny-audit.ts';
import type { DefenseChoice } from '../../config/config.ts';
import { defenseOf } from '../../defenses/registry.ts';
import type { PlanEnvironment } from '../../study/environment.ts';
import { handlers } from '../../study/kinds/handlers.ts';
import type { TrainParams } from '../../study/kinds/train.ts';
import type { Task } from '../../study/task.ts';
import { cellOf } from '../cell.ts';
import { planCells } from './plan-cells.ts';

const environment: PlanEnvironment = {
  code: Object.fromEntries(Object.keys(handlers).map((kind) => [kind, `${kind} code`])),
  runtime: { onnxruntime: '1.0.0', device: 'cpu', threads: 1 },
};
const pictures = madePictures();
const attacks = [attackChoice('membership/shadow-classifier')];

type Changes = Parameters<typeof tinyWith>[0];
const planned = (...changes: readonly Changes[]) => {
  const cells = changes.map((change) => cellOf(tinyWith({ attacks, ...change })));
  return planCells(cells, new Map([[pictures.id, pictures]]), environment);
};
const ofEpochs = (epochs: number, more: Changes = {}): Changes => ({ ...more, training: { epochs } });
const isTraining = ({ kind }: Task) => kind === 'train' || kind === 'train-defended';
const epochsOf = ({ params }: Task) => (params as TrainParams).recipe?.epochs;

/** The trainings as `kind epochs<-epochs of the one that it goes on from`. */
const linksOf = (...changes: readonly Changes[]) => {
  const { tasks } = planned(...changes).plan;
  const byKey = new Map(tasks.map((task) => [task.key, task]));
  return tasks.filter(isTraining).map((task) => {
    const from = task.continues && epochsOf(byKey.get(task.continues.key) as Task);
    return `${task.kind} ${epochsOf(task)}${from === undefined ? '' : `<-${from}`}`;
  });
};
const under = (name: string, params: Record<string, unknown> = {}): Changes => {
  const defense: DefenseChoice = { name, params: defenseOf(name).configure(params).params };
  return { defense };
};

describe('targets that differ in their epochs only', () => {
  it('are trained once, and the shadow models of their attackers, too', () => {
    expect(linksOf(ofEpochs(10), ofEpochs(5), ofEpochs(40))).toEqual([
      ...['train 10<-5', 'train 10<-5'],
      ...['train 5', 'train 5'],
      ...['train 40<-10', 'train 40<-10'],
    ]);
  });

  it('have the tasks that each has alone, with the same keys', () => {
    const together = planned(ofEpochs(5), ofEpochs(10));
    const alone = [planned(ofEpochs(5)), planned(ofEpochs(10))];
    const keys = (plan: typeof together) => plan.plan.tasks.map(({ key }) => key);
    expect(new Set(keys(together))).toEqual(new Set(alone.flatMap(keys)));
  });

  it('are told apart in the labels of their tasks', () => {
    const labels = planned(ofEpochs(5), ofEpochs(10)).plan.tasks.map(({ label }) => label);
    const target = (epochs: number) =>
      `train target (mlp (epochs ${epochs}) on fashion-mnist-10k, seed ${tinyWith({}).seed})`;
    expect(labels).toEqual(expect.arrayContaining([target(5), target(10)]));
  });

  it.each<[string, Changes]>([
    ['batch size', { training: { ...tinyRecipe, epochs: 10, batchSize: 8 } }],
    ['milestones', { training: { ...tinyRecipe, epochs: 10, milestones: [1] } }],
    ['model', ofEpochs(10, { model: 'simple-cnn' })],
    ['seed', ofEpochs(10, { seed: 90 })],
    ['number of records', ofEpochs(10, { recordsPerRole: 40 })],
    ['defence', ofEpochs(10, under('label-smoothing'))],
    ['parameters of the recipe by a defence', ofEpochs(10, under('l2'))],
  ])('are trained apart where another thing differs: %s', (_, other) => {
    expect(linksOf(ofEpochs(5), other).filter((link) => link.includes('<-'))).toEqual([]);
  });

  it('are grown apart where they are forests', () => {
    const forest = { model: 'random-forest' };
    expect(linksOf(ofEpochs(5, forest), ofEpochs(10, forest)).join()).not.toContain('<-');
  });
});

describe('of defended trainings', () => {
  const links = (name: string, params: Record<string, unknown> = {}) =>
    linksOf(ofEpochs(5, under(name, params)), ofEpochs(10, under(name, params)));

  it.each(['dropout', 'early-stopping', 'label-smoothing', 'mixup-mmd', 'relax-loss'])(
    '%s goes on',
    (name) => {
      expect(links(name).slice(2)).toEqual(['train-defended 10<-5', 'train-defended 10<-5']);
    },
  );

  it('a recipe that is hardened goes on', () => {
    expect(links('l2').slice(2)).toEqual(['train 10<-5', 'train 10<-5']);
  });

  it('DP-SGD goes on by its noise, and not by an epsilon that all steps share', () => {
    expect(links('dp-sgd', { noiseMultiplier: 1 }).slice(2)[0]).toBe('train-defended 10<-5');
    expect(links('dp-sgd', { epsilon: 8 }).join()).not.toContain('<-');
  });

  it('a student of another teacher does not, though the teacher does', () => {
    const [student, teacher] = [
      links('distillation').filter((link) => link.startsWith('train-defended')),
      links('distillation').filter((link) => !link.startsWith('train-defended')),
    ];
    expect(student.join()).not.toContain('<-');
    expect(teacher).toContain('train 10<-5');
  });

  it('a stack of models does not', () => {
    expect(links('stacking').join()).not.toContain('<-');
  });
});
