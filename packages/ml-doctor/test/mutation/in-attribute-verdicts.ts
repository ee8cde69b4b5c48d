/** Wrong ends, sides and baselines in the verdict on attribute attacks. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const VERDICT = `${OWN}/report/verdict`;

const verdict = (file: string, list: readonly Edit[]) =>
  edits(`${VERDICT}/${file}.ts`, [`${VERDICT}/attribute.test.ts`], list);

export const attributeVerdicts: readonly Mutation[] = [
  ...verdict('attribute-grade', [
    [
      'attribute verdict: goes by the upper end',
      'return metric?.low ?? Number.NEGATIVE_INFINITY;',
      'return metric?.high ?? Number.NEGATIVE_INFINITY;',
    ],
    [
      'attribute verdict: goes by the value',
      'return metric?.low ?? Number.NEGATIVE_INFINITY;',
      'return metric?.value ?? Number.NEGATIVE_INFINITY;',
    ],
    [
      'attribute verdict: all measures must agree',
      'return Math.max(...MEASURES',
      'return Math.min(...MEASURES',
    ],
    [
      'attribute verdict: a level without a gain',
      "if (!showsGain(metrics)) return excludesLeak(metrics) ? 'none-found' : 'inconclusive';",
      "if (!showsGain(metrics) && greatestLow(metrics, 'beyond') <= 0)\n    return excludesLeak(metrics) ? 'none-found' : 'inconclusive';",
    ],
    [
      'attribute verdict: training records without a gain',
      'if (showsGain(metrics)) return greatestLow',
      "if (showsGain(metrics) || greatestLow(metrics, 'beyond') > 0) return greatestLow",
    ],
    [
      'attribute verdict: what members lose is never high',
      'gain >= GAIN.high || beyond >= MEMBER_GAIN.high',
      'gain >= GAIN.high',
    ],
    [
      'attribute verdict: what members lose is not moderate',
      "gain >= GAIN.moderate || beyond >= MEMBER_GAIN.moderate ? 'moderate'",
      "gain >= GAIN.moderate ? 'moderate'",
    ],
    [
      'attribute verdict: members and population exchanged',
      "greatestLow(metrics, 'beyond') > 0 ? 'training-records' : 'population'",
      "greatestLow(metrics, 'beyond') > 0 ? 'population' : 'training-records'",
    ],
    [
      'attribute verdict: members beyond others read off the gain',
      "{ figure: 'auc', gain: 'aucGain', beyond: 'memberAucGain' }",
      "{ figure: 'auc', gain: 'aucGain', beyond: 'aucGain' }",
    ],
    [
      'attribute verdict: an open upper end excludes a leak',
      '(high ?? 1) < GAIN.moderate',
      '(high ?? 0) < GAIN.moderate',
    ],
    [
      'attribute verdict: one measure is enough to exclude a leak',
      'known.every(({ high })',
      'known.some(({ high })',
    ],
    ['attribute verdict: nothing measured excludes a leak', 'known.length > 0 && known.every', 'known.every'],
    [
      'attribute verdict: a correlation is what beats the imputation',
      'name === MAJORITY)?.metrics',
      'name === IMPUTATION)?.metrics',
    ],
    [
      'attribute verdict: a correlation where a leak is not excluded',
      'return excludesLeak(metrics) && beatsMajority(baselines)',
      'return beatsMajority(baselines)',
    ],
  ]),
  ...verdict('attribute', [
    [
      'attribute verdict: a shifted split keeps what members lose',
      'const onMembers = withoutComparison(metrics);',
      'const onMembers = metrics;',
    ],
    [
      'attribute verdict: a shifted split drops the gain',
      'MEASURES.map((measure) => measure.beyond)',
      'MEASURES.map((measure) => measure.gain)',
    ],
    [
      'attribute verdict: a shifted split is read as none',
      'if (showsGain(metrics)) {',
      'if (!showsGain(metrics)) {',
    ],
  ]),
  ...verdict('attribute-words', [
    [
      'attribute verdict: a leak concerns nobody where the record is not needed',
      'const beaten = lowOf(gain) > 0;',
      'const beaten = lowOf(gain) < 0;',
    ],
    [
      'attribute verdict: members and non-members exchanged in words',
      "plural(members, 'member'), plural(nonMembers, 'non-member')]",
      "plural(nonMembers, 'member'), plural(members, 'non-member')]",
    ],
  ]),
];
