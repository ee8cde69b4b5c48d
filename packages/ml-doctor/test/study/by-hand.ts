/** Finished tasks made by hand, and the surroundings of a task, to run kinds of task one by one. */

import type { FinishedTask, TaskContext, TaskOutput } from '../../src/study/task.ts';

export const byHandContext: TaskContext = {
  signal: new AbortController().signal,
  seed: 0,
  threads: 1,
  device: 'cpu',
  places: {},
  checkpoint: { load: async () => undefined, save: async () => {} },
  progress: () => {},
};

export const finished = ({ result, blobs = {} }: TaskOutput): FinishedTask => ({
  key: 'made by hand',
  kind: 'made by hand',
  label: 'made by hand',
  params: {},
  result: JSON.parse(JSON.stringify(result)),
  blobNames: Object.keys(blobs),
  blob: async (name) => blobs[name] as Uint8Array,
});
