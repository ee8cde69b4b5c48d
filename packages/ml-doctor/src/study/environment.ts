/** What this process would compute with: code digests by kind, the onnxruntime version, device and threads. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Device } from 'onnx-grad';
import { AuditError } from '../errors.ts';
import { canonicalJson, type Json, sha256 } from './canonical-json.ts';
import { codeDigest, packageFolder } from './code-digest.ts';
import { handlerOf, type Task, type TaskHandler, type TaskHandlers, type TaskRuntime } from './task.ts';

/** Everything a planner needs to know of the machine; gathered once, so that planning itself stays pure. */
export interface PlanEnvironment {
  /** Kind of task → digest of the code it depends on. */
  readonly code: Readonly<Record<string, string>>;
  /** For a task that runs code of the user's own: the digest of that and of all that it may call. */
  readonly ownCode?: (kind: string, params: Json) => string | undefined;
  readonly runtime: TaskRuntime;
}

/** @param where device and threads that tasks will compute with; one CPU thread unless told. */
export function planEnvironment(
  handlers: TaskHandlers,
  where: { readonly device?: Device; readonly threads?: number } = {},
): PlanEnvironment {
  const code = Object.entries(handlers).map(([kind, handler]) => [kind, codeDigest(handler.code)]);
  const { device = 'cpu', threads = 1 } = where;
  return {
    code: Object.fromEntries(code),
    ownCode: (kind, params) => ownCode(handlerOf(handlers, kind), params),
    runtime: { onnxruntime: onnxruntimeVersion(), device, threads },
  };
}

/** A plugin may call anything of the product, so that any change there counts too. */
function ownCode({ code, userCode }: TaskHandler, params: Json): string | undefined {
  const own = userCode?.(params);
  if (own === undefined) return undefined;
  return sha256(canonicalJson([own, codeDigest([...code, 'ml-doctor', 'onnx-grad'])]));
}

/**
 * Throws `MLD_TASK_FAILED` when this process has other code or another onnxruntime than the task was planned with:
 * committing would put a result under the wrong key. Happens when sources are edited while a study runs.
 */
export function assertPlannedEnvironment(task: Task, handlers: TaskHandlers): void {
  const handler = handlerOf(handlers, task.kind);
  const code = ownCode(handler, task.params) ?? codeDigest(handler.code);
  const onnxruntime = onnxruntimeVersion();
  if (code === task.code && onnxruntime === task.runtime.onnxruntime) return;
  const changed =
    code === task.code
      ? `onnxruntime ${task.runtime.onnxruntime} became ${onnxruntime}`
      : 'its source code changed';
  throw new AuditError(
    'MLD_TASK_FAILED',
    `"${task.label}" was planned with other software than this worker has: ${changed}`,
    'Run the command again: what is finished is kept, and the rest is planned anew.',
  );
}

let version: string | undefined;

/** Read from the package's manifest, as loading the binary takes long and may fail; `absent` when not installed. */
export function onnxruntimeVersion(): string {
  version ??= readOnnxruntimeVersion();
  return version;
}

function readOnnxruntimeVersion(): string {
  let manifest: string;
  try {
    manifest = createRequire(join(packageFolder('onnx-grad'), 'package.json')).resolve(
      'onnxruntime-node/package.json',
    );
  } catch {
    return 'absent';
  }
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string };
  return version;
}
