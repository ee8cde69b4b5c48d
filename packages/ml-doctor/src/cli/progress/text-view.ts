/** A running study for people: one live line on a terminal, in a log a line now and then. */

import type { RunEvent } from '../../audit/run-cells.ts';
import { duration, grouped } from '../../report/format.ts';
import { printable } from '../../report/plain-text.ts';
import type { StudyEvent } from '../../study/study-events.ts';
import type { Task, TaskProgress } from '../../study/task.ts';
import type { Sink } from '../io.ts';
import { describeFirstLook } from './first-look.ts';
import type { ProgressView } from './progress.ts';
import { TimeLeft } from './time-left.ts';

/** Least time between two repaints or two plain lines. */
const PAUSE_MS = { live: 100, plain: 15_000 } as const;

/** An estimate from less than this share of the work would jump about. */
const LEAST_SHARE = 0.03;

/** Of more tasks than this, only failures and how far it is are told. */
const MANY = 200;

interface Running {
  readonly task: Task;
  readonly startedAt: number;
  progress: TaskProgress;
}

export function textView(sink: Sink, now: () => number, live: boolean): ProgressView {
  const running = new Map<string, Running>();
  let toRun = 0;
  let ended = 0;
  let lastPaint = now();
  let painted = false;
  let expected: (RunEvent & { type: 'estimated' }) | undefined;
  let timeLeft: TimeLeft | undefined;

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
    const left = timeLeft?.seconds(time);
    const lines = [...running.values()].map((each) => describeRunning(each, time, left === undefined));
    if (lines.length === 0) return;
    lastPaint = time;
    const rest = left === undefined ? '' : `, ${atLeast(expected)}about ${duration(left)} left`;
    const text = printable(`[${ended}/${toRun}${rest}] ${lines.join(' | ')}`);
    if (!live) {
      sink.write(`${text}\n`);
      return;
    }
    const width = Math.max(20, (sink.columns ?? 80) - 1);
    sink.write(`\r\u001b[2K${text.length > width ? `${text.slice(0, width - 1)}…` : text}`);
    painted = true;
  };
  const prepare = ({ what, done, total }: RunEvent & { type: 'preparing' }) => {
    const time = now();
    if (done < total && time - lastPaint < (live ? PAUSE_MS.live : PAUSE_MS.plain)) return;
    lastPaint = time;
    const text = printable(`${what}: ${grouped(done)} of ${grouped(total)}`);
    sink.write(live ? `\r\u001b[2K${text}` : `${text}\n`);
    painted = live;
  };
  const end = (task: Task) => {
    ended += 1;
    running.delete(task.key);
    timeLeft?.end(task.key);
  };

  return {
    clear,
    onEvent(event) {
      switch (event.type) {
        case 'warning':
          say(`warning[${event.code}]: ${event.message}`);
          break;
        case 'first-look':
          say(describeFirstLook(event));
          break;
        case 'preparing':
          prepare(event);
          break;
        case 'waiting':
          say(event.what);
          break;
        case 'measuring':
          if (live) {
            sink.write('Measuring how fast this machine is …');
            painted = true;
          }
          break;
        case 'estimated':
          expected = event;
          break;
        case 'planned':
          toRun = event.toRun;
          say(describePlan(event) + describeEstimate(expected));
          if (expected) timeLeft = new TimeLeft(expected.secondsOf, expected.seconds, now());
          break;
        case 'started':
          running.set(event.task.key, { task: event.task, startedAt: now(), progress: { fraction: 0 } });
          if (event.attempt > 1) say(`${event.task.label}: attempt ${event.attempt}`);
          paint();
          break;
        case 'progress': {
          const known = running.get(event.task.key);
          if (known !== undefined) known.progress = event.progress;
          timeLeft?.progress(event.task.key, event.progress.fraction);
          paint();
          break;
        }
        case 'finished':
          end(event.task);
          if (toRun <= MANY)
            say(`[${ended}/${toRun}] ${event.task.label}: done in ${duration(event.record.seconds)}`);
          else paint();
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

function describeEstimate(expected: (RunEvent & { type: 'estimated' }) | undefined): string {
  if (expected === undefined) return '';
  return ` About ${duration(expected.seconds)}${expected.unknown > 0 ? ' or more' : ''}.`;
}

/** Where some tasks could not be estimated. */
const atLeast = (expected: (RunEvent & { type: 'estimated' }) | undefined): string =>
  expected !== undefined && expected.unknown > 0 ? 'at least ' : '';

/** @param alone whether the task says itself how long it takes, as nothing tells it for the whole run. */
function describeRunning(
  { task, startedAt, progress: { fraction, figures = {} } }: Running,
  time: number,
  alone: boolean,
): string {
  const seconds = (time - startedAt) / 1000;
  const parts = Object.entries(figures).map(([name, value]) => `${name} ${figure(value)}`);
  if (fraction > 0) parts.unshift(`${Math.floor(fraction * 100)} %`);
  parts.push(duration(seconds));
  if (alone && fraction >= LEAST_SHARE && fraction < 1)
    parts.push(`about ${duration((seconds * (1 - fraction)) / fraction)} left`);
  return `${task.label}: ${parts.join(', ')}`;
}

function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
}
