/** The name of a task's result: a digest of everything the result depends on. */

import { canonicalJson, sha256 } from './canonical-json.ts';
import type { Task } from './task.ts';

/** All of a task that its result depends on; the label is for people, the effort for estimates, the rest saves time. */
export type TaskIdentity = Omit<Task, 'key' | 'label' | 'effort' | 'continues' | 'continuedBy'>;

/** 64 lower-case hexadecimal digits. Throws `internal: …` when the parameters are not JSON. */
export function taskKey({ params, ...rest }: TaskIdentity): string {
  return keyOfWritten(rest, canonicalJson(params));
}

/** {@link taskKey} of a task whose parameters are written as canonical JSON already. */
export function keyOfWritten(
  { kind, seed, inputs, code, runtime }: Omit<TaskIdentity, 'params'>,
  params: string,
): string {
  const { onnxruntime, device, threads } = runtime;
  // The text of the rest with the parameters where they belong in the order of names.
  const before = canonicalJson({ code, device, inputs, kind, onnxruntime });
  const after = canonicalJson({ seed, threads });
  return sha256(`${before.slice(0, -1)},"params":${params},${after.slice(1)}`);
}
