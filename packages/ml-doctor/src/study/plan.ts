/** Builds the graph of a study's tasks: computes keys, merges equal tasks, keeps inputs before their users. */

import { canonicalJson, type Json } from './canonical-json.ts';
import type { PlanEnvironment } from './environment.ts';
import type { Effort, Task } from './task.ts';
import { keyOfWritten } from './task-key.ts';

/** Tasks in an order in which every task comes after its inputs. */
export interface Plan {
  readonly tasks: readonly Task[];
}

/** Stands for a planned task where another one names its inputs. */
export interface TaskRef {
  readonly key: string;
}

/** A task as its planner describes it. */
export interface TaskRequest {
  readonly kind: string;
  /** For people; of equal tasks the first one's label stays. */
  readonly label: string;
  readonly effort?: Effort;
  /** Where tasks that differ in how far they go do the same work up to there. */
  readonly course?: Course;
  readonly params: Json;
  /** A non-negative integer. */
  readonly seed: number;
  readonly inputs?: readonly TaskRef[];
}

/** Of two tasks of one course the longer can {@link Task.continues | go on} from the end of the shorter. */
export interface Course {
  /** The parameters without what says how far the task goes. */
  readonly params: Json;
  /** How far it goes, above 0: for example epochs. */
  readonly length: number;
}

/** Pure apart from its own state: the same calls in the same environment give the same plan. */
export class PlanBuilder {
  readonly #environment: PlanEnvironment;
  readonly #tasks = new Map<string, Task>();
  /** Keys by length, by what tasks of one course have in common. */
  readonly #courses = new Map<string, Map<number, string>>();

  constructor(environment: PlanEnvironment) {
    this.#environment = environment;
  }

  /**
   * Adds a task unless an equal one is there, and returns its reference either way. Parameters are copied and frozen.
   * Throws `internal: …` for an unknown kind, an input that is not of this plan, parameters that are not JSON.
   */
  add({ kind, label, effort, course, params, seed, inputs = [] }: TaskRequest): TaskRef {
    const { code: codes, ownCode, runtime } = this.#environment;
    const shared = Object.hasOwn(codes, kind) ? codes[kind] : undefined;
    if (shared === undefined) throw new Error(`internal: "${label}" is of unknown kind "${kind}"`);
    if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`internal: "${label}" has seed ${seed}`);
    for (const { key } of inputs) {
      if (!this.#tasks.has(key))
        throw new Error(`internal: "${label}" needs task ${key}, which is not in the plan`);
    }
    const code = ownCode?.(kind, params) ?? shared;
    const written = canonicalJson(params);
    const keys = Object.freeze(inputs.map((input) => input.key));
    const key = keyOfWritten({ kind, seed, inputs: keys, code, runtime }, written);
    if (!this.#tasks.has(key)) {
      const copy = freeze(JSON.parse(written) as Json);
      const task = {
        key,
        kind,
        label,
        ...(effort && { effort }),
        seed,
        params: copy,
        inputs: keys,
        code,
        runtime,
      };
      this.#tasks.set(key, Object.freeze(task));
      if (course) {
        const same = keyOfWritten({ kind, seed, inputs: keys, code, runtime }, canonicalJson(course.params));
        const lengths = this.#courses.get(same) ?? new Map<number, string>();
        this.#courses.set(same, lengths.set(course.length, key));
      }
    }
    return { key };
  }

  build(): Plan {
    const continuations = this.#continuations();
    return {
      tasks: Object.freeze(
        [...this.#tasks.values()].map((task) => Object.freeze({ ...task, ...continuations.get(task.key) })),
      ),
    };
  }

  /** Each task of a course goes on from the next shorter one: all of them together are as long as the longest. */
  #continuations(): Map<string, Pick<Task, 'continues' | 'continuedBy'>> {
    const found = new Map<string, Pick<Task, 'continues' | 'continuedBy'>>();
    for (const lengths of this.#courses.values()) {
      const stages = [...lengths].sort(([a], [b]) => a - b);
      for (const [i, [length, key]] of stages.entries()) {
        const [shorter, longer] = [stages[i - 1], stages[i + 1]];
        found.set(key, {
          ...(shorter && { continues: Object.freeze({ key: shorter[1], share: shorter[0] / length }) }),
          ...(longer && { continuedBy: longer[1] }),
        });
      }
    }
    return found;
  }
}

function freeze(value: Json): Json {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) freeze(member);
    Object.freeze(value);
  }
  return value;
}
