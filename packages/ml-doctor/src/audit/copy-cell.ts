/** A stolen copy as the target of other attacks: what its thief holds in the place of the cell's own model. */

import { stealingAttackOf } from '../attacks/stealing/registry.ts';
import type { ConfiguredStealing } from '../attacks/stealing/stealing-attack.ts';
import type { AttackChoice } from '../config/config.ts';
import { AuditError } from '../errors.ts';
import { FULL_OFFER } from '../targets/threat-model.ts';
import type { Cell } from './cell.ts';

/** What the copy is built as. */
export const copyArchitecture = (cell: Cell, { architecture: wanted }: ConfiguredStealing): string =>
  wanted === 'target' ? cell.model.model : wanted;

/**
 * The cell as the attacker of a copy sees it: the copy's architecture, without any defence, and all of it in his hands.
 * Data and seed stay those of the target, which is what the records were members of.
 */
export const copyCell = (cell: Cell, stealing: ConfiguredStealing): Cell => ({
  ...cell,
  ...(cell.own && { own: { ...cell.own, subject: { kind: 'copy' } } }),
  model: { ...cell.model, model: copyArchitecture(cell, stealing) },
  offers: FULL_OFFER,
  defense: { name: 'none', params: {} },
});

/**
 * The attack that steals the copy which another one goes through; undefined for an attack on the target itself.
 * @throws {AuditError} MLD_CONFIG unless the cell has exactly one of that name
 */
export const thiefOf = (
  { attacks }: Pick<Cell, 'attacks'>,
  { name, through }: AttackChoice,
): { readonly choice: AttackChoice; readonly configured: ConfiguredStealing } | undefined => {
  if (through === undefined) return undefined;
  const [choice, ...others] = attacks.filter((one) => one.name === through);
  if (choice === undefined || others.length > 0)
    throw new AuditError(
      'MLD_CONFIG',
      `${name} goes through ${through}, of which there ${others.length === 0 ? 'is none' : `are ${others.length + 1}`} among the attacks`,
      `Have ${through} among the attacks once.`,
    );
  return { choice, configured: stealingAttackOf(through).configure(choice.params) };
};
