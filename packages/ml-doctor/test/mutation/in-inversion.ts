/** Wrong signs, stops and labels in model-inversion attacks and in the generators that they search. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const INVERSION = `${OWN}/attacks/inversion`;
const GENERATORS = `${OWN}/generators`;

const attack = (file: string, tests: readonly string[], list: readonly Edit[]) =>
  edits(
    `${INVERSION}/${file}.ts`,
    tests.map((test) => `${INVERSION}/${test}.test.ts`),
    list,
  );

const generator = (file: string, test: string, list: readonly Edit[]) =>
  edits(`${GENERATORS}/${file}.ts`, [`${GENERATORS}/${test}.test.ts`], list);

const LATENT_ATTACKS = ['secret-revealer/secret-revealer', 'plg/plg'];

export const inversion: readonly Mutation[] = [
  ...attack(
    'mi-face/cost-graph',
    ['mi-face/cost-graph'],
    [
      [
        'MI-Face: p in place of 1 − p',
        'ops.Sub(graph.scalar(1), ops.Exp(ops.Neg(loss)))',
        'ops.Exp(ops.Neg(loss))',
      ],
      ['MI-Face: objectives exchanged', "objective === 'log' ? loss :", "objective !== 'log' ? loss :"],
      [
        'MI-Face: rough pictures are rewarded',
        'ops.Add(own, ops.Mul(graph.scalar(smoothness), roughness))',
        'ops.Sub(own, ops.Mul(graph.scalar(smoothness), roughness))',
      ],
    ],
  ),
  ...attack(
    'mi-face/descent',
    ['mi-face/descent'],
    [
      ['MI-Face: ascent of the cost', 'v - learningRate *', 'v + learningRate *'],
      ['MI-Face: normalised step uphill', 'v - rate *', 'v + rate *'],
      ['MI-Face: the last iterate is kept', 'if (cost < row.cost) {', 'if (!Number.isNaN(cost)) {'],
      ['MI-Face: clamped unless told to', 'return clamp ? moved.map(', 'return !clamp ? moved.map('],
      ['MI-Face: goal 1 − p of the wrong side', ': 1 - threshold;', ': threshold;'],
      [
        'MI-Face: goal −ln p of the wrong side',
        'logOnePlus((1 - threshold) / threshold)',
        'logOnePlus(threshold / (1 - threshold))',
      ],
    ],
  ),
  ...attack(
    'mi-face/stopping',
    ['mi-face/stopping'],
    [
      [
        'MI-Face: stops at the least of the last costs',
        'told >= patience && !(cost < previous) && latest.every(',
        'told >= patience && latest.some(',
      ],
      [
        'MI-Face: stops before there are as many costs as it waits for',
        'told >= patience &&',
        'told + 1 >= patience &&',
      ],
      ['MI-Face: stops above the goal', 'cost <= goal', 'cost >= goal'],
    ],
  ),
  ...attack(
    'mi-face/mi-face',
    ['mi-face/mi-face'],
    [
      [
        'MI-Face: the worst restart is kept',
        '(found[k] as Descended).cost < (found[best] as Descended).cost',
        '(found[k] as Descended).cost > (found[best] as Descended).cost',
      ],
    ],
  ),
  ...attack(
    'black-box/nes',
    ['black-box/nes'],
    [
      [
        'black-box inversion: both sides of a pair are one',
        'Math.max(at - by, least)',
        'Math.max(at + by, least)',
      ],
      [
        'black-box inversion: sides of a pair added',
        '((scores[2 * i] as number) - (scores[2 * i + 1] as number))',
        '((scores[2 * i] as number) + (scores[2 * i + 1] as number))',
      ],
      [
        'black-box inversion: sides of a pair exchanged',
        '((scores[2 * i] as number) - (scores[2 * i + 1] as number))',
        '((scores[2 * i + 1] as number) - (scores[2 * i] as number))',
      ],
      ['black-box inversion: slope twice too steep', '(2 * count * sigma)', '(count * sigma)'],
    ],
  ),
  ...attack(
    'black-box/climb',
    ['black-box/climb', 'black-box/black-box'],
    [
      [
        'black-box inversion: the end of a step costs nothing',
        'step: 2 * directions + 1',
        'step: 2 * directions',
      ],
      [
        'black-box inversion: one step more than is paid for',
        'Math.floor((queries - cost.start) / cost.step)',
        'Math.ceil((queries - cost.start) / cost.step)',
      ],
      ['black-box inversion: descent', 'Math.max(v + rate *', 'Math.max(v - rate *'],
      [
        'black-box inversion: the last place is kept',
        'if (score > row.score) {',
        'if (!Number.isNaN(score)) {',
      ],
      [
        'black-box inversion: sees more digits than are sent',
        'Math.fround(posterior(logits.subarray(i * classes, (i + 1) * classes))[label] as number)',
        'posterior(logits.subarray(i * classes, (i + 1) * classes))[label] as number',
      ],
      ['black-box inversion: ends below the threshold', 'return score < goal;', 'return score >= goal;'],
    ],
  ),
  ...attack(
    'black-box/black-box',
    ['black-box/black-box'],
    [['black-box inversion: the rounded record is asked for free', '(rounds ? 1 : 0)', '0']],
  ),
  ...attack(
    'secret-revealer/secret-revealer',
    ['secret-revealer/secret-revealer', 'latent/graphs'],
    [
      ['Secret Revealer: wrong sign of the prior', 'return ops.Sub(weighted,', 'return ops.Add(weighted,'],
      ['Secret Revealer: identity without its weight', 'x.graph.scalar(identityWeight)', 'x.graph.scalar(1)'],
      [
        'Secret Revealer: the score in place of the probability of real',
        'ops.Sigmoid(attachDiscriminator({ x, y }, generator))',
        'attachDiscriminator({ x, y }, generator)',
      ],
      ["Secret Revealer: not Nesterov's momentum", 'nesterov: momentum > 0', 'nesterov: false'],
    ],
  ),
  ...attack('latent/graphs', LATENT_ATTACKS, [
    [
      'latent search: clipped on one side only',
      'ops.Clip(update.parameter, graph.scalar(-clip), graph.scalar(clip))',
      'ops.Clip(update.parameter, graph.scalar(-1e9), graph.scalar(clip))',
    ],
  ]),
  ...attack('latent/search', LATENT_ATTACKS, [
    [
      'latent search: the worst restart is kept',
      '!(identity < best.identity ||',
      '!(identity > best.identity ||',
    ],
    [
      'latent search: shown beside the start of another restart',
      'const first = kept.map(({ row }) => row);',
      'const first = kept.map(({ row }) => rows[row.of * search.restarts] as LatentRow);',
    ],
  ]),
  ...attack(
    'plg/margin-of',
    ['plg/plg'],
    [
      [
        'PLG-MI: the restart with the least margin is kept',
        'return other - (logits[label] as number);',
        'return (logits[label] as number) - other;',
      ],
    ],
  ),
  ...generator('max-margin', 'adversarial-step', [
    [
      'generator, PLG-MI: wrong sign of the margin',
      'return ops.Sub(ops.ReduceMax(lowered, [1], { keepdims: false }), own);',
      'return ops.Sub(own, ops.ReduceMax(lowered, [1], { keepdims: false }));',
    ],
    ['generator, PLG-MI: the class itself among the others', '[0, -1e30]', '[0, 0]'],
  ]),
  ...generator('adversarial-losses', 'adversarial-step', [
    [
      'generator: real and fake exchanged in the cross-entropy',
      'ops.Add(mean(ops.Softplus(ops.Neg(real))), mean(ops.Softplus(fake)))',
      'ops.Add(mean(ops.Softplus(real)), mean(ops.Softplus(ops.Neg(fake))))',
    ],
    [
      'generator: wants to look made up',
      'generator: (fake) => mean(ops.Softplus(ops.Neg(fake)))',
      'generator: (fake) => mean(ops.Softplus(fake))',
    ],
    [
      'generator: the loss that saturates',
      'generator: (fake) => mean(ops.Softplus(ops.Neg(fake)))',
      'generator: (fake) => ops.Neg(mean(ops.Softplus(fake)))',
    ],
    [
      'generator: real and fake exchanged in the hinge',
      'mean(ops.Relu(ops.Sub(one, real))), mean(ops.Relu(ops.Add(one, fake)))',
      'mean(ops.Relu(ops.Add(one, real))), mean(ops.Relu(ops.Sub(one, fake)))',
    ],
    [
      'generator: hinge of the wrong sign',
      'generator: (fake) => ops.Neg(mean(fake))',
      'generator: (fake) => mean(fake)',
    ],
  ]),
  ...generator('adversarial-step', 'adversarial-step', [
    [
      "generator: its slope goes through the discriminator's update",
      'const shown = ops.Identity(fake);',
      'const shown = fake;',
    ],
    [
      'generator: against the discriminator before its update',
      '...improved, ...moved]',
      '...onReal.parameters, ...moved]',
    ],
    [
      'generator: running statistics of real records alone',
      '[...generated.buffers, ...onFake.buffers]',
      '[...generated.buffers, ...onReal.buffers]',
    ],
  ]),
  ...generator('pseudo-labels', 'pseudo-labels', [
    [
      'generator: pseudo-labels for the least sure',
      '(doubt[a] as number) - (doubt[b] as number)',
      '(doubt[b] as number) - (doubt[a] as number)',
    ],
  ]),
  ...generator('step-feeds', 'step-feeds', [
    [
      'generator: labels by record, not by place',
      'chosen.labels[position] as number',
      'chosen.labels[chosen.records[position] as number] as number',
    ],
  ]),
];
