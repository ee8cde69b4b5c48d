/** What a watcher of a study sees, by a clock that the test turns. */

import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../audit/run-cells.ts';
import type { TaskRecord } from '../../study/store/task-record.ts';
import type { Task } from '../../study/task.ts';
import { createProgress } from './progress.ts';

const task = (label: string): Task => ({
  key: label,
  kind: 'train',
  label,
  seed: 0,
  params: null,
  inputs: [],
  code: '',
  runtime: { onnxruntime: '1', device: 'cpu', threads: 1 },
});

const record = (seconds: number): TaskRecord => ({
  schema: 'ml-doctor/task@1',
  key: '',
  kind: 'train',
  label: '',
  seed: 0,
  params: null,
  inputs: [],
  result: null,
  blobs: {},
  seconds,
  finishedAt: '2026-01-01T00:00:00Z',
  runtime: { node: '', onnxruntime: '', device: '', threads: 1, host: '' },
});

const failure = { code: 'OG_DIVERGED', message: 'loss is NaN', hint: 'Lower it.', transient: false };

function watch(options: { json?: boolean; tty?: boolean; columns?: number } = {}) {
  let time = 0;
  const writes: string[] = [];
  const sink = {
    write: (text: string) => writes.push(text),
    isTTY: options.tty === true,
    columns: options.columns ?? 80,
  };
  const view = createProgress(sink, { json: options.json === true, now: () => time });
  return {
    writes,
    view,
    at(milliseconds: number, event: RunEvent) {
      time = milliseconds;
      view.onEvent(event);
    },
  };
}

const planned: RunEvent = { type: 'planned', total: 3, cached: 1, unneeded: 0, toRun: 2 };
const started: RunEvent = { type: 'started', task: task('target'), attempt: 1 };
const progress = (fraction: number, epoch = 1): RunEvent => ({
  type: 'progress',
  task: task('target'),
  progress: { fraction, figures: { epoch, loss: 0.123456 } },
});

const estimated: RunEvent = {
  type: 'estimated',
  seconds: 100,
  unknown: 0,
  borrowed: 0,
  secondsOf: new Map([
    ['target', 60],
    ['shadow', 140],
  ]),
};

describe('progress with an estimate', () => {
  it('tells the time left of the whole run, corrected by how it goes', () => {
    const log = watch();
    log.at(0, estimated);
    log.at(0, planned);
    log.at(0, started);
    log.at(16_000, progress(0.1));
    log.at(32_000, progress(0.5));
    expect(log.writes).toEqual([
      '3 tasks, 1 of them already in the store; 2 to run. About 1 min 40 s.\n',
      // 6 of 200 seconds of work are done: too few to correct the 100 s by.
      '[0/2, about 1 min 37 s left] target: 10 %, epoch 1, loss 0.123, 16 s\n',
      // 30 of 200 took 32 s.
      '[0/2, about 3 min 01 s left] target: 50 %, epoch 1, loss 0.123, 32 s\n',
    ]);
  });

  it('says where some of it is unknown', () => {
    const log = watch();
    log.at(0, { ...estimated, unknown: 1 });
    log.at(0, planned);
    log.at(0, started);
    log.at(16_000, progress(0.1));
    expect(log.writes[0]).toContain('About 1 min 40 s or more.');
    expect(log.writes[1]).toContain('at least about 1 min 37 s left');
  });

  it('of hundreds of tasks names those that fail, and how far it is', () => {
    const log = watch();
    log.at(0, { type: 'planned', total: 1000, cached: 0, unneeded: 0, toRun: 1000 });
    log.at(0, started);
    for (let i = 0; i < 500; i++)
      log.at(i * 100, { type: 'finished', task: task(`task ${i}`), record: record(1) });
    log.at(50_000, { type: 'failed', task: task('shadow'), failure });
    expect(log.writes.length).toBeLessThan(10);
    expect(log.writes[1]).toMatch(/^\[\d+\/1000\] target: /);
    expect(log.writes.at(-1)).toBe('[501/1000] shadow: failed [OG_DIVERGED] loss is NaN\n');
  });

  it('as JSON leaves out what only this program can use', () => {
    const log = watch({ json: true });
    log.at(0, { type: 'measuring' });
    log.at(0, estimated);
    expect(log.writes.map((line) => JSON.parse(line))).toEqual([
      { type: 'measuring' },
      { type: 'estimated', seconds: 100, unknown: 0 },
    ]);
  });
});

