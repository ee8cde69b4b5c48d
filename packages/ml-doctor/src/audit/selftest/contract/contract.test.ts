/** The contract is seen to be broken by attacks that break it, each in its own way. */

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lossThreshold } from '../../../attacks/membership/loss-threshold/loss-threshold.ts';
import {
  type AttackInput,
  type AttackScores,
  type MembershipAttack,
  membershipAttack,
} from '../../../attacks/membership/membership-attack.ts';
import { dataFree } from '../../../attacks/stealing/data-free/data-free.ts';
import { knockoff } from '../../../attacks/stealing/knockoff/knockoff.ts';
import { posteriorMatching } from '../../../attacks/stealing/posterior-matching/posterior-matching.ts';
import { labelSmoothing } from '../../../defenses/label-smoothing/label-smoothing.ts';
import type { WhiteBoxAccess } from '../../../targets/access.ts';
import { attributeCases } from '../cases/attribute.ts';
import { inversionCases } from '../cases/inversion.ts';
import type { Check } from '../check.ts';
import { runChecks } from '../run-selftest.ts';
import { attributeContract } from './attribute-contract.ts';
import { defenseContract } from './defense-contract.ts';
import { definitionContract } from './definition-contract.ts';
import { inversionContract } from './inversion-contract.ts';
import { membershipContract } from './membership-contract.ts';
import { stealingContract } from './stealing-contract.ts';

const { signal } = new AbortController();

const failing = async (checks: readonly Check[]): Promise<string[]> => {
  const results = await runChecks([{ name: 'all', checks }], signal, () => {});
  return results.filter(({ ok }) => !ok).map(({ name }) => name);
};

type Input = AttackInput<WhiteBoxAccess>;

/** The loss threshold, with something done to it. */
const changed = (
  change: (
    found: AttackScores,
    input: Input,
    progress: (share: number) => void,
  ) => AttackScores | Promise<AttackScores>,
): MembershipAttack => ({
  ...lossThreshold,
  configure: (params) => {
    const configured = lossThreshold.configure(params);
    return {
      ...configured,
      run: async (input, context) => change(await configured.run(input, context), input, context.progress),
    };
  },
});
let calls = 0;

describe('membership', () => {
  it.each([
    ['gives too few scores', ({ scores }) => ({ scores: scores.slice(1) }), [/^gives one finite score/]],
    [
      'gives no number',
      ({ scores }) => ({ scores: scores.map((score, i) => (i === 3 ? Number.NaN : score)) }),
      [/^gives one finite score/],
    ],
    [
      'depends on more than its seed',
      ({ scores }) => {
        calls++;
        return { scores: scores.map((score) => score + calls) };
      },
      [/^gives one finite score/, /^scores records/],
    ],
    [
      'goes by the position',
      ({ scores }) => ({ scores: scores.map((score, i) => score + 1e-3 * i) }),
      [/^scores records/],
    ],
    [
      'accuses everybody',
      ({ scores }) => ({ scores, threshold: -1e9 }),
      [/^finds what/, /^chooses a threshold/],
    ],
    [
      'is turned round',
      ({ scores }) => ({ scores: scores.map((score) => -score) }),
      [/^finds what a lookup/],
    ],
    [
      'goes backwards',
      (found, _, progress) => {
        progress(0.5);
        progress(0.4);
        return found;
      },
      [/^reports progress/],
    ],
    [
      'is never done',
      (found, _, progress) => {
        progress(0.5);
        return found;
      },
      [/^reports progress/],
    ],
  ] as [string, Parameters<typeof changed>[0], RegExp[]][])(
    'sees an attack that %s',
    async (_, change, names) => {
      const failed = await failing(membershipContract({ attack: changed(change) }));
      for (const name of names) expect(failed).toContainEqual(expect.stringMatching(name));
    },
  );

  it('sees an attack that reaches for the weights of a target that it may only ask', async () => {
    const attack = membershipAttack({
      name: 'membership/greedy',
      title: 'Greedy',
      source: 'Nobody, 2024',
      params: z.strictObject({}),
      needs: () => ({ access: 'black-box', auxiliary: 'none', output: 'posteriors', record: 'xy' }),
      references: () => ({ count: 0, pool: { kind: 'disjoint' } }),
      run: async ({ target, records }) => {
        const { nodes } = (target as unknown as WhiteBoxAccess).model;
        return { scores: new Float64Array(records.ids.length).fill(nodes.length) };
      },
    });
    const failed = await failing(membershipContract({ attack }));
    expect(failed).toContainEqual(expect.stringMatching(/^reaches for nothing/));
  });

  it('sees an attack that asks nothing', async () => {
    const attack = membershipAttack({
      name: 'membership/lazy',
      title: 'Lazy',
      source: 'Nobody, 2024',
      params: z.strictObject({}),
      needs: () => ({ access: 'black-box', auxiliary: 'none', output: 'label', record: 'xy' }),
      references: () => ({ count: 0, pool: { kind: 'disjoint' } }),
      run: async ({ records }) => ({ scores: new Float64Array(records.ids.length) }),
    });
    expect(await failing(membershipContract({ attack }))).toEqual([
      expect.stringMatching(/^reaches for nothing/),
      expect.stringMatching(/^finds what/),
    ]);
  });

  it('sees an attack that wants models without data to train them on', async () => {
    const attack: MembershipAttack = {
      ...lossThreshold,
      configure: () => {
        const configured = lossThreshold.configure();
        return { ...configured, needs: { ...configured.needs, auxiliary: 'none' } };
      },
    };
    expect(await failing(membershipContract({ attack }).slice(0, 1))).toHaveLength(1);
  });
});

