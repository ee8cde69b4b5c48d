/** The name of a task's result: a digest of everything the result depends on. */

import { canonicalJson, sha256 } from './canonical-json.ts';
import type { Task } from './task.ts';

/** All of a task that its result depends on; the label is for people. */
export type TaskIdentity = Omit<Task, 'key' | 'label'>;

/** 64 lower-case hexadecimal digits. Throws `internal: …` when the parameters are not JSON. */
export function taskKey({ kind, seed, params, inputs, code, runtime }: TaskIdentity): string {
  const { onnxruntime, device, threads } = runtime;
  return sha256(canonicalJson({ kind, seed, params, inputs, code, onnxruntime, device, threads }));
}