describe('progress in a log', () => {
  it('says what happens, and how far a task is every 15 s', () => {
    const log = watch();
    log.at(0, planned);
    log.at(0, started);
    for (let second = 1; second <= 40; second++) log.at(second * 1000, progress(second / 100, second));
    log.at(41_000, { type: 'finished', task: task('target'), record: record(41) });
    log.at(41_000, { type: 'failed', task: task('shadow'), failure });
    log.at(41_000, { type: 'blocked', task: task('attack'), by: task('shadow') });
    expect(log.writes).toEqual([
      '3 tasks, 1 of them already in the store; 2 to run.\n',
      '[0/2] target: 15 %, epoch 15, loss 0.123, 15 s, about 1 min 25 s left\n',
      '[0/2] target: 30 %, epoch 30, loss 0.123, 30 s, about 1 min 10 s left\n',
      '[1/2] target: done in 41 s\n',
      '[2/2] shadow: failed [OG_DIVERGED] loss is NaN\n',
      '[3/2] attack: not run, as it needs shadow\n',
    ]);
  });

  it('says when everything is in the store already', () => {
    const log = watch();
    log.at(0, { type: 'planned', total: 5, cached: 5, unneeded: 0, toRun: 0 });
    expect(log.writes).toEqual(['Nothing to train or compute: all 5 tasks are in the store.\n']);
  });

  it('counts as stored only what is', () => {
    const log = watch();
    log.at(0, { type: 'planned', total: 8, cached: 8, unneeded: 1, toRun: 0 });
    log.at(0, { type: 'planned', total: 8, cached: 5, unneeded: 2, toRun: 3 });
    log.at(0, { type: 'planned', total: 8, cached: 2, unneeded: 2, toRun: 6 });
    expect(log.writes).toEqual([
      'Nothing to train or compute: 7 of 8 tasks are in the store, and no other is needed.\n',
      '8 tasks, 3 of them already in the store, 2 not needed; 3 to run.\n',
      '8 tasks, 2 not needed; 6 to run.\n',
    ]);
  });

  it('gives no estimate from too little work', () => {
    const log = watch();
    log.at(0, planned);
    log.at(0, started);
    log.at(20_000, progress(0.01));
    expect(log.writes[1]).not.toContain('left');
  });

  it('tells of second attempts and damaged results', () => {
    const log = watch();
    log.at(0, { type: 'started', task: task('target'), attempt: 2 });
    log.at(0, { type: 'damaged', task: task('target'), failure, needed: true });
    log.at(0, { type: 'damaged', task: task('shadow'), failure, needed: false });
    expect(log.writes).toEqual([
      'target: attempt 2\n',
      'target: its stored result is unusable and is made anew (loss is NaN)\n',
      'shadow: its stored result is unusable and not needed now (loss is NaN)\n',
    ]);
  });
});

