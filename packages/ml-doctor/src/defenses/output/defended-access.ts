/** Any target that answers, behind an output defence. */
import { createSession, type Session, type SessionOptions } from 'onnx-grad';
import type { Answers, LivePosteriorAccess, Records } from '../../targets/access.ts';
import { topAnswers } from '../../targets/top-answers.ts';
import type { OutputForm } from './output-form.ts';
import { outputGraph } from './shown-output.ts';

/** Rows of one run. */
const ROWS_PER_RUN = 4096;

/**
 * An endpoint, a function, saved answers with live ones beside them: whatever gives logits or log posteriors. What it
 * says passes the same graph that stands behind a model (see `outputGraph`). Labels are the target's own, since no
 * output defence changes them.
 *
 * `dispose` closes the session; the target stays its owner's.
 */
export const defendedAccess = async (
  target: LivePosteriorAccess,
  form: OutputForm,
  options?: SessionOptions,
): Promise<LivePosteriorAccess & { dispose(): Promise<void> }> => {
  const { classes } = target;
  const session = await createSession(outputGraph(classes, form), options);
  const query: LivePosteriorAccess['query'] = async (records, view) =>
    shown(session, await target.query(records, view), classes);
  return {
    classes,
    labels: (records, view) => target.labels(records, view),
    labelsOf: (inputs) => target.labelsOf(inputs),
    query,
    top: async (records: Records, k: number) => topAnswers(await query(records), k),
    answersOf: async (inputs) => shown(session, await target.answersOf(inputs), classes),
    dispose: () => session.dispose(),
  };
};

const shown = async (session: Session, { logits }: Answers, classes: number): Promise<Answers> => {
  const rows = logits.length / classes;
  if (!Number.isInteger(rows)) throw new Error(`internal: ${logits.length} numbers for ${classes} classes`);
  const out = new Float32Array(logits.length);
  for (let start = 0; start < rows; start += ROWS_PER_RUN) {
    const end = Math.min(rows, start + ROWS_PER_RUN);
    const data = logits.subarray(start * classes, end * classes);
    const answers = await session.run({ x: { dtype: 'float32', dims: [end - start, classes], data } });
    out.set(answers['logits']?.data as Float32Array, start * classes);
  }
  return { logits: out, classes };
};
