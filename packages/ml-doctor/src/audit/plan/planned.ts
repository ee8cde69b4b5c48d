/** What the planned attacks of all families have in common. */

import type { ConfiguredStealing } from '../../attacks/stealing/stealing-attack.ts';
import type { TaskRef } from '../../study/plan.ts';

export interface Through {
  /** The stealing attack. */
  readonly name: string;
  readonly configured: ConfiguredStealing;
  /** Queries that the copy may cost. */
  readonly budget: number;
}

export interface Planned {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly attack: TaskRef;
  /** Where a stolen copy is attacked in the target's place: how it was got. */
  readonly through?: Through;
  readonly evaluation: TaskRef;
}
