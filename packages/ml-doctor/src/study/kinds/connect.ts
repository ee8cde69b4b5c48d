/** Task kind `connect`: a model that is elsewhere, as tasks name it. Nothing is asked yet. */
import type { OutputForm } from '../../defenses/output/output-form.ts';
import type { Json } from '../canonical-json.ts';
import type { TaskHandler } from '../task.ts';

export type ConnectParams = {
  /** The name by which the gateway knows it. */
  readonly target: string;
  /** All that tells it from other models: address, version, how it is asked. */
  readonly identity: Json;
  readonly classes: number;
  /** Of a defence that stands before its answers. */
  readonly output?: OutputForm;
};

export type ConnectResult = Record<string, never>;

export const CONNECT = 'connect';

export const connect: TaskHandler<ConnectParams, ConnectResult> = {
  code: ['ml-doctor/study/kinds/connect'],
  run: async () => ({ result: {} }),
};
