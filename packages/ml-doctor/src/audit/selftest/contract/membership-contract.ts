/** What every membership attack must do, whatever its method: on models of known leakage, with everything it asks for. */

import { stream } from 'onnx-grad';
import type { AttackInput, AttackScores } from '../../../attacks/membership/membership-attack.ts';
import { evaluateMembership, type MembershipMetrics } from '../../../evaluate/membership.ts';
import type { Counted, WhiteBoxAccess } from '../../../targets/access.ts';
import { type BenchOptions, bench, context } from '../bench/membership-bench.ts';
import { type Check, check, firstDifference, isAbort } from '../check.ts';
import type { ContractCase } from '../contract-case.ts';
import { watched } from '../watched.ts';

type Input = AttackInput<WhiteBoxAccess>;

interface Attacked extends AttackScores {
  readonly input: Input;
  readonly truth: Uint8Array;
}

interface Changes {
  readonly input?: (input: Input) => Input;
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly progress?: (fraction: number) => void;
}

/** Runs an attack on a bench, its input changed or not. */
export const attackBench = async (
  { attack, params, bench: kind }: ContractCase,
  options: Omit<BenchOptions, 'features'>,
  { input: change = (input) => input, seed = 0, ...rest }: Changes = {},
): Promise<Attacked> => {
  const configured = attack.configure(params);
  const { input, truth, close } = await bench(configured, { ...kind, ...options });
  try {
    const changed = change(input);
    return { ...(await configured.run(changed, { ...context, seed, ...rest })), input: changed, truth };
  } finally {
    await close();
  }
};

export const judged = ({ input, truth, scores, threshold }: Attacked): MembershipMetrics => {
  const { ids } = input.records;
  return evaluateMembership({ ids, scores, ...(threshold !== undefined && { threshold }) }, truth).metrics;
};

/** Of five 95 % intervals more than two miss with probability .0012 over a redraw of the seeds. */
const [NULL_RUNS, NULL_MISSES] = [5, 2];
const GUESSING = 0.5;

