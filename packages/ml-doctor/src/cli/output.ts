/** The output folder and the progress line around a command that runs tasks. */

import type { RunEvent } from '../audit/run-cells.ts';
import { prepareOutput } from '../report/write.ts';
import type { CommandContext } from './context.ts';
import { createProgress, type ProgressView } from './progress/progress.ts';
import { type RunFlags, type RunSettings, settingsFrom } from './run-settings.ts';

export type OnEvent = (event: RunEvent) => void;

export interface Output {
  /** Absolute. */
  readonly dir: string;
  readonly settings: RunSettings;
  readonly progress: ProgressView;
}

/** A run that ends with an error leaves no folder behind that it made and that is empty. */
export async function withOutput<T>(
  flags: RunFlags,
  { io }: CommandContext,
  act: (output: Output) => Promise<T>,
): Promise<T> {
  const output = await prepareOutput(flags.out);
  const progress = createProgress(io.stderr, { json: flags.json === true });
  try {
    return await act({ dir: output.dir, settings: settingsFrom(flags, output.dir, io.env), progress });
  } catch (error) {
    progress.clear();
    await output.discardIfEmpty();
    throw error;
  }
}
