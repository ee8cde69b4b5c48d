/** What a result answers, and under which circumstances it came about. */

import { resultId } from '../../report/canonical.ts';
import type { Result } from '../../report/schema.ts';
import type { CheckSplitResult } from '../../study/kinds/check-split.ts';
import type { Cell } from '../cell.ts';
import type { PlannedAttack } from '../plan/plan-attack.ts';

export interface Circumstances {
  readonly cell: Cell;
  /** Whether members and non-members differ without the model; undefined where that task failed. */
  readonly check: CheckSplitResult | undefined;
  /** What roles share by content, in words. */
  readonly shared: readonly string[];
}

/** The question that was put to the target, with its name. */
export const questionOf = (
  { name, configured }: Pick<PlannedAttack, 'name' | 'configured'>,
  { defense }: Cell,
): Pick<Result, 'id' | 'attack' | 'threatModel' | 'params' | 'defense'> => {
  const { access, auxiliary, output } = configured.needs;
  const question = {
    attack: name,
    threatModel: { access, auxiliary, output },
    params: { ...configured.params },
    defense,
  };
  return { id: resultId(question), ...question };
};
