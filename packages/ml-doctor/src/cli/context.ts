/** What every command is given, and where it leaves its exit status. */

import type { Io } from './io.ts';

export interface CommandContext {
  readonly io: Io;
  /** Aborted by Ctrl-C, with the name of the signal as its reason. */
  readonly signal: AbortSignal;
  /** 0 unless a command sets it. */
  exitStatus: number;
}
