/** What is wrong in a configuration whose every value is right by itself: doubles, impossible attacks, rules without effect. */

import { attackOf } from '../attacks/registry.ts';
import { architecture, architectures } from '../models/architectures.ts';
import { canonicalJson } from '../study/canonical-json.ts';
import { type Offer, shortfall } from '../targets/threat-model.ts';
import type { AttackChoice, AuditConfig, ConfigPath, DataChoice, StudyConfig } from './config.ts';
import type { PlacedSource, Problem } from './config-source.ts';
import { dataProblems as choiceProblems, withRecords } from './data-choice.ts';
import {
  AXES,
  type Axis,
  axisNames,
  gridSize,
  MAX_COMBINATIONS,
  type RuleEffect,
  ruleEffects,
  speaksOfValue,
} from './rule-effects.ts';
import type { AuditInput, StudyInput } from './schema.ts';
import { shownPath, shownValue } from './show.ts';
import { listed, suggestion } from './suggest.ts';
import { throughProblems } from './through-problems.ts';
import { type ModelInput, modelProblems, momentumOfAdam } from './training.ts';

export function auditProblems(audit: AuditConfig, source: PlacedSource, input: AuditInput): Problem[] {
  return [
    ...optionsOfForest(input.target.train),
    ...modelProblems(input.target.train.model, input.target.train, ['target', 'train']),
    ...dataProblems(audit.data, ['data'], source),
    ...doubles(audit.attacks, ['attacks'], source),
    ...impossibleAttacks(audit.attacks, audit.target.offers, ['target', 'offers'], source),
    ...throughProblems(audit.attacks, source),
  ];
}

export function studyProblems(study: StudyConfig, source: PlacedSource, input: StudyInput): Problem[] {
  const problems = [
    ...study.data.flatMap((data, index) => dataProblems(data, ['data', index], source)),
    ...doubles(study.data.map(withRecords), ['data'], source),
    ...optionsOfModels(input),
    ...doubles(study.models, ['models'], source),
    ...doubles(study.defenses, ['defenses'], source),
    ...doubles(study.attacks, ['attacks'], source),
    ...doubles(study.seeds, ['seeds'], source),
    ...impossibleAttacks(study.attacks, study.offers, ['offers'], source),
    ...throughProblems(study.attacks, source),
    ...strangeRules(study, source),
  ];
  // What rules do to a grid says nothing while the grid is wrong.
  return problems.length > 0 ? problems : gridProblems(study);
}

function optionsOfModels({ models, training = {} }: StudyInput): Problem[] {
  const own = models.flatMap((named, index) =>
    typeof named === 'string'
      ? []
      : Object.entries(named).flatMap(([name, given]) =>
          modelProblems(name, (given ?? {}) as ModelInput, ['models', index, name], training),
        ),
  );
  return [...momentumOfAdam(training, ['training']), ...own];
}

/** A network's options, of what is trained without any. */
function optionsOfForest({ model, ...options }: AuditInput['target']['train']): Problem[] {
  if (architecture(model).trains === 'gradient') return [];
  const networks = Object.values(architectures).filter(({ trains }) => trains === 'gradient');
  return Object.keys(options).map((option) => ({
    path: ['target', 'train', option],
    atKey: true,
    words: () => [
      `${model} takes no training options, and "${option}" is given`,
      `Remove ${option}, or train a network: ${listed(networks.map(({ name }) => name))}.`,
    ],
  }));
}

const dataProblems = (data: DataChoice, path: ConfigPath, source: PlacedSource): Problem[] => [
  ...choiceProblems(data, path),
  ...doubles(data.slices ?? [], [...path, 'slices'], source),
];

function doubles(items: readonly unknown[], list: ConfigPath, source: PlacedSource): Problem[] {
  const seen = new Map<string, number>();
  return items.flatMap((item, index): Problem[] => {
    const key = canonicalJson(item);
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, index);
      return [];
    }
    const words = (): [string, string] => [
      `${shownPath([...list, index])} says the same as ${shownPath([...list, first])} at ${source.at([...list, first])}`,
      'Remove one of the two, or make them differ.',
    ];
    return [{ path: [...list, index], words }];
  });
}

