/** Shows a running study on stderr: one live line on a terminal, a line now and then in a log, JSON lines for programs. */

import { duration, grouped } from '../report/format.ts';
import { printable } from '../report/terminal.ts';
import type { StudyEvent } from '../study/study-events.ts';
import type { Task, TaskProgress } from '../study/task.ts';
import type { Sink } from './io.ts';

/** Least time between two repaints, plain lines or JSON lines about progress. */
const PAUSE_MS = { live: 100, plain: 15_000, json: 1000 } as const;

/** An estimate from less than this share of the work would jump about. */
const LEAST_SHARE = 0.03;

export interface ProgressView {
  onEvent(event: StudyEvent): void;
  /** Removes the live line; call before anything else is written to the terminal, and once more at the end. */
  clear(): void;
}

export interface ProgressOptions {
  readonly json: boolean;
  /** Milliseconds from any origin. */
  readonly now?: () => number;
}

interface Running {
  readonly task: Task;
  readonly startedAt: number;
  progress: TaskProgress;
}

/** The view that suits the sink. */
export function createProgress(
  sink: Sink,
  { json, now = () => performance.now() }: ProgressOptions,
): ProgressView {
  if (json) return jsonView(sink, now);
  return textView(sink, now, sink.isTTY === true);
}

function textView(sink: Sink, now: () => number, live: boolean): ProgressView {
  const running = new Map<string, Running>();
  let toRun = 0;
  let ended = 0;
  let lastPaint = now();
  let painted = false;

  const clear = () => {
    if (painted) sink.write('\r\u001b[2K');
    painted = false;
  };
  const say = (text: string) => {
    clear();
    sink.write(`${printable(text)}\n`);
  };
  const paint = () => {
    const time = now();
    if (time - lastPaint < (live ? PAUSE_MS.live : PAUSE_MS.plain)) return;
    const lines = [...running.values()].map((each) => describeRunning(each, time));
    if (lines.length === 0) return;
    lastPaint = time;
    const text = printable(`[${ended + 1}/${toRun}] ${lines.join(' | ')}`);
    if (!live) {
      sink.write(`${text}\n`);
      return;
    }
    const width = Math.max(20, (sink.columns ?? 80) - 1);
    sink.write(`\r\u001b[2K${text.length > width ? `${text.slice(0, width - 1)}…` : text}`);
    painted = true;
  };
  const end = (task: Task) => {
    ended += 1;
    running.delete(task.key);
  };

  return {
    clear,
    onEvent(event) {
      switch (event.type) {
        case 'planned':
          toRun = event.toRun;
          say(describePlan(event));
          break;
        case 'started':
          running.set(event.task.key, { task: event.task, startedAt: now(), progress: { fraction: 0 } });
          if (event.attempt > 1) say(`${event.task.label}: attempt ${event.attempt}`);
          paint();
          break;
        case 'progress': {
          const known = running.get(event.task.key);
          if (known !== undefined) known.progress = event.progress;
          paint();
          break;
        }
        case 'finished':
          end(event.task);
          say(`[${ended}/${toRun}] ${event.task.label}: done in ${duration(event.record.seconds)}`);
          break;
        case 'failed':
          end(event.task);
          say(
            `[${ended}/${toRun}] ${event.task.label}: failed [${event.failure.code}] ${event.failure.message}`,
          );
          break;
        case 'blocked':
          end(event.task);
          say(`[${ended}/${toRun}] ${event.task.label}: not run, as it needs ${event.by.label}`);
          break;
        case 'damaged':
          say(
            `${event.task.label}: its stored result is unusable and ${event.needed ? 'is made anew' : 'not needed now'} (${event.failure.message})`,
          );
          break;
        case 'cached':
          break;
      }
    },
  };
}

function describePlan({ total, cached, unneeded, toRun }: StudyEvent & { type: 'planned' }): string {
  const stored = cached - unneeded;
  if (toRun === 0) {
    const found =
      unneeded === 0
        ? `all ${grouped(total)} tasks are in the store`
        : `${grouped(stored)} of ${grouped(total)} tasks are in the store, and no other is needed`;
    return `Nothing to train or compute: ${found}.`;
  }
  const kept =
    (stored === 0 ? '' : `, ${grouped(stored)} of them already in the store`) +
    (unneeded === 0 ? '' : `, ${grouped(unneeded)} not needed`);
  return `${grouped(total)} tasks${kept}; ${grouped(toRun)} to run.`;
}

function describeRunning(
  { task, startedAt, progress: { fraction, figures = {} } }: Running,
  time: number,
): string {
  const seconds = (time - startedAt) / 1000;
  const parts = Object.entries(figures).map(([name, value]) => `${name} ${figure(value)}`);
  if (fraction > 0) parts.unshift(`${Math.floor(fraction * 100)} %`);
  parts.push(duration(seconds));
  if (fraction >= LEAST_SHARE && fraction < 1)
    parts.push(`about ${duration((seconds * (1 - fraction)) / fraction)} left`);
  return `${task.label}: ${parts.join(', ')}`;
}

function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
}

/** One event a line, without the bulk of records; progress at most once a second and task. */
function jsonView(sink: Sink, now: () => number): ProgressView {
  const lastSaid = new Map<string, number>();
  return {
    clear() {},
    onEvent(event) {
      if (event.type === 'progress') {
        const last = lastSaid.get(event.task.key);
        if (last !== undefined && now() - last < PAUSE_MS.json) return;
        lastSaid.set(event.task.key, now());
      }
      sink.write(`${JSON.stringify(plainEvent(event))}\n`);
    },
  };
}

function plainEvent(event: StudyEvent): Record<string, unknown> {
  if (event.type === 'planned') return { ...event };
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
