/** What a task is, and what somebody who adds a kind of task implements. */

import type { Device } from 'onnx-grad';
import type { OwnDataChoice, OwnDataOptions } from '../data/own/own-data.ts';
import type { ClassifierForm } from '../targets/onnx/classifier.ts';
import type { Json } from './canonical-json.ts';

/** What the numbers of a task may depend on besides its parameters. */
export interface TaskRuntime {
  /** Version of onnxruntime-node, or `absent`. */
  readonly onnxruntime: string;
  /** Where onnxruntime computes. */
  readonly device: Device;
  /** Threads of one onnxruntime session. */
  readonly threads: number;
}

/** How much work a task is, for estimates of time; no part of the key. */
export interface Effort {
  /** Tasks with equal text take time in proportion to their units: `train simple-cnn on adult, batches of 64`. */
  readonly like: string;
  /** For example records × epochs; above 0. */
  readonly units: number;
}

/**
 * The task whose end this one can go on from: a training of more epochs begins with the very steps of one of fewer. It is
 * no input, as the result has the same bits without it. So the key stays that of the task alone: a result is found again
 * whatever stands beside it in a plan, and where the end of the other is lost the work is done from its beginning.
 */
export interface Continuation {
  readonly key: string;
  /** Share of this task's work that is done there, above 0 and below 1. */
  readonly share: number;
}

/** A pure unit of work: equal keys mean equal results. Made by `PlanBuilder`, never by hand. */
export interface Task {
  /** SHA-256 of everything below except what is said to be no part of it. */
  readonly key: string;
  readonly kind: string;
  /** For people; no part of the key. */
  readonly label: string;
  readonly effort?: Effort;
  /** No part of the key. */
  readonly continues?: Continuation;
  /** Key of the task that {@link continues} this one. No part of the key. */
  readonly continuedBy?: string;
  readonly seed: number;
  readonly params: Json;
  /** Keys of the tasks whose results this one reads, in the order in which its handler receives them. */
  readonly inputs: readonly string[];
  /** Digest of the source files that this kind of task depends on. */
  readonly code: string;
  readonly runtime: TaskRuntime;
}

/** A task whose record is in the store. */
export interface FinishedTask<P extends Json = Json, R extends Json = Json> {
  readonly key: string;
  readonly kind: string;
  readonly label: string;
  readonly params: P;
  readonly result: R;
  readonly blobNames: readonly string[];
  /**
   * The blob's bytes, read anew and checked against their hash, so the caller owns them.
   * Throws `MLD_STORE_CORRUPT` when the file is damaged.
   */
  blob(name: string): Promise<Uint8Array>;
}

/** How far a running task is. */
export interface TaskProgress {
  /** Share of the work done, 0 to 1. */
  readonly fraction: number;
  /** Figures worth a glance, for example epoch and loss. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** The state of an unfinished task, kept outside the results and dropped once the task is done. */
export interface TaskCheckpoint {
  /** What an earlier attempt saved last; undefined when there is nothing, or nothing whole. */
  load(): Promise<Uint8Array | undefined>;
  /** Replaces it, atomically. A disk that is full or read-only is no reason to fail: nothing is kept then. */
  save(bytes: Uint8Array): Promise<void>;
  /** Whether to save the state at the end, too: a longer task goes on from there. */
  readonly atEnd?: boolean;
}

/** Where a user's own records and models are. */
export interface OwnPlaces {
  /** Of the data set `own`. */
  readonly data?: { readonly choice: OwnDataChoice; readonly options: Omit<OwnDataOptions, 'signal'> };
  /** Of the data set `outputs`, and of the answers in it. */
  readonly outputs?: OutputsPlace;
  /** Files by the digest of the file and of how it is read. */
  readonly models: Readonly<Record<string, ModelPlace>>;
  /** Address of the gateway to remote models. */
  readonly gateway?: string;
}

export interface ModelPlace {
  readonly path: string;
  readonly recordShape: readonly number[];
  readonly form: ClassifierForm;
}

export interface OutputsPlace {
  readonly path: string;
  readonly sample: number;
  readonly seed: number;
  readonly classes?: readonly string[];
}

/**
 * Where things are on this machine and what it does on the way. No part of a key: what is read is held against its
 * hash, and the moments of checkpoints do not matter to a result.
 */
export interface Places {
  /** What a user brings himself; tasks name it by digests, against which it is held when it is read. */
  readonly own?: OwnPlaces;
  /** A folder of data sets that is looked into before the bundled ones. */
  readonly dataDir?: string;
  /** Whether pictures that cannot be decoded are left out, and no error. */
  readonly skipBroken?: boolean;
  /** A folder that keeps decoded pictures for all processes; each decodes them for itself where there is none. */
  readonly dataCache?: string;
  /** Seconds of training between two checkpoints, from 0; 30 when left out. */
  readonly checkpointSeconds?: number;
}

/** What a handler may use besides its parameters and inputs. */
export interface TaskContext {
  /** Aborted when the task should stop: throw soon, as whatever is returned afterwards is dropped. */
  readonly signal: AbortSignal;
  readonly seed: number;
  /** Threads of every onnxruntime session the handler opens. */
  readonly threads: number;
  /** Device of every onnxruntime session the handler opens. */
  readonly device: Device;
  readonly places: Places;
  readonly checkpoint: TaskCheckpoint;
  progress(event: TaskProgress): void;
}

/** What a handler returns: small figures as JSON, everything bulky as named blobs. */
export interface TaskOutput<R extends Json = Json> {
  readonly result: R;
  /** Names match `[A-Za-z0-9][A-Za-z0-9._-]*`. */
  readonly blobs?: Readonly<Record<string, Uint8Array>>;
}

/**
 * One kind of task. `run` must be a function of its arguments alone (no clock, no shared random stream); an error it
 * throws with `transient: true` is tried again.
 */
export interface TaskHandler<P extends Json = Json, R extends Json = Json> {
  /**
   * Source folders or files the result depends on, as `PACKAGE/PATH` below the package's sources and without
   * extension: `onnx-grad/train`, `ml-doctor/errors`. A change in any of them is another task key.
   */
  readonly code: readonly string[];
  /** Digest of the user's own code that a task with these parameters runs besides; undefined where there is none. */
  userCode?(params: P): string | undefined;
  run(params: P, inputs: readonly FinishedTask[], context: TaskContext): Promise<TaskOutput<R>>;
}

/** The kinds of task a study knows. A worker's handlers module exports one as `handlers`. */
export type TaskHandlers = Readonly<Record<string, TaskHandler>>;

/** The handler of a kind; throws `internal: …` for a kind nobody registered. */
export function handlerOf(handlers: TaskHandlers, kind: string): TaskHandler {
  const handler = Object.hasOwn(handlers, kind) ? handlers[kind] : undefined;
  if (handler === undefined) {
    throw new Error(
      `internal: no handler for tasks of kind "${kind}"; known: ${Object.keys(handlers).join(', ')}`,
    );
  }
  return handler;
}
