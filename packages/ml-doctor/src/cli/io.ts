/** What a command may touch of the world: two streams and the environment, so that tests can hand it others. */

export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** Width of the terminal in characters. */
  readonly columns?: number;
}

export interface Io {
  /** The result, and nothing else. */
  readonly stdout: Sink;
  /** Progress and errors. */
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Colours go to people only: a terminal, and no NO_COLOR (no-color.org). */
export function wantsColour(sink: Sink, env: Io['env']): boolean {
  return sink.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
}