function impossibleAttacks(
  attacks: readonly AttackChoice[],
  offers: Offer,
  offersPath: ConfigPath,
  source: PlacedSource,
): Problem[] {
  return attacks.flatMap(({ name, params, through }, index): Problem[] => {
    // A copy is held in full; what the target must offer for it is asked where it is stolen.
    if (through !== undefined) return [];
    const short = shortfall(attackOf(name).configure(params).needs, offers);
    if (short === undefined) return [];
    const words = (): [string, string] => [
      `${name} needs ${short.needs}; the target offers ${short.offers} at ${source.at([...offersPath, short.part])}`,
      `Remove the attack, or offer ${short.part}: ${short.needs} if that is what an attacker gets.`,
    ];
    return [{ path: ['attacks', index], code: 'MLD_THREAT_MODEL', words }];
  });
}

/** Rules that name what the study's lists lack, or the same twice. */
function strangeRules(study: StudyConfig, source: PlacedSource): Problem[] {
  const lists = axisNames(study);
  const isListed = (axis: Axis, value: string | number) =>
    lists[axis].some((name) => speaksOfValue(axis, value, name));
  return (['exclude', 'include'] as const).flatMap((kind) =>
    study[kind].flatMap((rule, index) =>
      AXES.flatMap((axis): Problem[] => {
        const path = [kind, index, axis];
        const values: readonly (string | number)[] = rule[axis] ?? [];
        const isFree = kind === 'include' && axis === 'seed';
        const strangers = values.flatMap((value, i): Problem[] => {
          if (isFree || isListed(axis, value)) return [];
          const words = (): [string, string] => [
            `this rule speaks of ${shownValue(value)}, which is not in the study's list ${LISTS[axis]}`,
            typeof value === 'number'
              ? `Known values of seeds: ${listed(study.seeds.map(String))}.`
              : suggestion(value, lists[axis] as readonly string[], `values of ${LISTS[axis]}`),
          ];
          return [{ path: [...path, i], words }];
        });
        return [...strangers, ...doubles(values, path, source)];
      }),
    ),
  );
}

const LISTS = {
  data: 'data',
  model: 'models',
  defense: 'defenses',
  attack: 'attacks',
  seed: 'seeds',
} as const;

function gridProblems(study: StudyConfig): Problem[] {
  const size = gridSize(study);
  if (size > MAX_COMBINATIONS)
    return [
      {
        path: [],
        words: () => [
          `the study has ${size} combinations, ${MAX_COMBINATIONS} at most can be planned`,
          'Shorten its lists, or split it into several studies.',
        ],
      },
    ];
  const effects = ruleEffects(study);
  const idle = effects.filter(({ changed }) => changed === 0).map(idleRule);
  const orphaned = effects.flatMap((effect) => orphanRule(effect, study.attacks));
  const last = effects.at(-1);
  if (last?.left !== 0) return [...idle, ...orphaned];
  const emptied = effects.find(({ left, changed }) => left === 0 && changed > 0)!;
  const words = (): [string, string] => [
    'after this rule nothing is left of the study',
    'Remove the rule, or let it drop less.',
  ];
  return [...idle, { path: [emptied.kind, emptied.index], words }];
}

/** An attack that a rule adds where the copy that it goes through is not made. */
function orphanRule({ kind, index, orphan }: RuleEffect, attacks: readonly AttackChoice[]): Problem[] {
  const { name, through } = attacks[orphan ?? -1] ?? {};
  if (through === undefined) return [];
  const words = (): [string, string] => [
    `this rule adds ${name} through ${through} where no copy is stolen by ${through}`,
    `Name ${through} under attack in this rule: attacks through its copy come with it.`,
  ];
  return [{ path: [kind, index], words }];
}

const idleRule = ({ kind, index }: RuleEffect): Problem => ({
  path: [kind, index],
  words: () =>
    kind === 'exclude'
      ? ['this rule drops nothing: the rules before it have dropped all it matches', 'Remove it.']
      : [
          'this rule adds nothing: the study has all these combinations already',
          'Remove it, or name new seeds.',
        ],
});
