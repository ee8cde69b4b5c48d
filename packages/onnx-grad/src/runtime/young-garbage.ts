/**
 * Keeps V8 from answering onnxruntime's outputs with full collections. Every output is memory outside V8's heap; V8
 * counts it, and past a limit of some tens of MB walks the whole heap. A training loop drops its outputs after one step, so collecting
 * only the young generation now and then frees them for a fraction of that cost. `node --trace-gc` shows the difference
 * on a training of small steps (`mlp-step` of the engine benchmark).
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Outputs between two collections; well below V8's limit, well above what one inference makes. */
const collectAfter = 4 * 2 ** 20;

type Collect = (options: { type: 'minor' }) => void;

let collect: Collect | undefined;
let pending = 0;

/** V8 shows its collector only to contexts made after this flag; other runtimes may have neither. */
const findCollector = (): Collect => {
  try {
    setFlagsFromString('--expose-gc');
    const found = runInNewContext('gc') as unknown;
    return typeof found === 'function' ? (found as Collect) : () => {};
  } catch {
    return () => {};
  }
};

/** Count the bytes of outputs handed out. */
export const countOutputs = (bytes: number): void => {
  pending += bytes;
};

/** Collect when enough has been handed out. Call before a run: what the caller has dropped by then is freed. */
export const collectYoungGarbage = (): void => {
  if (pending < collectAfter) return;
  pending = 0;
  collect ??= findCollector();
  collect({ type: 'minor' });
};
