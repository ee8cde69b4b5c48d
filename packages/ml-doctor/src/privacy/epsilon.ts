/** The epsilon that a private training has spent, by any accountant. */
import { checkSetting } from './check-setting.ts';
import { pldEpsilon } from './pld/pld-epsilon.ts';
import { classicRdpEpsilon, rdpEpsilon } from './rdp/rdp-epsilon.ts';
import { roundUp } from './round-up.ts';
import type { Accountant, SubsampledGaussian } from './setting.ts';

const accountants: {
  readonly [A in Accountant]: (setting: SubsampledGaussian, delta: number) => number;
} = { pld: pldEpsilon, rdp: rdpEpsilon, 'rdp-classic': classicRdpEpsilon };

/**
 * An upper bound of epsilon at `delta`, rounded up to six digits; ∞ where the accountant finds none.
 * @throws {AuditError} MLD_PRIVACY for a setting or a delta that cannot be
 */
export const epsilonOf = (setting: SubsampledGaussian, delta: number, accountant: Accountant): number => {
  checkSetting(setting, delta);
  return roundUp(accountants[accountant](setting, delta));
};
