/** Attacks that do not suit the records or the model of a cell, whatever their family. */

import type { Configured } from '../../attacks/registry.ts';
import type { Cell } from '../cell.ts';
import type { Datasets } from '../plan/plan-cells.ts';
import { refuseUnsuitedInversion } from './check-inversion.ts';
import { refuseUnsuitedMembership } from './check-membership.ts';

/** @throws {AuditError} MLD_ATTACK_UNSUITED, MLD_SPLIT, MLD_CONFIG */
export const refuseUnsuitedAttack = (
  name: string,
  configured: Configured,
  cell: Cell,
  datasets: Datasets,
): void =>
  configured.family === 'membership'
    ? refuseUnsuitedMembership(name, configured, cell, datasets)
    : refuseUnsuitedInversion(name, configured, cell, datasets);
