/** Every kind of task; the module that worker processes load. */
import type { TaskHandlers } from '../task.ts';
import { attack } from './attack/attack.ts';
import { checkSplit } from './check-split.ts';
import { evaluate } from './evaluate.ts';
import { query } from './query.ts';
import { synthesise } from './synthesise.ts';
import { train } from './train.ts';

export const handlers = {
  attack,
  'check-split': checkSplit,
  evaluate,
  query,
  synthesise,
  train,
} as unknown as TaskHandlers;
