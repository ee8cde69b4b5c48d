/** The real program with the real services, run in the test's own process: a second or two cheaper than another one. */

import { runCommandLine } from '../../src/cli/run.ts';
import { services } from '../../src/cli/services.ts';
import { type EventLine, eventsIn } from './program.ts';

export interface EndedHere {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of JSON on stderr. */
  readonly events: readonly EventLine[];
}

export async function runHere(args: readonly string[]): Promise<EndedHere> {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text;
    },
  });
  const io = { stdout: sink('stdout'), stderr: sink('stderr'), env: {} };
  const status = await runCommandLine(args, io, services, new AbortController().signal);
  return { status, ...written, events: eventsIn(written.stderr) };
}
