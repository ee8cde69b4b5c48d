/** One line that replaces itself, on a terminal; nothing elsewhere. */

import type { Sink } from '../io.ts';

const REPAINT_MS = 100;

export interface LiveLine {
  show(text: string): void;
  clear(): void;
}

export function liveLine(sink: Sink | undefined): LiveLine {
  const live = sink?.isTTY === true;
  let paintedAt = Number.NEGATIVE_INFINITY;
  return {
    show(text) {
      const now = performance.now();
      if (!live || now - paintedAt < REPAINT_MS) return;
      paintedAt = now;
      const width = Math.max(20, (sink.columns ?? 80) - 1);
      sink.write(`\r\u001b[2K${text.length > width ? `${text.slice(0, width - 1)}…` : text}`);
    },
    clear() {
      if (live && paintedAt > 0) sink.write('\r\u001b[2K');
    },
  };
}
