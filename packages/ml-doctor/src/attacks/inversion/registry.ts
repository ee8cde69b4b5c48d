/** Every inversion attack by name. Adding one is its folder and a line here. */
import { findAttack, pluggedAttacks } from '../find-attack.ts';
import { blackBox } from './black-box/black-box.ts';
import type { InversionAttack } from './inversion-attack.ts';
import { miFace } from './mi-face/mi-face.ts';
import { plg } from './plg/plg.ts';
import { secretRevealer } from './secret-revealer/secret-revealer.ts';

export type InversionName =
  | 'inversion/mi-face'
  | 'inversion/secret-revealer'
  | 'inversion/plg'
  | 'inversion/black-box';

/** Total by type: a name without its attack, or an attack under another's name, does not compile. */
export const inversionAttacks: { readonly [Name in InversionName]: InversionAttack<Name> } = {
  'inversion/mi-face': miFace,
  'inversion/secret-revealer': secretRevealer,
  'inversion/plg': plg,
  'inversion/black-box': blackBox,
};

/** @throws {AuditError} MLD_USAGE naming the known attacks of the family */
export const inversionAttackOf = (name: string): InversionAttack =>
  findAttack<InversionAttack>({ ...inversionAttacks, ...pluggedAttacks<InversionAttack>('inversion') }, name);