export const membershipContract = (one: ContractCase): readonly Check[] => [
  check('wants models of its own only where it has data to train them on', (findings) => {
    const { needs, references } = one.attack.configure(one.params);
    // Made-up records need no data, and an owner who audits his training has his own.
    if (references.count > 0 && !['synthetic', 'canaries'].includes(references.pool.kind))
      findings.must(
        ['shadow', 'other'].includes(needs.auxiliary),
        'auxiliary shadow or other',
        needs.auxiliary,
      );
  }),
  check(
    'reaches for nothing but what its threat model allows, and its queries are counted',
    async (findings, signal) => {
      // The limited object has no such property at all.
      const { input } = await attackBench(
        one,
        { seed: 1, leak: 'leaky', size: 40 },
        {
          input: (given) => ({ ...given, target: watched(given.target as WhiteBoxAccess & Counted) }),
          signal,
        },
      );
      const { queries } = input.target;
      if (one.attack.configure(one.params).references.pool.kind === 'canaries')
        findings.must(queries === 0, 'no query', queries);
      else
        findings.must(
          queries >= input.records.ids.length,
          `${input.records.ids.length} queries or more`,
          queries,
        );
    },
  ),
  check(
    'gives one finite score a record, the same for the same seed, and a threshold that is a number',
    async (findings, signal) => {
      const again = () => attackBench(one, { seed: 5, leak: 'leaky', size: 40 }, { seed: 9, signal });
      const first = await again();
      const { length } = first.input.records.ids;
      findings.must(first.scores.length === length, `${length} scores`, first.scores.length);
      const odd = first.scores.findIndex((score) => !Number.isFinite(score));
      findings.must(odd < 0, 'finite scores', `${first.scores[odd]} at place ${odd}`);
      findings.must(!Number.isNaN(first.threshold ?? 0), 'a threshold that is a number', first.threshold);
      const second = await again();
      const difference = firstDifference(first.scores, second.scores);
      findings.must(difference === undefined, 'the same scores again', difference);
      findings.must(
        second.threshold === first.threshold,
        `threshold ${first.threshold} again`,
        second.threshold,
      );
    },
  ),
  check('scores records, not positions', async (findings, signal) => {
    const options = { seed: 4, leak: 'leaky', size: 60 } as const;
    const { scores, threshold, input } = await attackBench(one, options, { signal });
    const order = stream(4, 'order').permutation(input.records.ids.length);
    const shuffled = await attackBench(one, options, {
      input: (given) => ({
        ...given,
        records: {
          ids: Uint32Array.from(order, (i) => given.records.ids[i]!),
          labels: Int32Array.from(order, (i) => given.records.labels[i]!),
        },
      }),
      signal,
    });
    // Sums over batches of other records may round otherwise.
    const wrong = shuffled.scores.findIndex(
      (score, i) => !(Math.abs(score - scores[order[i]!]!) <= 1e-9 * Math.max(1, Math.abs(score))),
    );
    findings.must(
      wrong < 0,
      `score ${scores[order[wrong] ?? 0]} of a record in whatever place`,
      shuffled.scores[wrong],
    );
    findings.must(
      shuffled.threshold === threshold,
      `threshold ${threshold} in any order`,
      shuffled.threshold,
    );
  }),
  check('reports progress from 0 to 1, if any', async (findings, signal) => {
    const told: number[] = [];
    const progress = (fraction: number) => void told.push(fraction);
    await attackBench(one, { seed: 6, leak: 'leaky', size: 40 }, { progress, signal });
    findings.must(
      told.every((share, i) => share > 0 && share <= 1 && share >= (told[i - 1] ?? 0)),
      'ascending shares above 0 and up to 1',
      told.join(),
    );
    if (told.length > 0) findings.must(told.at(-1) === 1, 'the last share to be 1', told.at(-1));
  }),
  check('ends with an error of abortion, if it can be stopped', async (findings) => {
    let failure: unknown;
    await attackBench(one, { seed: 6, leak: 'leaky', size: 40 }, { signal: AbortSignal.abort() }).catch(
      (error: unknown) => {
        failure = error;
      },
    );
    // What takes a moment may be done before it looks.
    findings.must(failure === undefined || isAbort(failure), 'an AbortError or a result', failure);
  }),
  ...(one.blind === undefined
    ? [
        check('finds what a lookup model leaks', async (findings, signal) => {
          const found = judged(await attackBench(one, { seed: 7, leak: 'lookup' }, { signal }));
          findings.must(found.auc.value >= 0.999, 'AUC of .999 or more', found.auc.value);
          if (!found.balancedAccuracy || one.roughThreshold !== undefined) return;
          const { value } = found.balancedAccuracy;
          findings.must(value > 0.9, 'balanced accuracy above .9', value);
          findings.must((found.recall?.value ?? 0) > 0.9, 'recall above .9', found.recall?.value);
        }),
      ]
    : []),
  ...(one.roughThreshold === undefined
    ? [
        check('chooses a threshold nearly as good as the best in hindsight', async (findings, signal) => {
          const found = judged(await attackBench(one, { seed: 8, leak: 'leaky', size: 200 }, { signal }));
          if (!found.balancedAccuracy) return;
          // Both are measured on 400 records: the standard error of a rate is .025.
          const least = found.bestBalancedAccuracy.value - 0.08;
          const { value } = found.balancedAccuracy;
          findings.must(value > least, `balanced accuracy above ${least}`, value);
        }),
      ]
    : []),
  check('finds nothing where nothing is', async (findings, signal) => {
    const missed: string[] = [];
    for (let seed = 100; seed < 100 + NULL_RUNS; seed++) {
      const { auc, balancedAccuracy } = judged(await attackBench(one, { seed, leak: 'null' }, { signal }));
      if (auc.low > GUESSING || auc.high < GUESSING) missed.push(`[${auc.low}, ${auc.high}]`);
      const { value } = balancedAccuracy ?? { value: GUESSING };
      findings.must(Math.abs(value - GUESSING) < 0.2, 'balanced accuracy within .2 of one half', value);
    }
    findings.must(
      missed.length <= NULL_MISSES,
      `at most ${NULL_MISSES} of ${NULL_RUNS} intervals of the AUC without .5`,
      missed.join(' '),
    );
  }),
];
