/** Every membership attack on models that know their records by heart, and on models that never saw them. */

import { lossThreshold } from '../../attacks/membership/loss-threshold/loss-threshold.ts';
import { trainModel } from '../../models/train-model.ts';
import { aucMetric } from '../../stats/auc.ts';
import { normalQuantile } from '../../stats/normal.ts';
import { groupScores } from '../../stats/roc.ts';
import { savedOutputs } from '../../targets/saved-outputs.ts';
import { bare } from './bench/bare-input.ts';
import { context } from './bench/membership-bench.ts';
import { learnerOptions, logitsOf, noise } from './bench/small-learner.ts';
import { builtInCases } from './built-in-cases.ts';
import { type Check, check, type Findings } from './check.ts';
import { attackBench } from './contract/membership-contract.ts';
import { type ContractCase, titleOf } from './contract-case.ts';

/** What is checked; a test puts broken ones in their places. */
export interface Leaks {
  readonly cases: readonly ContractCase[];
  readonly trainModel: typeof trainModel;
}

const SIZE = 100;
/**
 * Over a redraw of every seed, a right installation fails one or more of all null checks with a probability below this:
 * each has its share of it.
 */
export const FALSE_ALARM = 1e-4;

/** The first case of each attack: one for each name. */
export const firstCases = (): readonly ContractCase[] =>
  builtInCases.filter(
    (one, i) => builtInCases.findIndex(({ attack }) => attack.name === one.attack.name) === i,
  );

export const leakChecks = ({
  cases = builtInCases,
  trainModel: train = trainModel,
}: Partial<Leaks> = {}): readonly Check[] => {
  const nulls = cases.length + 1;
  return [
    ...cases.flatMap((one) => [
      ...(one.blind === undefined
        ? [
            check(
              `${titleOf(one)} finds the members of a model that knows them`,
              async (findings, signal) => {
                const { scores, truth } = await attackBench(
                  one,
                  { seed: 7, leak: 'lookup', size: SIZE },
                  { signal },
                );
                const { value, low } = aucMetric(groupScores(scores, truth));
                findings.must(
                  value >= 0.99 && low > 0.5,
                  'AUC of .99 or more, its interval above .5',
                  `${value}, from ${low}`,
                );
              },
            ),
          ]
        : []),
      check(`${titleOf(one)} finds nothing in a model that never saw them`, async (findings, signal) => {
        const { scores, truth } = await attackBench(one, { seed: 100, leak: 'null', size: SIZE }, { signal });
        mustBeChance(findings, scores, truth, nulls);
      }),
    ]),
    check(
      'a network trained on random labels gives its members away, and nobody else',
      async (findings, signal) => {
        const data = noise([24], { size: 3 * SIZE, classes: 3, seed: 5 });
        const options = learnerOptions({
          data,
          records: Uint32Array.from({ length: SIZE }, (_, i) => i),
          signal,
        });
        const { model } = await train({ ...options, recipe: { ...options.recipe, epochs: 60 } });
        const logits = (await logitsOf(model, data)).data as Float32Array;
        const all = Uint32Array.from({ length: data.size }, (_, i) => i);
        const target = savedOutputs({ ids: all, logits, classes: 3 });
        const scored = async (from: number) => {
          const ids = all.slice(from, from + 2 * SIZE);
          const records = { ids, labels: Int32Array.from(ids, (id) => data.y[id]!) };
          const attack = lossThreshold.configure({ auxiliary: 'none' });
          // Saved outputs have no weights; the attack asks for none.
          const input = { ...bare, target: target as never, records, references: [] };
          return (await attack.run(input, { ...context, signal })).scores;
        };
        const truth = Uint8Array.from({ length: 2 * SIZE }, (_, i) => (i < SIZE ? 1 : 0));
        const { value, low } = aucMetric(groupScores(await scored(0), truth));
        findings.must(value > 0.85 && low > 0.5, 'AUC above .85 on its members', `${value}, from ${low}`);
        mustBeChance(findings, await scored(SIZE), truth, nulls);
      },
    ),
  ];
};

/**
 * Where scores tell nothing, the AUC of m against n records is ½ on average and has at most the variance
 * (m + n + 1) / (12 m n), without ties all of it (Mann & Whitney, 1947); its tails are lighter than the normal ones.
 */
const mustBeChance = (findings: Findings, scores: Float64Array, truth: Uint8Array, checks: number): void => {
  const groups = groupScores(scores, truth);
  const [m, n] = [groups.positives.length, groups.negatives.length];
  const half = -normalQuantile(FALSE_ALARM / checks / 2) * Math.sqrt((m + n + 1) / (12 * m * n));
  const { value } = aucMetric(groups);
  findings.must(
    Math.abs(value - 0.5) <= half,
    `AUC from ${(0.5 - half).toFixed(3)} to ${(0.5 + half).toFixed(3)}`,
    value,
  );
};
