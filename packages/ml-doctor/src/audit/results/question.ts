/** What a result answers, and under which circumstances it came about. */

import { resultId } from '../../report/canonical.ts';
import type { Privacy, Result } from '../../report/schema.ts';
import type { CheckSplitResult } from '../../study/kinds/check-split.ts';
import type { Auxiliary, ThreatModel } from '../../targets/threat-model.ts';
import type { Cell } from '../cell.ts';
import type { PlannedAttack } from '../plan/plan-attack.ts';

export interface Circumstances {
  readonly cell: Cell;
  /** Whether members and non-members differ without the model; undefined where that task failed. */
  readonly check: CheckSplitResult | undefined;
  /** What roles share by content, in words. */
  readonly shared: readonly string[];
  /** What is claimed of the target's training. */
  readonly privacy?: Privacy;
}

/** The question that was put to the target, with its name. */
export const questionOf = (
  { name, configured, through }: Pick<PlannedAttack, 'name' | 'configured' | 'through'>,
  { defense }: Cell,
): Pick<Result, 'id' | 'attack' | 'threatModel' | 'params' | 'defense' | 'through'> => {
  const { access, auxiliary, output } = through
    ? throughCopy(through.configured.needs, configured.needs)
    : configured.needs;
  const question = {
    attack: name,
    threatModel: { access, auxiliary, output },
    params: { ...configured.params },
    defense,
    ...(through && {
      through: {
        attack: through.name,
        params: { ...through.configured.params },
        queries: through.budget,
      },
    }),
  };
  return { id: resultId(question), ...question };
};

/** From the least to the most that an attacker's data says of the target's. */
const DATA: readonly Auxiliary[] = ['none', 'other', 'shadow', 'partial'];

/** Of the target an attacker needs what stealing needs; of data, the better of what either has. */
const throughCopy = (stealing: ThreatModel, own: ThreatModel): ThreatModel => ({
  ...stealing,
  auxiliary: DATA[Math.max(DATA.indexOf(stealing.auxiliary), DATA.indexOf(own.auxiliary))] as Auxiliary,
});
