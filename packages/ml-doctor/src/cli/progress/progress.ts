/** Shows a running study on stderr: one live line on a terminal, a line now and then in a log, JSON lines for programs. */

import type { RunEvent } from '../../audit/run-cells.ts';
import type { Sink } from '../io.ts';
import { jsonView } from './json-view.ts';
import { textView } from './text-view.ts';

export interface ProgressView {
  onEvent(event: RunEvent): void;
  /** Removes the live line; call before anything else is written to the terminal, and once more at the end. */
  clear(): void;
}

export interface ProgressOptions {
  readonly json: boolean;
  /** Milliseconds from any origin. */
  readonly now?: () => number;
}

/** The view that suits the sink. */
export function createProgress(
  sink: Sink,
  { json, now = () => performance.now() }: ProgressOptions,
): ProgressView {
  return json ? jsonView(sink, now) : textView(sink, now, sink.isTTY === true);
}
