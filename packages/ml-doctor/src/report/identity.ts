/** What a report is about: data set, model and defence, each by its name and its parameters. */

import type { Report } from './schema.ts';

/** A thing that was chosen by name, with what else was chosen about it. */
export interface Named {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A defence, and whether attackers know of it: where nothing is said, they do. */
export interface NamedDefense extends Named {
  readonly adaptive?: false;
}

/** What a configuration names as the target where no model is trained for the audit. */
const OWN_KINDS = ['onnx', 'service', 'endpoint', 'outputs', 'function'] as const;
export type OwnKind = (typeof OWN_KINDS)[number];

/** Of what kind somebody's own model is; undefined of a model that was trained for its audit. */
export function ownKind({ config }: Pick<Report, 'config'>): OwnKind | undefined {
  const target = mapping(config.target);
  return OWN_KINDS.find((kind) => target[kind] !== undefined);
}

export function isOwn(report: Pick<Report, 'config'>): boolean {
  return ownKind(report) !== undefined;
}

/** The data set, with how its records got their roles. */
export function dataOf({ data, config }: Report): Named {
  const { catalog: _, ...params } = mapping(config.data);
  return { name: data.id, params };
}

/** How the records got their roles, by the name of the split; undefined where the data says it itself. */
export function splitOf({ config }: Pick<Report, 'config'>): string | undefined {
  const { split } = mapping(config.data);
  return typeof split === 'string' ? split : undefined;
}

/** The model, with how it was trained. */
export function modelOf({ target, config }: Report): Named {
  const { model: _, ...params } = mapping(mapping(config.target).train);
  return { name: target.name, params };
}

/** The defence, name `none` when there is none; from the results, or from the configuration where no attack finished. */
export function defenseOf({ results, config }: Report): NamedDefense {
  const [result] = results;
  if (result === undefined) return choiceOf(config.defense);
  const { adaptive, ...named } = result.defense;
  return { ...named, ...(adaptive === false && { adaptive }) };
}

/** `dp-sgd (delta 0.00001, epsilon 8), of which attackers do not know`. */
export function defenseText({ name, params, adaptive }: NamedDefense): string {
  const own = Object.keys(params).length > 0 ? ` (${settings(params)})` : '';
  return `${name}${own}${adaptive === false ? ', of which attackers do not know' : ''}`;
}

/** `simple-cnn on fashion-mnist-10k, defended by l2`; of a model that was not trained here its name alone. */
export function subjectOf(report: Report): string {
  const { name } = defenseOf(report);
  const subject = isOwn(report) ? report.target.name : `${report.target.name} on ${report.data.id}`;
  return `${subject}${name === 'none' ? '' : `, defended by ${name}`}`;
}

/** The title the configuration gives, else {@link subjectOf}. */
export function reportTitle(report: Report): string {
  return report.name ?? subjectOf(report);
}

/** Parameters in one line: `shadows 1, hidden [64,32]`. */
export function settings(params: Named['params']): string {
  const entries = Object.entries(params);
  if (entries.length === 0) return 'none to choose';
  return entries
    .map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

/** `l2` and `{ l2: { lambda: .1 }, adaptive: false }` are how configurations choose. */
function choiceOf(choice: unknown): NamedDefense {
  if (typeof choice === 'string') return { name: choice, params: {} };
  const { adaptive, ...named } = mapping(choice);
  const [name, params] = Object.entries(named)[0] ?? ['none', {}];
  return { name, params: mapping(params), ...(adaptive === false && { adaptive }) };
}

/** Of anything but a mapping an empty one: a configuration of a later version may say it otherwise. */
function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
