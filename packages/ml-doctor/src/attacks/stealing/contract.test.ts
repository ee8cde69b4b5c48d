/** What every stealing attack keeps to, whichever it is. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../data/catalog/catalog.ts';
import { OUTPUTS, shortfall } from '../../targets/threat-model.ts';
import { stealingAttacks } from './registry.ts';

describe.each(Object.values(stealingAttacks))('$name', ({ name, configure, source }) => {
  it('has defaults, and settles what is settled to the same', () => {
    const { params } = configure();
    expect(configure(params).params).toEqual(params);
    expect(JSON.parse(JSON.stringify(params))).toEqual(params);
  });

  it('needs answers and nothing else, and reads no more of them than it needs', () => {
    const { needs, reply } = configure();
    expect(needs).toMatchObject({ access: 'black-box', record: 'none' });
    expect(reply.output).toBe(needs.output);
    // A target that answers with labels is refused before anything runs where posteriors are read.
    expect(shortfall(needs, { access: 'white-box', output: 'label' })).toMatchObject({ part: 'output' });
    expect(shortfall(needs, { access: 'black-box', output: 'posteriors' })).toBeUndefined();
  });

  it('takes ascending budgets from 1, and no others', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2, max: 6 }), { maxLength: 4 }), (budgets) => {
        const fine =
          budgets.length > 0 &&
          budgets.every((budget, i) => budget >= 1 && (i === 0 || budget > (budgets[i - 1] as number)));
        const act = () => configure({ budgets });
        if (fine) expect(act().budgets).toEqual(budgets);
        else expect(act).toThrow(expect.objectContaining({ code: 'MLD_USAGE' }));
      }),
    );
    expect(() => configure({ budgets: [1.5] })).toThrow(/budgets/);
    expect(() => configure({ budgets: [1e12] })).toThrow(/budgets/);
  });

  it('takes the price of a query into no answer and no training', () => {
    const [plain, priced] = [configure(), configure({ pricePerQuery: 0, queriesPerSecond: 2.5 })];
    expect(priced.price).toEqual({ perQuery: 0, queriesPerSecond: 2.5 });
    expect(plain.price).toEqual({});
    expect([priced.method, priced.reply]).toEqual([plain.method, plain.reply]);
  });

  it('passes on how the target answers', () => {
    const { reply } = configure({ digits: 2, temperature: 4 });
    expect(reply).toEqual({ output: 'posteriors', digits: 2, temperature: 4 });
    expect(configure().reply).toEqual({ output: 'posteriors' });
  });

  it.each([
    { digits: -1 },
    { digits: 8 },
    { temperature: 0 },
    { pricePerQuery: -1 },
    { queriesPerSecond: 0 },
    { architecture: 'random-forest' },
    { unheardOf: 1 },
  ])('refuses %o', (params) => {
    expect(() => configure(params)).toThrow(expect.objectContaining({ code: 'MLD_USAGE' }));
  });

  it('has a source that fits its line', () => {
    expect(source.length).toBeLessThanOrEqual(64);
    expect(name).toMatch(/^stealing\//);
  });
});

describe.each(['stealing/posterior-matching', 'stealing/knockoff'] as const)(
  '%s, by what an answer shows',
  (name) => {
    const { configure } = stealingAttacks[name];

    it('needs what it reads', () => {
      for (const output of OUTPUTS) {
        const { needs, reply } = configure({ output });
        expect(needs.output).toBe(output);
        expect(reply).toEqual(output === 'topK' ? { output, k: 3 } : { output });
      }
      expect(configure({ output: 'topK', k: 5 }).reply).toEqual({ output: 'topK', k: 5 });
    });

    it('refuses options that would say nothing', () => {
      expect(() => configure({ k: 3 })).toThrow(/k\b.*topK|topK/);
      expect(() => configure({ budgets: [9], selection: 'uncertainty' })).toThrow(/one budget only/);
      expect(configure({ budgets: [9, 10], selection: 'k-centre' }).budgets).toEqual([9, 10]);
      expect(() => configure({ output: 'label', digits: 2 })).toThrow(/digits/);
      expect(() => configure({ output: 'label', temperature: 2 })).toThrow(/temperature/);
    });
  },
);

describe('what is asked about', () => {
  it('is the attacker’s own data: like the target’s, of the target, of another kind, or none', () => {
    const { 'stealing/posterior-matching': matching, 'stealing/knockoff': knockoff } = stealingAttacks;
    expect(matching.configure().needs.auxiliary).toBe('shadow');
    expect(matching.configure({ auxiliary: 'partial' })).toMatchObject({
      needs: { auxiliary: 'partial' },
      method: { pool: { kind: 'partial' } },
    });
    expect(knockoff.configure().needs).toMatchObject({ auxiliary: 'none', inputs: 'any' });
    for (const pool of Object.keys(catalog))
      expect(knockoff.configure({ pool, resize: true })).toMatchObject({
        needs: { auxiliary: 'other', inputs: 'any' },
        method: { pool: { kind: 'other', data: pool, resize: true } },
      });
    expect(() => knockoff.configure({ resize: true })).toThrow(/resize/);
    expect(stealingAttacks['stealing/data-free'].configure().needs.auxiliary).toBe('none');
  });

  it('is learnt from as the papers say', () => {
    const { 'stealing/posterior-matching': matching, 'stealing/knockoff': knockoff } = stealingAttacks;
    const liu = { epochs: 50, batchSize: 64, learningRate: 0.01, momentum: 0.9, weightDecay: 0 };
    expect(matching.configure().method).toMatchObject({
      selection: 'random',
      student: { ...liu, loss: 'kl' },
    });
    // The paper's own loss.
    expect(matching.configure({ loss: 'mse' }).method).toMatchObject({ student: { ...liu, loss: 'mse' } });
    expect(knockoff.configure().method).toMatchObject({ selection: 'random', student: { loss: 'kl' } });
  });
});
