/** Attacks that do not suit the records or the model of a cell, whatever their family. */

import type { Configured } from '../../attacks/registry.ts';
import type { Cell } from '../cell.ts';
import { refuseUnsuitedOwn } from '../own/check-own.ts';
import type { Datasets } from '../plan/plan-cells.ts';
import { refuseUnsuitedAttribute } from './check-attribute.ts';
import { refuseUnsuitedInversion } from './check-inversion.ts';
import { refuseUnsuitedMembership } from './check-membership.ts';
import { refuseUnsuitedStealing } from './check-stealing.ts';

/** @throws {AuditError} MLD_ATTACK_UNSUITED, MLD_ATTRIBUTE_*, MLD_LAYER_UNKNOWN, MLD_POOL_*, MLD_SPLIT, MLD_CONFIG */
export const refuseUnsuitedAttack = (
  name: string,
  configured: Configured,
  cell: Cell,
  datasets: Datasets,
): void => {
  refuseUnsuitedOwn(name, configured, cell);
  if (configured.family === 'membership') refuseUnsuitedMembership(name, configured, cell, datasets);
  else if (configured.family === 'inversion') refuseUnsuitedInversion(name, configured, cell, datasets);
  else if (configured.family === 'attribute') refuseUnsuitedAttribute(name, configured, cell, datasets);
  else refuseUnsuitedStealing(name, configured, cell, datasets);
};
