/** The attacks that are run where nobody names any: all of a list that suit model and records. */

import { allAttacks, attackOf } from '../../attacks/registry.ts';
import type { AttackChoice } from '../../config/config.ts';
import { AuditError } from '../../errors.ts';
import { shortfall } from '../../targets/threat-model.ts';
import type { Cell } from '../cell.ts';
import { refuseUnsuitedAttack } from '../check/check-attack.ts';
import type { Datasets } from '../plan/plan-cells.ts';
import type { NotRun } from './subject.ts';

/**
 * From the cheapest to the dearest; the last train a few models, where the attacker has records for it. Nothing that
 * takes hours is run unasked.
 */
const USUAL: readonly (readonly [name: string, params: object])[] = [
  ['membership/loss-threshold', {}],
  ['membership/loss-threshold', { auxiliary: 'none' }],
  ['membership/label-only', { method: 'gap' }],
  ['membership/shadow-classifier', { auxiliary: 'partial' }],
  ['membership/shadow-classifier', { access: 'white-box', auxiliary: 'partial' }],
  ['membership/shadow-classifier', {}],
  ['membership/quantile', {}],
  ['membership/rmia', { mode: 'offline' }],
];

/** @returns the cell with its attacks, and with those that are left out */
export const chooseAttacks = (cell: Cell, datasets: Datasets): Cell => {
  const { own } = cell;
  if (!own || own.config.attacks) return cell;
  const chosen: AttackChoice[] = [];
  const refused = new Map<string, string>();
  for (const [name, given] of USUAL) {
    const choice = { name, params: attackOf(name).configure(given).params };
    const why = unsuitedBecause(cell, choice, datasets);
    // Where the attacker has records of his own his threshold comes from them; the scores are the same.
    const double = name === 'membership/loss-threshold' && chosen.some((one) => one.name === name);
    if (why === undefined && !double) chosen.push(choice);
    else if (why !== undefined && !refused.has(name)) refused.set(name, why);
  }
  const names = new Set(chosen.map(({ name }) => name));
  const notRun: NotRun[] = Object.values(allAttacks()).flatMap(({ name, configure }) => {
    if (names.has(name)) return [];
    const params = configure().params;
    const why = refused.get(name) ?? unsuitedBecause(cell, { name, params }, datasets);
    return [
      { attack: name, why: why ?? `It would suit, and takes longer: name it to run it (--attacks ${name}).` },
    ];
  });
  return {
    ...cell,
    attacks: chosen,
    own: { ...own, notRun },
    origin: { ...cell.origin, attacks: chosen.map((_, index) => ['attacks', index]) },
  };
};

/** In words; nothing where it can be run. */
const unsuitedBecause = (
  cell: Cell,
  { name, params }: AttackChoice,
  datasets: Datasets,
): string | undefined => {
  try {
    const configured = attackOf(name).configure(params);
    const short = shortfall(configured.needs, cell.offers);
    if (short) return `${name} needs ${short.part}: ${short.needs}; the target offers ${short.offers}.`;
    // Data sets of other attackers are read only where somebody names the attack.
    if (
      configured.family === 'stealing' &&
      configured.method.kind === 'pool' &&
      configured.method.pool.kind === 'other'
    )
      return undefined;
    refuseUnsuitedAttack(name, configured, cell, datasets);
    return undefined;
  } catch (error) {
    if (error instanceof AuditError) return `${error.message}. ${error.hint}`;
    throw error;
  }
};
