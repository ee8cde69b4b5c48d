/** What a run sends, over plans by hand: a record counts once, and only where the audited model is asked about it. */
import { describe, expect, it } from 'vitest';
import { madePictures } from '../../../test/audit/made-pictures.ts';
import { attackChoice } from '../../../test/audit/tiny-audit.ts';
import { type NamedSet, recordsIn } from '../../study/kinds/record-sets.ts';
import type { Task } from '../../study/task.ts';
import type { PreparedRun } from '../prepare-run.ts';
import { remoteCost } from './remote-cost.ts';

const sizes = { members: 120, nonMembers: 80, auxiliary: 100 };
const data = madePictures({ size: 300 });
/** What is asked twice to see whether answers vary. */
const DRIFT = 5;

const task = (key: string, kind: string, more: Partial<Task>): Task =>
  ({ key, kind, label: key, inputs: [], params: {}, ...more }) as Task;

const query = (key: string, model: string, set: NamedSet, units = 0): Task =>
  task(key, 'query', {
    inputs: [model],
    params: { data: { id: data.id }, split: { seed: 1, sizes }, set },
    effort: { units } as NonNullable<Task['effort']>,
  });

const attack = (attack: string, given: Record<string, unknown> = {}): Task =>
  task(attack, 'attack', { params: { attack, params: attackChoice(attack, given).params as never } });

const connection = (key: string, target: string) => task(key, 'connect', { params: { target } });

const costOf = (
  missing: readonly Task[],
  finished: readonly Task[] = [],
  answered: readonly number[] = [],
) => {
  const tasks = [
    connection('model', 'target'),
    connection('trained-a', 'service-model:a'),
    connection('trained-b', 'service-model:b'),
    ...finished,
    ...missing,
  ];
  const prepared = {
    plan: { tasks },
    cells: [{ target: { train: { key: 'model' } } }],
    datasets: new Map([[data.id, data]]),
  } as unknown as PreparedRun;
  return remoteCost(prepared, missing, {
    // The first two pixels are the number of the picture.
    unanswered: ({ values, rows }) =>
      new Set(
        Array.from(
          { length: rows },
          (_, i) => (values[i * 16] as number) + 256 * (values[i * 16 + 1] as number),
        )
          .filter((record) => !answered.includes(record))
          .map(String),
      ),
  });
};

describe('the cost of a run', () => {
  it('is each record once, and what is asked twice', () => {
    expect(costOf([query('a', 'model', 'candidates')])).toMatchObject({ known: 200, records: 200 + DRIFT });
    expect(costOf([query('a', 'model', 'candidates'), query('b', 'model', 'roles')])).toMatchObject({
      known: 300,
      records: 300 + DRIFT,
    });
  });

  it('leaves out what is answered, finished, or asked of other models', () => {
    const kept = [...recordsIn('candidates', data.size, { seed: 1, sizes })].slice(0, 50);
    expect(costOf([query('a', 'model', 'candidates')], [], kept).known).toBe(150);
    expect(costOf([query('a', 'model', 'population')], [query('b', 'model', 'roles')]).known).toBe(100);
    expect(costOf([query('a', 'shadow', 'roles')])).toMatchObject({ known: 0, records: 0 });
  });

  it('holds records that are made up', () => {
    expect(costOf([query('a', 'model', 'all', 70), query('b', 'model', 'population')]).known).toBe(170);
  });

  it('names attacks that ask more, and is not nothing with them alone', () => {
    const cost = costOf([
      attack('membership/label-only', { method: 'boundary' }),
      attack('membership/loss-threshold'),
    ]);
    expect(cost).toMatchObject({ known: 0, records: DRIFT, open: ['membership/label-only'] });
  });

  it('counts the models that a service still has to train, each once', () => {
    const both = [query('a', 'trained-a', 'population', 100), query('b', 'trained-a', 'candidates', 200)];
    expect(costOf(both)).toMatchObject({ known: 0, trainings: 1, atTrained: 300 });
    expect(costOf([...both, query('c', 'trained-b', 'population', 100)])).toMatchObject({
      trainings: 2,
      atTrained: 400,
    });
  });
});
