import { describe, expect, it } from 'vitest';
import { bench, context } from '../../../audit/selftest/bench/membership-bench.ts';
import { savedOutputs } from '../../../targets/saved-outputs.ts';
import type { AttackInput, Reference } from '../membership-attack.ts';
import { rmia } from './rmia.ts';

/** Answers of two classes with these posteriors of class 0, for records 0, 1, 2, … */
const answers = (posteriors: readonly number[]) =>
  savedOutputs({
    ids: Uint32Array.from(posteriors.keys()),
    logits: Float32Array.from(posteriors.flatMap((p) => [Math.log(p), Math.log(1 - p)])),
    classes: 2,
  });
const records = (...ids: number[]) => ({ ids: Uint32Array.from(ids), labels: new Int32Array(ids.length) });
const reference = (posteriors: readonly number[], members: number[], nonMembers: number[]): Reference => ({
  model: answers(posteriors),
  members: records(...members),
  nonMembers: records(...nonMembers),
});

describe('rmia', () => {
  it('asks for what its parameters name, and refuses what cannot be', () => {
    expect(rmia.configure()).toMatchObject({
      params: { mode: 'online', references: 4, gamma: 2, a: 'tuned' },
      references: { count: 4, pool: { kind: 'with-candidates' }, asked: ['candidates', 'population'] },
      asks: { population: true },
    });
    const offline = rmia.configure({ mode: 'offline', references: 1, a: 0.5 });
    expect(offline.references).toMatchObject({ count: 1, pool: { kind: 'disjoint' } });
    const refusal = (name: string) =>
      expect.objectContaining({ code: 'MLD_USAGE', message: expect.stringContaining(`→ at ${name}`) });
    expect(() => rmia.configure({ references: 3 })).toThrow(refusal('references'));
    expect(() => rmia.configure({ a: 0.3 })).toThrow(refusal('a'));
    expect(() => rmia.configure({ mode: 'offline', a: 1.1 })).toThrow(refusal('a'));
    expect(() => rmia.configure({ gamma: 0.5 })).toThrow(refusal('gamma'));
  });

  it('on a case by hand, offline with one reference', async () => {
    // Records 0 and 1 are candidates, 2 to 5 population; the reference was trained on 4 and 5.
    const input = {
      target: answers([0.9, 0.5, 0.5, 0.25, 0.9, 0.9]),
      records: records(0, 1),
      references: [reference([0.5, 0.5, 0.5, 0.5, 0.9, 0.9], [4, 5], [2, 3])],
      population: records(2, 3, 4, 5),
    } as unknown as AttackInput<never>;
    const run = (gamma: number) =>
      rmia.configure({ mode: 'offline', references: 1, gamma, a: 1 }).run(input as never, context);
    // p(x) = P_out = .5 throughout: ratios 1.8 and 1 against 1 and .5 of records 2 and 3; 4 and 5 have no P_out.
    const { scores, threshold } = await run(1.5);
    expect([...scores]).toEqual([1, 0.5]);
    expect(threshold).toBe(0.5);
    expect([...(await run(2.5)).scores]).toEqual([0.5, 0]);
  });

  it('is finite, and no evidence, where all models give a posterior of 0', async () => {
    const input = {
      target: answers([0, 0.5]),
      records: records(0),
      references: [reference([0, 0.5], [], [1])],
      population: records(1),
    } as unknown as AttackInput<never>;
    const { scores } = await rmia
      .configure({ mode: 'offline', references: 1, gamma: 1, a: 1 })
      .run(input as never, context);
    expect([...scores]).toEqual([0]);
    const denied = {
      ...input,
      references: [reference([0.5, 0.5], [], [1])],
    } as unknown as AttackInput<never>;
    const { scores: none } = await rmia
      .configure({ mode: 'offline', references: 1, gamma: 1, a: 1 })
      .run(denied as never, context);
    expect([...none]).toEqual([0]);
  });

  it('online tells a record learnt by heart from others, at every γ below 10', async () => {
    // p = .9999 where a model was trained on a record, .1 elsewhere. Of the population nobody knows anything:
    // p(z) = ((1 + a) .1 + 1 − a) / 2 = .55 with the a that the candidates imply, as p(x) = (.9999 + .1) / 2.
    const known = (...members: number[]) => [0, 1, 2, 3].map((id) => (members.includes(id) ? 0.9999 : 0.1));
    const input = {
      target: answers(known(0)),
      records: records(0, 1),
      references: [
        reference(known(0), [0], [1]),
        reference(known(1), [1], [0]),
        reference(known(0), [0], [1]),
        reference(known(1), [1], [0]),
      ],
      population: records(2, 3),
    } as unknown as AttackInput<never>;
    for (const gamma of [1, 2, 9.9]) {
      const { scores } = await rmia.configure({ gamma }).run(input as never, context);
      expect([...scores]).toEqual([1, 0]);
    }
    const { scores } = await rmia.configure({ gamma: 10.1 }).run(input as never, context);
    expect([...scores]).toEqual([0, 0]);
  });

  it('tunes a on a reference model, and says what it took', async () => {
    const attack = rmia.configure({ mode: 'offline', references: 4 });
    const { input, close } = await bench(attack, { seed: 2, leak: 'leaky', size: 60 });
    const tuned = await attack.run(input, context);
    const note = tuned.notes?.[0] ?? '';
    const a = Number(/^a = ([\d.]+),/.exec(note)?.[1]);
    const same = await rmia.configure({ mode: 'offline', references: 4, a }).run(input, context);
    const other = await rmia
      .configure({ mode: 'offline', references: 4, a: a > 0.5 ? 0 : 1 })
      .run(input, context);
    await close();
    expect(same.scores).toEqual(tuned.scores);
    expect(same.threshold).toBe(tuned.threshold);
    expect(other.scores).not.toEqual(tuned.scores);
  });

  it('says when there is nothing to tune or to choose a threshold on', async () => {
    const attack = rmia.configure({ mode: 'offline', references: 2 });
    const { input, close } = await bench(attack, { seed: 2, leak: 'leaky', size: 30 });
    const { threshold, notes } = await attack.run(input, context);
    await close();
    expect(threshold).toBe(0.5);
    expect(notes?.join(' ')).toMatch(/a = 0\.3.*too few to choose a threshold/);
  });
});
