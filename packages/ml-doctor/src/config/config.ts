/** What a configuration says once it is read: complete, defaults filled in, plain JSON. */

import type { NamedSplit } from '../data/named-splits.ts';
import type { TrainingRecipe } from '../models/recipe.ts';
import type { Json } from '../study/canonical-json.ts';
import type { Offer } from '../targets/threat-model.ts';
import type { OwnAuditConfig } from './own-config.ts';

/** A named thing with its complete parameters: an attack, a defence. */
export interface Choice {
  readonly name: string;
  readonly params: Readonly<Record<string, Json>>;
}

/** An attack on the target, or on a copy of it. */
export interface AttackChoice extends Choice {
  /** The stealing attack of the same list whose copy, after its last budget, is attacked in the target's place. */
  readonly through?: string;
}

/** A defence of the target. */
export interface DefenseChoice extends Choice {
  /** `false`: attackers do not know of it, and train their own models without it. */
  readonly adaptive?: false;
}

/** A file with attacks and defences of the user's own. */
export interface PluginChoice {
  /** As the configuration names it. */
  readonly file: string;
  /** Over the file and what it imports by relative path. */
  readonly sha256: string;
}

/** A data set and how its records get their roles. */
export interface DataChoice {
  /** Its name: the catalogue id, of pictures with the pixels a side where they are not the usual ones: `celeba@64`. */
  readonly catalog: string;
  /** Named way of splitting; `ml-doctor-2022` is four random quarters. */
  readonly split: NamedSplit;
  /** Use only so many records of each role; all of them when left out. */
  readonly recordsPerRole?: number;
  /** `allow`: records may be among members and non-members at once; otherwise refused. */
  readonly overlap?: 'allow';
  /** Attributes whose categories are reported apart; classes always are. */
  readonly slices?: readonly string[];
}

/** An architecture and how it is trained. */
export interface ModelChoice {
  /** Its name: an architecture, with the options that are not its own: `resnet+group-norm`. */
  readonly model: string;
  /** For a forest, which takes none, the default: it is what networks of its attackers are trained by. */
  readonly training: TrainingRecipe;
}

/** One target, attacked in every way that is listed. */
export interface AuditConfig {
  /** For people: the report's title. */
  readonly name?: string;
  readonly plugins?: readonly PluginChoice[];
  readonly data: DataChoice;
  readonly target: { readonly train: ModelChoice; readonly offers: Offer };
  readonly defense: DefenseChoice;
  readonly attacks: readonly AttackChoice[];
  readonly seed: number;
  /** Whether it is looked into what the most exposed records have in common. */
  readonly explain?: true;
}

/** Values of the axes that a rule speaks of, by name; an axis that is left out stands for all its values. */
export interface GridRule {
  readonly data?: readonly string[];
  readonly model?: readonly string[];
  readonly defense?: readonly string[];
  readonly attack?: readonly string[];
  readonly seed?: readonly number[];
}

/** A grid of targets: every combination of the lists, less `exclude`, plus `include`. */
export interface StudyConfig {
  readonly name?: string;
  readonly plugins?: readonly PluginChoice[];
  readonly data: readonly DataChoice[];
  readonly models: readonly ModelChoice[];
  readonly offers: Offer;
  readonly defenses: readonly DefenseChoice[];
  readonly attacks: readonly AttackChoice[];
  readonly seeds: readonly number[];
  readonly include: readonly GridRule[];
  readonly exclude: readonly GridRule[];
  /** As {@link AuditConfig.explain}. */
  readonly explain?: true;
}

/** Where in a configuration something stands, as `['attacks', 1, 'membership/loss-threshold']`. */
export type ConfigPath = readonly (string | number)[];

/** Codes of errors that stand at a place in a configuration. */
export const CONFIG_CODES = [
  'MLD_CONFIG',
  'MLD_THREAT_MODEL',
  'MLD_SPLIT',
  'MLD_OVERLAP',
  'MLD_ATTACK_UNSUITED',
  'MLD_ATTRIBUTE_UNKNOWN',
  'MLD_ATTRIBUTE_LABEL',
  'MLD_ATTRIBUTE_MISSING',
  'MLD_ATTRIBUTE_CONSTANT',
  'MLD_ATTRIBUTE_UNSEEN',
  'MLD_LAYER_UNKNOWN',
  'MLD_BUDGET',
  'MLD_POOL_SMALL',
  'MLD_POOL_SHAPE',
  'MLD_POOL_RANGE',
  'MLD_PRIVACY',
  'MLD_DEFENSE_UNSUITED',
  'MLD_PLUGIN',
  'MLD_MODEL_UNREADABLE',
  'MLD_MODEL_INPUT',
  'MLD_MODEL_OUTPUT',
  'MLD_PREPROCESSING',
  'MLD_ACCURACY',
  'MLD_CONFIRM',
  'MLD_DATA_UNREADABLE',
  'MLD_DATA_INVALID',
] as const;
export type ConfigCode = (typeof CONFIG_CODES)[number];

/** Turns a path into the error that a user sees: file, line, column, what was found, what to do. */
export interface ConfigSource {
  /** `MLD_CONFIG`, or another code, with `FILE:LINE:COLUMN: ` before the message. Of a missing path the nearest parent is shown. */
  fault(path: ConfigPath, what: string, hint: string, code?: ConfigCode): Error;
}

/** A configuration and where it came from. */
export type LoadedConfig =
  | { readonly kind: 'audit'; readonly config: AuditConfig; readonly source: ConfigSource }
  | { readonly kind: 'own'; readonly config: OwnAuditConfig; readonly source: ConfigSource }
  | { readonly kind: 'study'; readonly config: StudyConfig; readonly source: ConfigSource };
