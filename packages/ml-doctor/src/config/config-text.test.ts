/** A configuration written out and read again is the same. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DEMO, FULL_AUDIT, FULL_STUDY, VALID } from '../../test/config/samples.ts';
import { type AttackName, attackOf, attacks } from '../attacks/registry.ts';
import { defenses } from '../defenses/registry.ts';
import { mlDoctorRecipe, type TrainingRecipe } from '../models/recipe.ts';
import { ACCESSES, type Offer, shortfall } from '../targets/threat-model.ts';
import type { AttackChoice, AuditConfig, Choice, StudyConfig } from './config.ts';
import { auditToJson, toConfigText } from './config-text.ts';
import { parseConfig } from './load-config.ts';
import { studyToJson } from './study-text.ts';

const positive = fc.double({ min: 5e-324, max: 1e300, noNaN: true });
const fromOne = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const seed = fc.nat({ max: Number.MAX_SAFE_INTEGER });

const name = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom(...'#:-?|>"\'\\{}[]&*!%@`,~ '),
      fc.constantFrom('yes', 'null', '1e3', '🎲'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    ),
    minLength: 1,
    maxLength: 30,
  })
  .filter(
    (text) =>
      text === text.trim() && text.length <= 200 && text !== '' && !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text),
  );

const training: fc.Arbitrary<TrainingRecipe> = fc.record({
  epochs: fromOne,
  batchSize: fromOne,
  learningRate: positive,
  momentum: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }).map((x) => x + 0),
  weightDecay: fc.oneof(fc.constant(0), positive),
  milestones: fc.uniqueArray(fc.nat(), { maxLength: 4 }).map((epochs) => epochs.sort((a, b) => a - b)),
});

/** Complete, whatever is left to each attack to settle. */
const choice = (name: AttackName, given: Record<string, unknown>): Choice => ({
  name,
  params: attacks[name].configure(given).params,
});

const attack: fc.Arbitrary<Choice> = fc.oneof(
  fc.constantFrom(
    ...Object.values(attacks).map(({ name }) => choice(name as AttackName, {})),
    ...[
      { adversary: 2, data: 'adult' },
      { adversary: 3 },
      { adversary: 'combining', architectures: ['mlp', 'random-forest'] },
    ].map((given) => choice('membership/ml-leaks', given)),
    ...['noisy', 'marginals', 'model'].map((shadowData) => choice('membership/shokri', { shadowData })),
    choice('membership/rmia', { mode: 'offline', a: 0.25 }),
  ),
  fc
    .constantFrom('none', 'shadow')
    .map((auxiliary) => ({ name: 'membership/loss-threshold', params: { auxiliary } })),
  fc.record({ epochs: fromOne, batchSize: fromOne, learningRate: positive }).map((given) => ({
    name: 'membership/shadow-classifier',
    params: attacks['membership/shadow-classifier'].configure(given).params,
  })),
);

const defense: fc.Arbitrary<Choice> = fc.oneof(
  fc.constant({ name: 'none', params: {} }),
  positive.map((lambda) => ({ name: 'l2', params: defenses.l2.configure({ lambda }).params })),
);

const data = fc
  .constantFrom(
    ...([
      ['adult', 'ml-doctor-2022', 12_210],
      ['adult', 'shokri-2017', 10_000],
      ['fashion-mnist-10k', 'ml-doctor-2022', 2500],
      ['fashion-mnist-10k@32', 'ml-leaks-2019', 2499],
    ] as const),
  )
  .chain(([catalog, split, most]) =>
    fc.record(
      {
        catalog: fc.constant(catalog),
        split: fc.constant(split),
        recordsPerRole: fc.integer({ min: 1, max: most }),
        overlap: fc.constant('allow' as const),
        slices: fc.uniqueArray(fc.constantFrom('sex', 'race', 'a b: c'), { minLength: 1 }),
      },
      { requiredKeys: ['catalog', 'split'] },
    ),
  );

const model = fc.oneof(
  fc.record({
    model: fc.constantFrom('mlp', 'simple-cnn', 'resnet18+group-norm', 'resnet18+group-norm+dropout-0.25'),
    training: fc.oneof(
      training,
      fc
        .record({ training, learningRateDecay: positive })
        .map(({ training: own, learningRateDecay }) => ({ ...own, learningRateDecay })),
      training.map((own) => ({ ...own, optimizer: 'adam' as const, momentum: 0 })),
    ),
  }),
  fc.constant({ model: 'random-forest', training: mlDoctorRecipe(300) }),
);
const offers = fc.record({
  access: fc.constantFrom(...ACCESSES),
  output: fc.constant('posteriors' as const),
});
/** Whether the target offers what every attack needs; others are refused. */
const fits = (chosen: readonly AttackChoice[], offer: Offer): boolean =>
  chosen.every(
    ({ name: one, params, through }) =>
      through !== undefined || !shortfall(attackOf(one).configure(params).needs, offer),
  );
/** Items that differ, as lists of a configuration must. */
const list = <T>(item: fc.Arbitrary<T>) =>
  fc.uniqueArray(item, { minLength: 1, maxLength: 3, selector: (value) => JSON.stringify(value) });

