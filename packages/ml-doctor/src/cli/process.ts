/** Signals and streams of the real process around {@link runCommandLine}. */

import { EXIT, type StopReason } from './errors.ts';
import type { Io } from './io.ts';
import { runCommandLine } from './run.ts';
import type { Services } from './services.ts';

/**
 * Runs the arguments of this process. The first Ctrl-C asks the command to stop cleanly, the second ends the process at
 * once. A reader that goes away (`| head`) silences its stream and changes nothing else: the work is worth finishing.
 */
export async function runProcess(services: Services): Promise<number> {
  const stop = new AbortController();
  const onSignal = (name: StopReason) => {
    if (stop.signal.aborted) process.exit(name === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted);
    stop.abort(name);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const io: Io = { stdout: tolerant(process.stdout), stderr: tolerant(process.stderr), env: process.env };
  try {
    return await runCommandLine(process.argv.slice(2), io, services, stop.signal);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

function tolerant(stream: NodeJS.WriteStream): Io['stdout'] {
  let gone = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    gone = true;
  });
  return {
    write: (text) => gone || stream.write(text),
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns ?? 80;
    },
  };
}
