/** What every defence must be, whichever are in the registry. */
import { describe, expect, it } from 'vitest';
import { learnerOptions, logitsOf, noise, sameFile } from '../../test/defenses/small-learner.ts';
import { trainModel } from '../models/train-model.ts';
import { CHANGES, type LearnerOptions } from './defense.ts';
import { freshNetwork } from './learn-network.ts';
import { defenseOf, defenses } from './registry.ts';

const all = Object.entries(defenses);
const learners = all.filter(([, defense]) => defense.configure().learner);

const settings = {
  rows: learnerOptions(),
  pictures: learnerOptions({ architecture: 'resnet', data: noise([1, 8, 8]) }),
};
const teachers = new Map<LearnerOptions, Promise<LearnerOptions['teacher']>>();
const teacherOf = (options: LearnerOptions) => {
  const found = teachers.get(options) ?? trainModel(options).then(({ model }) => model);
  teachers.set(options, found);
  return found;
};

describe.each(all)('defence %s', (name, defense) => {
  it('describes itself in few words', () => {
    expect(defense.name).toBe(name);
    expect(defenseOf(name)).toBe(defense);
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    for (const text of [defense.title, defense.source]) expect(text).toMatch(/^\S.*\S$/);
    expect(defense.title.length).toBeLessThanOrEqual(40);
    expect(defense.source.length).toBeLessThanOrEqual(64);
  });

  it('has a default for every parameter, as JSON, and takes what it says back', () => {
    const { params } = defense.configure();
    expect(JSON.parse(JSON.stringify(params))).toEqual(params);
    expect(defense.configure({}).params).toEqual(params);
    expect(defense.configure(params).params).toEqual(params);
  });

  it('refuses what is no parameter of it', () => {
    for (const wrong of [{ nonsense: 1 }, 7, null, []])
      expect(() => defense.configure(wrong)).toThrow(expect.objectContaining({ code: 'MLD_USAGE' }));
  });

  it('says what it changes', () => {
    const { harden, learner, output } = defense.configure();
    const { recipe } = settings.rows;
    const changes = new Set<string>(defense.changes);
    expect(changes.size).toBe(defense.changes.length);
    expect(CHANGES).toEqual(expect.arrayContaining([...changes]));
    expect(changes.has('output')).toBe(output !== undefined);
    const trains = learner !== undefined || JSON.stringify(harden(recipe)) !== JSON.stringify(recipe);
    expect(changes.has('training') || changes.has('architecture')).toBe(trains);
    expect(JSON.parse(JSON.stringify(output ?? null))).toEqual(output ?? null);
  });
});

describe.each(learners)('what learns under %s', (_, defense) => {
  const learner = defense.configure().learner!;
  const given = async (options: LearnerOptions): Promise<LearnerOptions> => {
    const teacher = learner.teacher ? await teacherOf(options) : undefined;
    return teacher ? { ...options, teacher } : options;
  };

  it.each(Object.entries(settings))('is a model of a small set of %s', async (_kind, from) => {
    const options = await given(from);
    const { architecture, data, records, recipe } = options;
    const facts = {
      ...{ architecture, recipe, records: records.length, classes: data.classes.length },
      build: () => freshNetwork(options),
    };
    learner.check(facts);
    for (const note of learner.notes(facts)) expect(note).toMatch(/^\S.*[.!?]$/);
    expect(learner.work).toBeGreaterThan(0);

    const told: number[] = [];
    const { model, parameters, losses, steps } = await learner.train({
      ...options,
      progress: ({ fraction }) => told.push(fraction),
    });
    expect(model.inputs.map(({ name, shape }) => [name, shape])).toEqual([['x', ['N', ...data.recordShape]]]);
    expect([...model.outputs.keys()]).toEqual(['logits']);
    const logits = await logitsOf(model, data);
    expect(logits.dims).toEqual([data.size, 3]);
    expect((logits.data as Float32Array).every(Number.isFinite)).toBe(true);
    expect(parameters).toBeGreaterThan(100);
    expect(steps).toBeGreaterThan(0);
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(told.length).toBeGreaterThan(0);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
  });

  it('is the same bits each time, another with another seed, and stops when told to', async () => {
    const options = await given(settings.rows);
    const { model } = await learner.train(options);
    expect(sameFile((await learner.train(options)).model, model)).toBe(true);
    expect(sameFile((await learner.train({ ...options, seed: 1 })).model, model)).toBe(false);
    await expect(
      (async () => learner.train({ ...options, signal: AbortSignal.abort() }))(),
    ).rejects.toSatisfy(({ name, code }) => name === 'AbortError' || /^(OG|MLD)_ABORTED$/.test(code));
  });
});