describe('progress on a terminal', () => {
  it('repaints one line at most ten times a second, and clears it before a lasting one', () => {
    const log = watch({ tty: true });
    log.at(0, planned);
    log.at(0, started);
    for (let time = 10; time <= 1000; time += 10) log.at(time, progress(time / 10_000));
    const repaints = log.writes.slice(1);
    expect(repaints).toHaveLength(10);
    for (const text of repaints) {
      expect(text.startsWith('\r\u001b[2K[0/2] target: ')).toBe(true);
      expect(text).not.toContain('\n');
    }
    log.at(1000, { type: 'finished', task: task('target'), record: record(1) });
    expect(log.writes.slice(-2)).toEqual(['\r\u001b[2K', '[1/2] target: done in 1.0 s\n']);
    log.view.clear();
    expect(log.writes.at(-1)).toContain('done');
  });

  it('never wraps', () => {
    const log = watch({ tty: true, columns: 30 });
    log.at(0, planned);
    log.at(0, started);
    log.at(5000, progress(0.5));
    expect(log.writes.at(-1)!.replace('\r\u001b[2K', '')).toHaveLength(29);
  });

  it('shows tasks that run side by side', () => {
    const log = watch({ tty: true, columns: 200 });
    log.at(0, planned);
    log.at(0, started);
    log.at(0, { type: 'started', task: task('shadow'), attempt: 1 });
    log.at(5000, progress(0.5));
    expect(log.writes.at(-1)).toMatch(/target: 50 %.* \| shadow: 5\.0 s$/);
  });
});

describe('progress for programs', () => {
  it('is one JSON object a line, progress once a second, records without their bulk', () => {
    const log = watch({ json: true });
    log.at(0, planned);
    log.at(0, { type: 'cached', task: task('data') });
    log.at(0, started);
    for (let time = 0; time <= 2000; time += 100) log.at(time, progress(time / 10_000));
    log.at(3000, { type: 'finished', task: task('target'), record: record(3) });
    log.at(3000, { type: 'failed', task: task('shadow'), failure });
    log.at(3000, { type: 'damaged', task: task('data'), failure, needed: false });
    const events = log.writes.map((line) => JSON.parse(line));
    expect(events.map((event) => event.type)).toEqual([
      'planned',
      'cached',
      'started',
      'progress',
      'progress',
      'progress',
      'finished',
      'failed',
      'damaged',
    ]);
    expect(events[0]).toEqual(planned);
    expect(events[3]).toEqual({
      type: 'progress',
      task: 'target',
      key: 'target',
      fraction: 0,
      figures: { epoch: 1, loss: 0.123456 },
    });
    expect(events[6]).toEqual({ type: 'finished', task: 'target', key: 'target', seconds: 3 });
    expect(events[7]).toMatchObject({ code: 'OG_DIVERGED', hint: 'Lower it.' });
    expect(events[8]).toMatchObject({ task: 'data', code: 'OG_DIVERGED', needed: false });
  });
});

describe('pictures that are decoded before the plan', () => {
  const decoded = (done: number): RunEvent => ({
    ...{ type: 'preparing', what: 'faces: pictures decoded', done, total: 12_000 },
  });

  it('have a live line that replaces itself', () => {
    const log = watch({ tty: true });
    log.at(100, decoded(1000));
    log.at(150, decoded(2000));
    log.at(250, decoded(3000));
    log.at(260, decoded(12_000));
    expect(log.writes.map((text) => text.replace('\r\u001b[2K', ''))).toEqual([
      'faces: pictures decoded: 1,000 of 12,000',
      'faces: pictures decoded: 3,000 of 12,000',
      'faces: pictures decoded: 12,000 of 12,000',
    ]);
    log.at(300, planned);
    expect(log.writes[3]).toBe('\r\u001b[2K');
  });

  it('are told of now and then in a log, once a second to programs, and always at the end', () => {
    const [plain, json] = [watch(), watch({ json: true })];
    for (const log of [plain, json]) {
      for (let time = 0; time <= 16_000; time += 500) log.at(time, decoded(time / 2));
      log.at(16_001, decoded(12_000));
    }
    expect(plain.writes).toEqual([
      'faces: pictures decoded: 7,500 of 12,000\n',
      'faces: pictures decoded: 12,000 of 12,000\n',
    ]);
    expect(json.writes).toHaveLength(18);
    expect(JSON.parse(json.writes.at(-1)!)).toEqual(decoded(12_000));
  });
});
