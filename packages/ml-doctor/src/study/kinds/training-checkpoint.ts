/** A task's checkpoint as trainings keep it: the state, and how often it is saved. */
import type { Places, TaskCheckpoint } from '../task.ts';

/** Between two checkpoints: little to lose, and saving takes a small part of it even for a large model. */
const SECONDS = 30;

export const trainingCheckpoint = (checkpoint: TaskCheckpoint, { checkpointSeconds }: Places) => ({
  load: () => checkpoint.load(),
  save: (bytes: Uint8Array) => checkpoint.save(bytes),
  atEnd: checkpoint.atEnd ?? false,
  seconds: checkpointSeconds ?? SECONDS,
});
