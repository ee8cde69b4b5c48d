/** Runs random graphs on real stores and holds every event, count, log line and result against the model. */

import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Executor } from '../../src/study/executors/executor.ts';
import { inlineExecutor } from '../../src/study/executors/inline.ts';
import { localExecutor } from '../../src/study/executors/local.ts';
import { runStudy } from '../../src/study/scheduler.ts';
import { type FolderStore, openStore } from '../../src/study/store/folder-store.ts';
import type { StudyEvent, StudySummary } from '../../src/study/study-events.ts';
import {
  attemptsOf,
  type Model,
  type ModelTask,
  modelOf,
  neededOf,
  type RandomNode,
} from './random-graph.ts';
import { attemptsFile, bytesOf, endsFile, randomHandlers } from './random-handlers.ts';

/** A model, a store for it, and the folder of its logs. */
export interface World {
  readonly model: Model;
  readonly store: FolderStore;
  readonly folder: string;
}

/** @param at where its store is; in the same folder unless told. */
export async function newWorld(nodes: readonly RandomNode[], folder: string, at = folder): Promise<World> {
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  return { model: modelOf(nodes, logs), store: await openStore(join(at, 'store')), folder: logs };
}

/** What runs the tasks: this process, or so many others. */
export type Crew = 'inline' | number;

export function executorOf(crew: Crew, tag: string, store: FolderStore): Executor {
  if (crew === 'inline') return inlineExecutor({ store, handlers: randomHandlers(tag, false) });
  const handlers = new URL('./random-handlers.ts', import.meta.url);
  handlers.searchParams.set('tag', tag);
  return localExecutor({ store, handlers, workers: crew });
}

export interface RunOptions {
  readonly crew: Crew;
  readonly tag: string;
  /** Stop at this event, counted from 1. */
  readonly stopAt?: number;
}

/** One run, nobody else on the store. */
export async function runAndCheck(world: World, { crew, tag, stopAt }: RunOptions): Promise<StudySummary> {
  const { model, store, folder } = world;
  const stored = await storedIn(world);
  const needed = neededOf(model, stored);
  const byKey = new Map(model.tasks.map((task) => [task.key, task]));
  for (const { index } of model.tasks) rmSync(attemptsFile(folder, tag, index), { force: true });
  rmSync(endsFile(folder, tag), { force: true });

  const events: StudyEvent[] = [];
  const abort = new AbortController();
  const running = new Set<string>();
  const executor = executorOf(crew, tag, store);
  const onEvent = (event: StudyEvent) => {
    events.push(event);
    if (events.length === stopAt) abort.abort();
    if (event.type === 'started') {
      for (const input of event.task.inputs) expect(existsSync(store.recordPath(input))).toBe(true);
      running.add(event.task.key);
      expect(running.size).toBeLessThanOrEqual(crew === 'inline' ? 1 : crew);
    }
    if (event.type === 'finished' || event.type === 'failed') running.delete(event.task.key);
  };
  const { signal } = abort;
  const summary = await runStudy({ plan: model.plan, store, executor, signal, onEvent });
  await executor.close();

  const ended = {
    finished: keysOf(events, 'finished'),
    failed: keysOf(events, 'failed'),
    blocked: keysOf(events, 'blocked'),
  };
  const expected = (ending: string) => [...needed].filter((key) => byKey.get(key)?.ending === ending);
  const { ran, cached, failed, blocked, aborted, holes } = summary;
  expect(events[0]).toMatchObject({ type: 'planned', total: model.tasks.length, toRun: needed.size });
  expect(ran + cached + failed + blocked + aborted).toBe(model.tasks.length);
  expect([ran, cached, failed, blocked]).toEqual([
    ...[ended.finished.length, model.tasks.length - needed.size, ended.failed.length, ended.blocked.length],
  ]);
  expect(holes.map(({ task }) => task.key).sort()).toEqual([...ended.failed, ...ended.blocked].sort());
  for (const { task, failed } of holes) expect(reaches(byKey.get(task.key), failed.key)).toBe(true);
  if (stopAt === undefined || !signal.aborted) {
    expect(aborted).toBe(0);
    expect(ended.finished.sort()).toEqual(expected('done').sort());
    expect(ended.failed.sort()).toEqual(expected('failed').sort());
    expect(ended.blocked.sort()).toEqual(expected('blocked').sort());
  } else {
    expect(expected('done')).toEqual(expect.arrayContaining(ended.finished));
    expect(expected('failed')).toEqual(expect.arrayContaining(ended.failed));
    expect(expected('blocked')).toEqual(expect.arrayContaining(ended.blocked));
  }

  const attempts = new Map<string, number[]>();
  for (const event of events)
    if (event.type === 'started')
      attempts.set(event.task.key, [...(attempts.get(event.task.key) ?? []), event.attempt]);
  for (const [key, numbers] of attempts) {
    expect(needed.has(key)).toBe(true);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    const whole = attemptsOf((byKey.get(key) as ModelTask).fate, crew !== 'inline');
    if ([...ended.finished, ...ended.failed].includes(key)) expect(numbers).toHaveLength(whole);
    else expect(numbers.length).toBeLessThanOrEqual(whole);
  }

  const ends = endsOf(folder, tag);
  expect(new Set(ends).size).toBe(ends.length);
  const finished = ended.finished.map((key) => byKey.get(key)?.index);
  expect(ends).toEqual(expect.arrayContaining(finished));
  await checkResults(world, new Set([...stored, ...ended.finished]));
  return summary;
}

/** The store has these results, each the one that the model says, and no result of a task that cannot have one. */
export async function checkResults({ model, store }: World, keys: ReadonlySet<string>): Promise<void> {
  for (const { key, index, value, ending } of model.tasks) {
    const record = await store.record(key).catch(() => undefined);
    if (keys.has(key)) expect(record).toBeDefined();
    if (record === undefined) continue;
    expect(ending).toBe('done');
    expect(record.result).toBe(value);
    expect(await (await store.finished(key)).blob('value')).toEqual(bytesOf(index, value));
  }
}

export async function storedIn({ model, store }: World): Promise<Set<string>> {
  const stored = new Set<string>();
  for (const { key } of model.tasks) {
    if ((await store.record(key).catch(() => undefined)) !== undefined) stored.add(key);
  }
  return stored;
}

/** Indices of the nodes that came to their end, in order. */
export function endsOf(folder: string, tag: string): number[] {
  const file = endsFile(folder, tag);
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
}

export type Damage = 'none' | 'record lost' | 'record cut' | 'blob lost' | 'blob cut';

/** Does so to the task's files, if it has any. */
export async function damage({ store }: World, { key }: ModelTask, kind: Damage): Promise<void> {
  const record = await store.record(key).catch(() => undefined);
  if (record === undefined || kind === 'none') return;
  const blob = store.blobPath(record.blobs['value']?.sha256 ?? '');
  if (kind === 'record lost') rmSync(store.recordPath(key));
  if (kind === 'record cut') truncateSync(store.recordPath(key), 30);
  if (kind === 'blob lost') rmSync(blob);
  if (kind === 'blob cut') truncateSync(blob, 7);
}

const keysOf = (events: readonly StudyEvent[], type: 'finished' | 'failed' | 'blocked'): string[] =>
  events.flatMap((event) => (event.type === type ? [event.task.key] : []));

/** Whether it is the task of that key, or needs it. */
const reaches = (task: ModelTask | undefined, key: string): boolean =>
  task !== undefined && (task.key === key || task.inputs.some((input) => reaches(input, key)));
