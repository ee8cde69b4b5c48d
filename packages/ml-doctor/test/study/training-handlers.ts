/** The real training task, which also writes the id of its process to a file. Loaded by worker processes. */

import { appendFileSync } from 'node:fs';
import { type TrainParams, train } from '../../src/study/kinds/train.ts';
import type { TaskHandler, TaskHandlers } from '../../src/study/task.ts';

/** What to train, and the file. */
export type LoggedTraining = { readonly log: string; readonly training: TrainParams };

const logged: TaskHandler<LoggedTraining> = {
  code: train.code,
  run: ({ log, training }, inputs, context) => {
    appendFileSync(log, `${process.pid}\n`);
    return train.run(training, inputs, context);
  },
};

export const handlers = { train: logged } as unknown as TaskHandlers;
