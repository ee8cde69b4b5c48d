/** MI-Face: for each class the input that the model takes for it most surely, by gradient descent on the input. */

import { createSession, type Session } from 'onnx-grad';
import { z } from 'zod';
import { joinRows } from '../../../data/join-rows.ts';
import { posterior } from '../../../stats/log-posterior.ts';
import { refuseUndifferentiable } from '../../target-graph.ts';
import { refuseUnlessImages } from '../images-only.ts';
import { inversionAttack, inversionParams } from '../inversion-attack.ts';
import { roundCategories } from '../round-categories.ts';
import { copiesOf, STARTS, startAt } from '../starts.ts';
import { costGraph, OBJECTIVES } from './cost-graph.ts';
import { type Descended, descend, type Search, STEPS } from './descent.ts';

const NAME = 'inversion/mi-face';

const params = z.strictObject({
  ...inversionParams,
  perClass: inversionParams.perClass.default(1),
  learningRate: z
    .number()
    .positive()
    .describe(
      'Step of the descent: times the gradient, or, with step: normalised, the root mean square change of a place as a share of its range',
    )
    .default(0.01),
  iterations: z.int().min(1).describe('Steps at most').default(3000),
  patience: z
    .int()
    .min(1)
    .describe('A cost that is no less than the largest of so many before it ends the search')
    .default(100),
  threshold: z
    .number()
    .gt(0)
    .lt(1)
    .describe(
      "The posterior of the class at which the search ends; with smoothness, at this posterior's cost",
    )
    .default(0.999),
  objective: z
    .enum(OBJECTIVES)
    .describe(
      'What is made small: 1 - p (probability, as in the paper), or -ln p (log), whose gradient does not vanish where p is near 0',
    )
    .default('probability'),
  step: z
    .enum(STEPS)
    .describe(
      'Along the gradient by its length (gradient, as in the paper), or by the same length each time (normalised)',
    )
    .default('gradient'),
  start: z
    .enum(STARTS)
    .describe(
      'First values: noise, or zero for the first search of each class and noise for the others, so that no two are the same',
    )
    .default('zero'),
  restarts: z
    .int()
    .min(1)
    .describe('Searches for one reconstruction, of which the one of the least cost is kept')
    .default(1),
  smoothness: z
    .number()
    .min(0)
    .describe(
      'Pictures only: weight of the mean total variation per pixel, as a share of the range of values',
    )
    .default(0),
  denoise: z
    .int()
    .min(0)
    .describe('Pictures only: every so many steps a median filter and a sharpening; 0 for none')
    .default(0),
  clamp: z.boolean().describe('Keep values within the range of the data').default(true),
  roundCategories: z
    .boolean()
    .describe('Table rows: at the end, set the largest place of each one-hot group and clear the others')
    .default(true),
});

/** Rows of one run, a bound on memory: more searches than these take turns. */
const ROWS_PER_RUN = 256;

export const miFace = inversionAttack({
  name: NAME,
  title: 'MI-Face: gradient descent on the input until the model is sure of the class',
  source: 'Fredrikson, Jha, Ristenpart, CCS 2015',
  params,
  needs: () => ({ access: 'white-box', auxiliary: 'none', output: 'posteriors', record: 'none' }),
  check: ({ smoothness, denoise }, space) => {
    if (smoothness > 0) refuseUnlessImages(NAME, `smoothness: ${smoothness}`, space);
    if (denoise > 0) refuseUnlessImages(NAME, `denoise: ${denoise}`, space);
  },
  run: async ({ target, wanted, space }, given, { seed, threads, device, signal, progress }) => {
    const { model } = target;
    refuseUndifferentiable(NAME, model);
    const copies = copiesOf(wanted);
    const searches: Search[] = Array.from(wanted).flatMap((label, i) =>
      Array.from({ length: given.restarts }, (_, restart) => ({
        label,
        start: startAt({ label, copy: copies[i] as number, restart }, space, {
          ...given,
          attack: NAME,
          seed,
        }),
      })),
    );
    const session = await createSession(costGraph(model, space, given), { threads, device });
    try {
      const found: Descended[] = [];
      for (let from = 0; from < searches.length; from += ROWS_PER_RUN) {
        const some = searches.slice(from, from + ROWS_PER_RUN);
        found.push(
          ...(await descend(some, given, {
            session,
            space,
            signal,
            progress: (fraction, cost) =>
              progress((from + fraction * some.length) / searches.length, { cost }),
          })),
        );
      }
      const kept = Array.from(wanted, (_, i) => bestOf(found, i * given.restarts, given.restarts));
      const rows = kept.map((k) => {
        const { values } = found[k] as Descended;
        return given.roundCategories ? roundCategories(values, space) : values;
      });
      const stuck = kept.filter((k) => isStuck(found[k] as Descended)).length;
      progress(1);
      return {
        values: joinRows(rows),
        starts: joinRows(kept.map((k) => (searches[k] as Search).start)),
        confidence: await confidences(session, rows, wanted, space.recordShape),
        ...(stuck > 0 && { notes: [stuckNote(stuck, wanted.length, given)] }),
      };
    } finally {
      await session.dispose();
    }
  },
});

/** Place of the least cost, the first of equals. */
const bestOf = (found: readonly Descended[], first: number, count: number): number => {
  let best = first;
  for (let k = first + 1; k < first + count; k++)
    if ((found[k] as Descended).cost < (found[best] as Descended).cost) best = k;
  return best;
};

/** The target's posterior of the class of each row. */
const confidences = async (
  session: Session,
  rows: readonly Float32Array[],
  labels: Int32Array,
  recordShape: readonly number[],
): Promise<Float64Array> => {
  const found = new Float64Array(rows.length);
  for (let start = 0; start < rows.length; start += ROWS_PER_RUN) {
    const some = rows.slice(start, start + ROWS_PER_RUN);
    const y = BigInt64Array.from(some, (_, i) => BigInt(labels[start + i] as number));
    const { logits } = await session.run(
      {
        x: { dtype: 'float32', dims: [some.length, ...recordShape], data: joinRows(some) },
        y: { dtype: 'int64', dims: [some.length], data: y },
      },
      ['logits'],
    );
    const data = logits?.data as Float32Array;
    const classes = data.length / some.length;
    for (let i = 0; i < some.length; i++)
      found[start + i] = posterior(data.subarray(i * classes, (i + 1) * classes))[
        labels[start + i] as number
      ] as number;
  }
  return found;
};

/** A gain below this is none that a reader would see. */
const LEAST_GAIN = 1e-3;

/** Negated, so that a cost that is no number counts as stuck. */
const isStuck = ({ cost, startCost, reached }: Descended): boolean =>
  !reached && !(startCost - cost >= LEAST_GAIN);

const stuckNote = (
  stuck: number,
  of: number,
  { objective, step, start }: Pick<z.infer<typeof params>, 'objective' | 'step' | 'start'>,
): string => {
  const untried = [
    ...(objective === 'log' ? [] : ['objective: log']),
    ...(step === 'normalised' ? [] : ['step: normalised']),
    ...(start === 'noise' ? [] : ['start: noise']),
    'another learningRate',
  ];
  return `${stuck} of ${of} reconstructions are hardly more than what they started from: no step lowered the cost by ${LEAST_GAIN}. The gradient may be all but 0 there; try ${untried.join(', ')}.`;
};
