/** A remote model where attacks expect one that is at hand: it answers, and has no graph, gradients or layers. */
import { AuditError } from '../errors.ts';
import type { Answers, Inputs } from './access.ts';
import type { LiveModel } from './model-access.ts';
import type { RemoteTarget } from './remote.ts';

/** Rows of one question: enough for an endpoint to fill its batches at once, few enough to stop soon. */
const ROWS_PER_QUESTION = 1024;

export const remoteModel = (
  target: RemoteTarget,
  { classes, signal }: { readonly classes: number; readonly signal: AbortSignal },
): LiveModel & { dispose(): Promise<void> } => ({
  get model(): never {
    throw notAtHand();
  },
  answers: async ({ values, rows }: Inputs): Promise<Answers> => {
    const width = rows === 0 ? 0 : values.length / rows;
    const logits = new Float32Array(rows * classes);
    for (let start = 0; start < rows; start += ROWS_PER_QUESTION) {
      const count = Math.min(ROWS_PER_QUESTION, rows - start);
      const some = values.subarray(start * width, (start + count) * width);
      const found = await target.answers({ values: some, rows: count }, signal);
      if (found.classes !== classes || found.logits.length !== count * classes)
        throw new AuditError(
          'MLD_ENDPOINT_ANSWER',
          `the model answered ${found.logits.length} numbers of ${found.classes} classes to ${count} records; the data has ${classes} classes`,
          'Name the classes in the order of the model’s answers (classes), or correct the path to the answers.',
        );
      logits.set(found.logits, start * classes);
    }
    return { logits, classes };
  },
  lastLayer: async () => {
    throw notAtHand();
  },
  embeddings: async () => {
    throw notAtHand();
  },
  dispose: async () => {},
});

const notAtHand = (): AuditError =>
  new AuditError(
    'MLD_ARTIFACT',
    'the model answers queries only: its weights are not at hand',
    'Choose black-box attacks, or audit the model file.',
  );
