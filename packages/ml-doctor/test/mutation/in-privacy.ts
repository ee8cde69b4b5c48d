/** Wrong moments, conversions, roundings and guarantees in what private training is accounted by. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const accounting = (file: string, test: string, list: readonly Edit[]) =>
  edits(`${OWN}/privacy/${file}.ts`, [`${OWN}/privacy/${test}.test.ts`], list);

const training = (file: string, list: readonly Edit[]) =>
  edits(`${OWN}/defenses/dp-sgd/${file}.ts`, [`${OWN}/defenses/dp-sgd/dp-sgd.test.ts`], list);

export const privacy: readonly Mutation[] = [
  ...accounting('rdp/log-moment', 'epsilon', [
    ['accountants: moments: k for k − 1', '(k * (k - 1)) / (2', '(k * k) / (2'],
    [
      'accountants: moments: without those who are left out',
      'choose + (order - k) * logLeave + k',
      'choose + k',
    ],
    [
      'accountants: moments: the lower whole order for those between',
      '(1 - part) * below + part * whole(lower + 1)',
      'below',
    ],
  ]),
  ...accounting('rdp/rdp-epsilon', 'epsilon', [
    ['accountants: classic: over the order', 'rdp - logDelta / (order - 1)', 'rdp - logDelta / order'],
    [
      'accountants: improved: the gain of it for its price',
      'Math.log1p(-1 / order)',
      'Math.log1p(1 / order)',
    ],
    ['accountants: steps forgotten', '(steps * logMoment(order))', 'logMoment(order)'],
  ]),
  ...accounting('pld/pld-epsilon', 'epsilon', [
    [
      'accountants: the record is only added',
      'setting.sampleRate === 1 ? removed : Math.max(removed,',
      'setting.sampleRate === 1 ? removed : Math.min(Infinity,',
    ],
  ]),
  ...accounting('pld/losses', 'epsilon', [
    [
      'accountants: a step’s losses fall to the lattice',
      'const up = Math.expm1(add ? into - spacing : -into) / whole;',
      'const up = add ? 1 : 0;',
    ],
    [
      'accountants: a step’s losses rise to the lattice, whole',
      'const up = Math.expm1(add ? into - spacing : -into) / whole;',
      'const up = add ? 0 : 1;',
    ],
  ]),
  ...accounting('round-up', 'round-up', [
    ['accountants: rounded to the nearest', 'if (nearest >= x) return nearest;', 'return nearest;'],
  ]),
  ...accounting('solve-noise', 'solve-noise', [
    ['accountants: noise that just misses its target', 'return enough.noise;', 'return less.noise;'],
    [
      'accountants: noise by the quick accountant',
      'leastNoise(by(accountant), epsilon, start)',
      "leastNoise(by('rdp'), epsilon, start)",
    ],
  ]),
  ...accounting('spent', 'spent', [
    ['accountants: the tightest is the claim', 'epsilon: epsilons[accountant]', 'epsilon: epsilons.pld'],
    ['accountants: shuffled batches pass for Poisson’s', "if (sampling !== 'poisson')", 'if (false)'],
  ]),
  ...training('sampling', [
    [
      'dp-sgd: a step short of an epoch',
      'Math.ceil(records / batchSize)',
      'Math.floor(records / (batchSize + 1))',
    ],
    ['dp-sgd: half the sample rate', 'batchSize / records', 'batchSize / (2 * records)'],
  ]),
  ...training('dp-sgd', [
    [
      'dp-sgd: batch normalisation stays',
      'model: replaceBatchNorm(freshNetwork(options))',
      'model: freshNetwork(options)',
    ],
    [
      'dp-sgd: half the noise',
      'privacy: { clipNorm, noiseMultiplier },',
      'privacy: { clipNorm, noiseMultiplier: noiseMultiplier / 2 },',
    ],
    [
      'dp-sgd: noise by another accountant',
      'noiseFor({ ...sampling, epsilon, delta, accountant })',
      "noiseFor({ ...sampling, epsilon, delta, accountant: 'pld' })",
    ],
  ]),
];