/** Some of them through a copy that one of them steals, where there is one and it can be meant. */
const attackList: fc.Arbitrary<AttackChoice[]> = fc
  .tuple(list(attack), list(attack), fc.boolean())
  .map(([chosen, others, copied]) => {
    const thieves = chosen.filter(({ name: one }) => attackOf(one).family === 'stealing');
    const [thief, second] = thieves;
    if (!copied || thief === undefined || second !== undefined) return chosen;
    const victims = others.filter(({ name: one }) => /^(membership|inversion)\//.test(one));
    return [...victims.map((one) => ({ ...one, through: thief.name })), ...chosen];
  });

const audit: fc.Arbitrary<AuditConfig> = fc
  .record(
    { name, data, target: fc.record({ train: model, offers }), defense, attacks: attackList, seed },
    { requiredKeys: ['data', 'target', 'defense', 'attacks', 'seed'] },
  )
  .filter((config) => fits(config.attacks, config.target.offers));

const study: fc.Arbitrary<StudyConfig> = fc
  .record(
    {
      name,
      data: list(data.filter(({ recordsPerRole }) => recordsPerRole !== 2500 && recordsPerRole !== 12_210)),
      models: list(model),
      offers,
      defenses: list(defense),
      attacks: attackList,
      seeds: list(seed),
      include: fc.constant([]),
      exclude: fc.constant([]),
    },
    { requiredKeys: ['data', 'models', 'offers', 'defenses', 'attacks', 'seeds', 'include', 'exclude'] },
  )
  .filter((config) => fits(config.attacks, config.offers));

const reread = (text: string) => parseConfig(text, 'again.yaml').config;

describe('an audit', () => {
  it('comes back from YAML and from JSON as it was', () => {
    fc.assert(
      fc.property(audit, (config) => {
        expect(reread(toConfigText(config))).toEqual(config);
        expect(reread(JSON.stringify(auditToJson(config)))).toEqual(config);
        expect(parse(toConfigText(config))).toEqual(auditToJson(config));
      }),
    );
  });

  it('that other code makes can be read', () => {
    expect(reread(toConfigText(DEMO))).toEqual(DEMO);
    expect(reread(toConfigText(reread(FULL_AUDIT) as AuditConfig))).toEqual(reread(FULL_AUDIT));
  });

  it('says through which copy an attack goes, beside its name', () => {
    const config = reread(VALID['attacks on a stolen copy']!) as AuditConfig;
    expect(config.attacks.map(({ name: one, through }) => [one, through])).toEqual([
      ['membership/loss-threshold', undefined],
      ['membership/loss-threshold', 'stealing/posterior-matching'],
      ['inversion/mi-face', 'stealing/knockoff'],
      ['membership/shadow-classifier', 'stealing/knockoff'],
      ['stealing/knockoff', undefined],
      ['stealing/posterior-matching', undefined],
    ]);
    expect(config.attacks[2]!.params.classes).toBe(3);
    expect(config.attacks.every(({ params }) => !('through' in params))).toBe(true);
    expect(toConfigText(config)).toContain(`  - membership/loss-threshold:
      auxiliary: shadow
    through: stealing/posterior-matching
`);
    expect(reread(toConfigText(config))).toEqual(config);
  });

  it('says nothing of the training of a forest', () => {
    const config = reread(VALID['an audit of a forest']!) as AuditConfig;
    expect(auditToJson(config)).toMatchObject({ target: { train: { model: 'random-forest' } } });
    expect(toConfigText(config)).not.toMatch(/epochs: 300|momentum/);
    expect(reread(toConfigText(config))).toEqual(config);
  });

  it('says every parameter, so that later defaults change nothing, and nothing else', () => {
    expect(toConfigText(DEMO)).toBe(`data:
  catalog: fashion-mnist-10k
  split: ml-doctor-2022
  recordsPerRole: 600
target:
  train:
    model: simple-cnn
    epochs: 60
    batchSize: 64
    learningRate: 0.01
    momentum: 0.9
    weightDecay: 0.0005
    milestones: [ 50, 100 ]
  offers:
    access: white-box
    output: posteriors
defense: none
attacks:
  - membership/loss-threshold:
      auxiliary: shadow
  - membership/shadow-classifier:
      access: black-box
      auxiliary: shadow
      epochs: 50
      batchSize: 64
      learningRate: 0.00001
seed: 3
`);
  });
});

describe('a study', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(study, (config) => {
        expect(reread(JSON.stringify(studyToJson(config)))).toEqual(config);
      }),
    );
  });

  it('says nothing of the training of a forest', () => {
    const config = reread(FULL_STUDY) as StudyConfig;
    expect(studyToJson(config)).toMatchObject({
      models: [{ mlp: { epochs: 30 } }, { 'simple-cnn': { epochs: 60 } }, 'random-forest'],
    });
  });

  it('comes back with its rules', () => {
    const config = reread(FULL_STUDY) as StudyConfig;
    expect(config.exclude.length * config.include.length).toBeGreaterThan(0);
    expect(reread(JSON.stringify(studyToJson(config)))).toEqual(config);
  });
});
