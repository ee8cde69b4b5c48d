/** What `ml-doctor list attacks` says of an attack: the threat model it has by default, and those its options reach. */

import { z } from 'zod';
import type { ConfiguredAttack } from '../attacks/membership/membership-attack.ts';
import type { Attack, Configured } from '../attacks/registry.ts';
import type { ConfiguredStealing } from '../attacks/stealing/stealing-attack.ts';
import { AuditError } from '../errors.ts';
import { describeReferences, holdsAudited } from '../report/format.ts';
import { settings } from '../report/identity.ts';
import type { ThreatModel } from '../targets/threat-model.ts';

/** By ML-Doctor's notation, `other` added: access and auxiliary data. */
const LETTER = {
  ...{ 'black-box': 'B', 'white-box': 'W' },
  ...{ none: 'N', shadow: 'S', partial: 'P', other: 'O' },
} as const;

/** `<B,S>`. */
export const notation = ({ access, auxiliary }: Pick<ThreatModel, 'access' | 'auxiliary'>): string =>
  `<${LETTER[access]},${LETTER[auxiliary]}>`;

/** One line of the list; `options` is missing where no option changes the threat model or the pool. */
export const attackFacts = (attack: Attack) => {
  const settled = attack.configure();
  const { access, auxiliary, output } = settled.needs;
  const others = variants(attack).map(
    ({ params, configured }) => `${settings(params)}: ${summary(configured, settled)}`,
  );
  return {
    name: attack.name,
    title: attack.title,
    notation: notation(settled.needs),
    access,
    auxiliary,
    output,
    inputs: describeInputs(settled.needs),
    models: describeModels(settled),
    ...(others.length > 0 && { options: others.join('; ') }),
    source: attack.source,
  };
};

const describeInputs = ({ access, inputs, record }: ThreatModel): string => {
  if (inputs === 'any')
    return record === 'none' ? 'of the attacker’s own making' : 'of the attacker’s own making too';
  return access === 'white-box' && record === 'none' ? 'none: it computes on the weights' : 'records only';
};

const describeModels = (configured: Configured): string => {
  switch (configured.family) {
    case 'membership':
      return describeReferences(referencesOf(configured));
    case 'inversion':
      if (!configured.generator) return 'trains no models';
      return `trains a generator on other data of the same kind${configured.generator.guided ? ', guided by the target' : ''}`;
    case 'attribute':
      return configured.needs.auxiliary === 'none'
        ? 'trains no models'
        : 'learns from records whose attribute it knows';
    case 'stealing':
      return `trains a copy on the target’s answers about ${ASKED[poolOf(configured)]}`;
  }
};

const poolOf = ({ method }: ConfiguredStealing) => (method.kind === 'pool' ? method.pool.kind : 'generator');

const ASKED: Readonly<Record<ReturnType<typeof poolOf>, string>> = {
  shadow: 'other data of the same kind',
  partial: 'half of its training records',
  other: 'another data set',
  uniform: 'random inputs',
  generator: 'inputs that a generator makes',
};

const referencesOf = ({ references: { count, pool } }: ConfiguredAttack) => ({ count, pool: pool.kind });

/** `usual`: the attack with its defaults; of stealing, which has options enough, what stays as it is there is not said again. */
const summary = (configured: Configured, usual?: Configured): string => {
  const { needs } = configured;
  if (usual?.family === 'stealing' && describeModels(configured) === describeModels(usual))
    return `${notation(needs)} ${needs.output}`;
  const models =
    configured.family === 'membership' && holdsAudited(referencesOf(configured))
      ? `trains ${configured.references.count} models on halves with the audited records`
      : describeModels(configured);
  const own = needs.inputs === 'any' ? ', sends inputs of its own making' : '';
  return `${notation(needs)} ${needs.output}, ${models}${own}`;
};

interface Variant {
  readonly params: Readonly<Record<string, unknown>>;
  readonly configured: Configured;
}

/** One for each threat model and pool that one or two options with a few choices reach; the fewest options for each. */
const variants = (attack: Attack): Variant[] => {
  const seen = new Set([summary(attack.configure())]);
  const single = choicesOf(attack);
  // Those of stealing go together in any way, and each does the same whatever the others are.
  const pairs =
    attack.family === 'stealing'
      ? []
      : single.flatMap((one, i) => single.slice(i + 1).map((other) => ({ ...one, ...other })));
  return [...single, ...pairs].flatMap((params) => {
    const configured = tryOut(attack, params);
    if (configured === undefined || seen.has(summary(configured))) return [];
    seen.add(summary(configured));
    return [{ params, configured }];
  });
};

/** Every option that has a list of choices, or examples of its names, at each of them. */
const choicesOf = ({ schema }: Attack): Readonly<Record<string, unknown>>[] => {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).flatMap(([name, option]) =>
    typeof option === 'object'
      ? (option.enum ?? option.examples ?? []).map((value) => ({ [name]: value }))
      : [],
  );
};

/** Undefined for options that do not go together. */
const tryOut = (attack: Attack, params: unknown): Configured | undefined => {
  try {
    return attack.configure(params);
  } catch (error) {
    if (error instanceof AuditError) return undefined;
    throw error;
  }
};
