/** Events as JSON lines, without the bulk of records; progress at most once a second and task, or data set. */

import type { RunEvent } from '../../audit/run-cells.ts';
import type { Sink } from '../io.ts';
import type { ProgressView } from './progress.ts';

const PAUSE_MS = 1000;

export function jsonView(sink: Sink, now: () => number): ProgressView {
  const lastSaid = new Map<string, number>();
  return {
    clear() {},
    onEvent(event) {
      const about = repeated(event);
      if (about !== undefined) {
        const last = lastSaid.get(about);
        if (last !== undefined && now() - last < PAUSE_MS) return;
        lastSaid.set(about, now());
      }
      sink.write(`${JSON.stringify(plainEvent(event))}\n`);
    },
  };
}

/** What an event of many is about. */
function repeated(event: RunEvent): string | undefined {
  if (event.type === 'progress') return event.task.key;
  return event.type === 'preparing' && event.done < event.total ? event.what : undefined;
}

function plainEvent(event: RunEvent): Record<string, unknown> {
  if (!('task' in event) && event.type !== 'estimated') return { ...event };
  if (event.type === 'estimated') {
    const { type, seconds, unknown } = event;
    return { type, seconds, unknown };
  }
  const named = { type: event.type, task: event.task.label, key: event.task.key };
  switch (event.type) {
    case 'started':
      return { ...named, attempt: event.attempt };
    case 'progress':
      return { ...named, ...event.progress };
    case 'finished':
      return { ...named, seconds: event.record.seconds };
    case 'damaged':
    case 'failed': {
      const { code, message, hint } = event.failure;
      const needed = event.type === 'damaged' ? { needed: event.needed } : {};
      return { ...named, code, message, hint, ...needed };
    }
    case 'blocked':
      return { ...named, by: event.by.label };
    case 'cached':
      return named;
  }
}