describe('definitions', () => {
  it('hold of an attack, and are seen to be broken', async () => {
    expect(await failing(definitionContract(lossThreshold))).toEqual([]);
    expect(await failing(definitionContract({ ...lossThreshold, title: ' ' }))).toEqual([
      expect.stringMatching(/^has a title/),
    ]);
    expect(await failing(definitionContract({ ...lossThreshold, source: 'Somebody' }))).toHaveLength(1);
    const lenient = { ...lossThreshold, configure: () => lossThreshold.configure() };
    expect(await failing(definitionContract(lenient))).toEqual([expect.stringMatching(/^refuses/)]);
    const forgetful: MembershipAttack = {
      ...lossThreshold,
      configure: (params) => ({
        ...lossThreshold.configure(params),
        params: params === undefined ? { auxiliary: 'none' } : { auxiliary: 'shadow' },
      }),
    };
    expect(await failing(definitionContract(forgetful))).toContainEqual(
      expect.stringMatching(/^has complete/),
    );
  });
});

describe('attribute inference', () => {
  const [one] = attributeCases.filter(({ params }) => params?.['method'] === 'confidence');
  const broken = (change: (predicted: ArrayLike<number>) => number[]) =>
    attributeContract({
      ...one!,
      attack: {
        ...one!.attack,
        configure: (params) => {
          const configured = one!.attack.configure(params);
          return {
            ...configured,
            run: async (input, context) => {
              const found = await configured.run(input, context);
              return { ...found, predicted: Int32Array.from(change(found.predicted)) };
            },
          };
        },
      },
    });

  it('sees guesses that are wrong, none, or go by the position', async () => {
    expect(await failing(broken((all) => Array.from(all, (v) => (v + 1) % 3)))).toContainEqual(
      expect.stringMatching(/^finds what/),
    );
    expect(await failing(broken((all) => Array.from(all, () => 7)))).toContainEqual(
      expect.stringMatching(/^guesses every/),
    );
    expect(await failing(broken((all) => Array.from(all, (v, i) => (i < 5 ? 0 : v))))).toContainEqual(
      expect.stringMatching(/^guesses the same/),
    );
  });
});

describe('inversion', () => {
  it('sees reconstructions of another class, and a confidence that is not the target’s', async () => {
    const [one] = inversionCases;
    const attack: NonNullable<typeof one>['attack'] = {
      ...one!.attack,
      configure: (params) => {
        const configured = one!.attack.configure(params);
        return {
          ...configured,
          run: async (input, context) => {
            const found = await configured.run(input, context);
            return { ...found, values: found.starts, confidence: found.confidence.map((value) => value / 2) };
          },
        };
      },
    };
    const failed = await failing(inversionContract({ ...one!, attack }).slice(0, 3));
    expect(failed).toEqual([expect.stringMatching(/^tells the conf/), expect.stringMatching(/^comes near/)]);
  });
});

describe('stealing', () => {
  it.each([knockoff, posteriorMatching, dataFree])('holds of $name', async (attack) => {
    expect(await failing(stealingContract({ attack }))).toEqual([]);
  });

  it('sees one that reads more than it needs, or takes any budget', async () => {
    const greedy: typeof knockoff = {
      ...knockoff,
      configure: (params) => {
        const { budgets = [1, 5, 6], ...rest } = (params ?? {}) as { budgets?: number[] };
        const configured = knockoff.configure(rest);
        return { ...configured, budgets, needs: { ...configured.needs, output: 'label' } };
      },
    };
    expect(await failing(stealingContract({ attack: greedy }))).toEqual([
      expect.stringMatching(/^needs answers/),
      expect.stringMatching(/^takes ascending/),
    ]);
  });
});

describe('defences', () => {
  const changedLearner = (seed: (given: number) => number) =>
    defenseContract({
      defense: {
        ...labelSmoothing,
        configure: (params) => {
          const configured = labelSmoothing.configure(params);
          const { learner } = configured;
          if (!learner) throw new Error('no learner');
          return {
            ...configured,
            learner: {
              ...learner,
              train: (options) => learner.train({ ...options, seed: seed(options.seed) }),
            },
          };
        },
      },
      settings: ['rows'],
    });

  it('sees one that says it changes something else, and trainings that the seed does not settle', async () => {
    const silent = { ...labelSmoothing, changes: ['output'] as const };
    expect(await failing(defenseContract({ defense: silent, settings: ['rows'] }).slice(0, 1))).toHaveLength(
      1,
    );
    expect(await failing(changedLearner((seed) => seed))).toEqual([]);
    expect(await failing(changedLearner(() => 3))).toEqual([expect.stringMatching(/^trains the same bits/)]);
    expect(await failing(changedLearner((seed) => seed + calls++))).toEqual([
      expect.stringMatching(/^trains the same bits/),
    ]);
  });
});
