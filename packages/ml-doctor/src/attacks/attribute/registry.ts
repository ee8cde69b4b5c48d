/** Every attribute-inference attack by name. Adding one is its folder and a line here. */
import { findAttack, pluggedAttacks } from '../find-attack.ts';
import type { AttributeAttack } from './attribute-attack.ts';
import { embedding } from './embedding/embedding.ts';
import { gradient } from './gradient/gradient.ts';
import { tabular } from './tabular/tabular.ts';

export type AttributeName = 'attribute/embedding' | 'attribute/tabular' | 'attribute/gradient';

/** Total by type: a name without its attack, or an attack under another's name, does not compile. */
export const attributeAttacks: { readonly [Name in AttributeName]: AttributeAttack<Name> } = {
  'attribute/embedding': embedding,
  'attribute/tabular': tabular,
  'attribute/gradient': gradient,
};

/** @throws {AuditError} MLD_USAGE naming the known attacks of the family */
export const attributeAttackOf = (name: string): AttributeAttack =>
  findAttack<AttributeAttack>({ ...attributeAttacks, ...pluggedAttacks<AttributeAttack>('attribute') }, name);
