/** How often a user's own model is right, in one line: the first thing that its owner can check. */

import type { FirstLook } from '../../audit/own/first-look.ts';

export const describeFirstLook = ({ members, nonMembers, scaling }: FirstLook): string => {
  const share = ({ right, records }: FirstLook['members']) =>
    `${(right / records).toFixed(3)} (${right} of ${records})`;
  const tried = scaling ? `; ${scaling.tried.length} other common scalings are no better` : '';
  return `Accuracy of the model on members ${share(members)}, on non-members ${share(nonMembers)}${tried}.`;
};
