/** What inversion attacks are planned as, and what several of them, and several targets, share. */

import { describe, expect, it } from 'vitest';
import { madePictures } from '../../../test/audit/made-pictures.ts';
import { attackChoice, tinyWith } from '../../../test/audit/tiny-audit.ts';
import type { AuditConfig } from '../../config/config.ts';
import { createDataset } from '../../data/dataset.ts';
import type { PlanEnvironment } from '../../study/environment.ts';
import { handlers } from '../../study/kinds/handlers.ts';
import { cellOf } from '../cell.ts';
import { planCells } from './plan-cells.ts';

const environment: PlanEnvironment = {
  code: Object.fromEntries(Object.keys(handlers).map((kind) => [kind, `${kind} code`])),
  runtime: { onnxruntime: '1.0.0', device: 'cpu', threads: 1 },
};
const pictures = madePictures();
// As large as a real picture: what is planned does not depend on what is in it.
const data = createDataset({ ...pictures, recordShape: [1, 28, 28], x: new Uint8Array(pictures.size * 784) });

const planned = (...configs: readonly Partial<AuditConfig>[]) => {
  const { plan, cells } = planCells(
    configs.map((config) => cellOf(tinyWith(config))),
    new Map([['fashion-mnist-10k', data]]),
    environment,
  );
  const byKey = new Map(plan.tasks.map((task) => [task.key, task]));
  const kindsOf = (key: string) => byKey.get(key)?.inputs.map((input) => byKey.get(input)?.kind);
  return {
    tasks: plan.tasks,
    cells,
    kindsOf,
    of: (kind: string) => plan.tasks.filter((t) => t.kind === kind),
  };
};

const miFace = attackChoice('inversion/mi-face');
const revealer = attackChoice('inversion/secret-revealer');
const plg = attackChoice('inversion/plg');

describe('an inversion attack', () => {
  it('reads the target, and a generator where it wants one', () => {
    const { cells, kindsOf } = planned({ attacks: [miFace, revealer, plg] });
    const inputs = cells[0]?.attacks.map(({ attack }) => kindsOf(attack.key));
    expect(inputs).toEqual([['train'], ['train', 'train-generator'], ['train', 'train-generator']]);
  });

  it('is measured by a judge that is not the target, and by what the target says of auxiliary data', () => {
    const { cells, kindsOf, tasks, of } = planned({ attacks: [miFace] });
    const [one] = cells[0]?.attacks ?? [];
    expect(kindsOf(one?.evaluation.key ?? '')).toEqual(['invert', 'train', 'judge', 'query']);
    const judge = tasks.find(({ label }) => label === 'train judge');
    expect(judge?.params).toMatchObject({ on: { half: 0, of: 'roles' } });
    expect(judge?.key).not.toBe(cells[0]?.target.train.key);
    expect(
      of('query')
        .map(({ params }) => (params as { set: string }).set)
        .sort(),
    ).toEqual(['candidates', 'population']);
  });
});

describe('what is shared', () => {
  it('is the judge, by all attacks on records with these roles', () => {
    const { of } = planned({ attacks: [miFace, revealer, plg] }, {
      attacks: [miFace],
      model: 'logistic-regression',
    } as never);
    expect(of('judge')).toHaveLength(1);
    expect(of('train').filter(({ label }) => label.startsWith('train judge'))).toHaveLength(1);
  });

  it('is a generator that knows nothing of the target, by every target', () => {
    const { of } = planned(
      { attacks: [revealer] },
      { attacks: [revealer], defense: { name: 'l2', params: { lambda: 0.01 } } },
    );
    expect(of('invert')).toHaveLength(2);
    expect(of('train-generator')).toHaveLength(1);
  });

  it('is no generator that the target guided', () => {
    const { of } = planned(
      { attacks: [plg] },
      { attacks: [plg], defense: { name: 'l2', params: { lambda: 0.01 } } },
    );
    const generators = of('train-generator');
    expect(generators).toHaveLength(2);
    expect(new Set(generators.flatMap(({ inputs }) => inputs)).size).toBe(2);
  });

  it('is no generator of another recipe, or of another split', () => {
    const short = attackChoice('inversion/secret-revealer', { ganEpochs: 3 });
    expect(planned({ attacks: [revealer, short] }).of('train-generator')).toHaveLength(2);
    expect(
      planned({ attacks: [revealer] }, { attacks: [revealer], seed: 5 }).of('train-generator'),
    ).toHaveLength(2);
    const longer = attackChoice('inversion/secret-revealer', { steps: 7 });
    expect(planned({ attacks: [revealer, longer] }).of('train-generator')).toHaveLength(1);
  });
});
