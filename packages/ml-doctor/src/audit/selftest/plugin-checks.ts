/** The contract suite over what plugins bring: the same checks as built-in attacks and defences go through. */

import { z } from 'zod';
import type { Attack } from '../../attacks/registry.ts';
import { AuditError } from '../../errors.ts';
import type { LoadedPlugin } from '../../study/plugins/loaded.ts';
import type { Check } from './check.ts';
import { attributeContract } from './contract/attribute-contract.ts';
import { defenseContract } from './contract/defense-contract.ts';
import { definitionContract } from './contract/definition-contract.ts';
import { inversionContract } from './contract/inversion-contract.ts';
import { membershipContract } from './contract/membership-contract.ts';
import { stealingContract } from './contract/stealing-contract.ts';

/** How one attack or defence is tried out: what a plugin says under its name in `contract`. */
const trial = z.strictObject({
  variant: z.string().optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  bench: z
    .strictObject({
      features: z.enum(['binary', 'image']).optional(),
      classes: z.int().min(3).optional(),
      size: z.int().min(20).max(1000).optional(),
    })
    .optional(),
  settings: z
    .array(z.enum(['rows', 'pictures']))
    .min(1)
    .optional(),
  blind: z.string().min(1).optional(),
  roughThreshold: z.string().min(1).optional(),
  learnsFromAsked: z.boolean().optional(),
});
export type Trial = z.output<typeof trial>;

const contractOf = ({ contract, file }: LoadedPlugin): Readonly<Record<string, readonly Trial[]>> => {
  const parsed = z.record(z.string(), z.array(trial).min(1)).default({}).safeParse(contract);
  if (!parsed.success)
    throw new AuditError(
      'MLD_PLUGIN',
      `plugin ${file}: its export contract: ${z.prettifyError(parsed.error)}`,
      'It maps names to lists of trials (params, bench, settings, blind, roughThreshold); see docs/plugins.md.',
    );
  return parsed.data;
};

/** @throws {AuditError} MLD_PLUGIN for a `contract` that says what it cannot */
export const pluginChecks = (plugin: LoadedPlugin): readonly Check[] => {
  const contract = contractOf(plugin);
  const all = [...plugin.attacks, ...plugin.defenses];
  const stranger = Object.keys(contract).find((name) => !all.some((one) => one.name === name));
  if (stranger !== undefined)
    throw new AuditError(
      'MLD_PLUGIN',
      `plugin ${plugin.file}: its contract speaks of ${stranger}, which it does not export`,
      `It exports ${all.map(({ name }) => name).join(', ')}.`,
    );
  return all.flatMap((one) => [
    ...under(one.name, definitionContract(one)),
    ...(contract[one.name] ?? [{}]).flatMap((tried) =>
      under(
        tried.variant === undefined ? one.name : `${one.name} (${tried.variant})`,
        'family' in one ? attackContract(one, tried) : defenseContract({ defense: one, ...without(tried) }),
      ),
    ),
  ]);
};

/** What is undefined in a parsed trial is left out of the case. */
const without = (tried: Trial) =>
  Object.fromEntries(Object.entries(tried).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof Trial]?: Exclude<Trial[K], undefined>;
  };

const attackContract = (attack: Attack, tried: Trial): readonly Check[] => {
  const { bench, ...rest } = without(tried);
  switch (attack.family) {
    case 'membership':
      return membershipContract({ attack, ...rest, ...(bench && { bench: bench as object }) });
    case 'attribute':
      return attributeContract({ attack, ...rest });
    case 'inversion':
      return inversionContract({ attack, ...rest });
    case 'stealing':
      return stealingContract({ attack, ...rest });
  }
};

const under = (name: string, checks: readonly Check[]): readonly Check[] =>
  checks.map((one) => ({ ...one, name: `${name} ${one.name}` }));
