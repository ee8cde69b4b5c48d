/** Every kind of task; the module that worker processes load. */
import type { TaskHandlers } from '../task.ts';
import { attack } from './attack.ts';
import { evaluate } from './evaluate.ts';
import { query } from './query.ts';
import { train } from './train.ts';

export const handlers = { attack, evaluate, query, train } as unknown as TaskHandlers;
