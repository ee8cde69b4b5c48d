/** Why a task failed, as plain data that survives a process boundary. */

/** Stable code, message and hint as the error carried them. */
export interface TaskFailure {
  /** `MLD_…` or `OG_…`. */
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** Whether the same task may succeed when tried again. */
  readonly transient: boolean;
  /** For whoever looks into it: a stack trace, or the last output of a dead worker. */
  readonly detail?: string;
}

/** Errors made for users pass as they are; anything else becomes `MLD_TASK_FAILED`. */
export function failureOf(error: unknown): TaskFailure {
  const { code, hint, transient } = (error ?? {}) as { code?: unknown; hint?: unknown; transient?: unknown };
  const made = typeof code === 'string' && typeof hint === 'string';
  const isError = error instanceof Error;
  const stack = quietly(() => (isError ? error.stack : undefined));
  return {
    code: made ? code : 'MLD_TASK_FAILED',
    message:
      quietly(() => String(isError ? error.message : error)) ??
      'something was thrown that cannot be written as text',
    hint: made ? hint : 'This looks like a defect of the task itself; the detail says where it happened.',
    transient: transient === true,
    ...(stack === undefined ? {} : { detail: stack }),
  };
}

/** Anything can be thrown, also what throws when looked at. */
function quietly(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
