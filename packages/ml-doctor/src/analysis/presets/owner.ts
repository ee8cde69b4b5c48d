/** The preset about one model: its audit, again under every defence that suits it. */

import type { AuditConfig, DefenseChoice, StudyConfig } from '../../config/config.ts';
import { catalogEntry } from '../../data/catalog-entry.ts';
import { paperRoles } from '../../data/paper-roles.ts';
import { roleSize } from '../../data/split.ts';
import { CHANGES, type TrainingFacts } from '../../defenses/defense.ts';
import { type DefenseName, defenseOf } from '../../defenses/registry.ts';
import { AuditError } from '../../errors.ts';
import { architecture } from '../../models/architectures.ts';
import type { Preset } from './presets.ts';

export const owner: Preset = {
  name: 'owner',
  title: 'One model: what explains its most exposed records, and what each defence would change',
  source: 'your own audit',
  parts: [],
  figures: [
    { figure: 'owner/defences', parts: [] },
    { figure: 'owner/factors', parts: [] },
  ],
};

/**
 * What is tried: of the answers what leaves the model as it is, then what trains it anew, the dearest last. One class is
 * the least that can be shown of several, and suits data of any number of classes.
 */
const TRIED: readonly (readonly [DefenseName, Readonly<Record<string, number>>?])[] = [
  ['label-only'],
  ['top-k', { k: 1 }],
  ['rounding', { digits: 1 }],
  ['temperature'],
  ['l2'],
  ['dropout'],
  ['early-stopping'],
  ['label-smoothing'],
  ['distillation'],
  ['dp-sgd', { epsilon: 8 }],
];

export interface OwnerStudy {
  readonly study: StudyConfig;
  /** Defences that do not suit the model or its data, and why. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * The same data, model, attacks and seed: without a defence, with the audit's own, and with each that suits. Attackers know
 * of every defence.
 */
export function ownerStudy(config: AuditConfig): OwnerStudy {
  const none: DefenseChoice = { name: 'none', params: {} };
  const own = config.defense.name === 'none' ? [] : [config.defense];
  const tried: DefenseChoice[] = [];
  const skipped: { name: string; reason: string }[] = [];
  for (const [name, params] of TRIED) {
    const reason = unsuited(config, name, params);
    if (reason !== undefined) skipped.push({ name, reason });
    else if (!own.some((one) => one.name === name))
      tried.push({ name, params: defenseOf(name).configure(params).params });
  }
  const { name, plugins, data, target, attacks, seed } = config;
  return {
    study: {
      ...(name !== undefined && { name }),
      ...(plugins && { plugins }),
      data: [data],
      models: [target.train],
      offers: target.offers,
      defenses: [none, ...own, ...tried],
      attacks,
      seeds: [seed],
      ...{ include: [], exclude: [] },
      explain: true,
    },
    skipped,
  };
}

/** Why a defence does not suit; undefined where it does. */
function unsuited(config: AuditConfig, name: DefenseName, params: unknown): string | undefined {
  const found = defenseOf(name);
  const { learner, harden } = found.configure(params);
  if (found.changes.every((change) => change === CHANGES[2])) return undefined;
  const { model, training } = config.target.train;
  const facts = factsOf(config, harden(training));
  if (facts === undefined) return `it changes how a network is trained, and ${model} is not a network`;
  try {
    learner?.check(facts);
    return undefined;
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    return error.message;
  }
}

/** Shapes of records on which the layers of an architecture are looked at: which it has does not depend on them. */
const SHAPES = [[3, 32, 32], [64]] as const;
/** The least there are: what is checked before a training depends on no more of them. */
const CLASSES = 2;

function factsOf(
  { data, target, seed }: AuditConfig,
  recipe: TrainingFacts['recipe'],
): TrainingFacts | undefined {
  const found = architecture(target.train.model);
  if (found.trains !== 'gradient') return undefined;
  const entry = catalogEntry(data.catalog);
  const paper = paperRoles(data.catalog, data.split);
  const { recordsPerRole: perRole } = data;
  const recordShape = entry.kind === 'pictures' ? SHAPES[0] : SHAPES[1];
  return {
    architecture: found.name,
    build: () => found.build({ recordShape, classes: CLASSES, seed }),
    records: roleSize(entry.size, { ...(perRole !== undefined && { perRole }), ...(paper && { paper }) }),
    classes: CLASSES,
    recipe,
  };
}
