/** What the planned attacks of all families have in common. */

import type { TaskRef } from '../../study/plan.ts';

export interface Planned {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly attack: TaskRef;
  readonly evaluation: TaskRef;
}
