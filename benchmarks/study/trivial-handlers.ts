/** Kinds of task that return at once. Loaded by the overhead case and by its worker processes. */
import type { TaskHandlers } from '../../packages/ml-doctor/src/study/task.ts';

/** Changes of the product's code do not concern them; every kind has to name some. */
const code = ['ml-doctor/errors'];

export const handlers: TaskHandlers = {
  /** Needs nothing and has nothing to say. */
  bare: { code, run: async () => ({ result: null }) },
  /** Reads a blob and writes one, as real tasks do. */
  relay: {
    code,
    run: async (params, inputs) => {
      const read = await inputs[0]?.blob('value');
      const { value } = params as { readonly value: number };
      const own = new Uint8Array(new Float64Array([value, read?.length ?? 0]).buffer);
      return { result: null, blobs: { value: own } };
    },
  },
};
