/**
 * A membership attack of one's own: records whose answer has little modified entropy are called members (Song & Mittal,
 * USENIX Security 2021, equation 8). The threshold is the one that wrongly accuses a chosen share of the records that a
 * shadow model was not trained on.
 */
import { membershipAttack, type PosteriorAccess, posterior, type Records, z } from 'ml-doctor';

const params = z.strictObject({
  falseAlarms: z
    .number()
    .positive()
    .max(0.5)
    .default(0.1)
    .describe('share of records that are no members, but accused'),
});

export const predictionEntropy = membershipAttack({
  name: 'membership/prediction-entropy',
  title: 'Modified entropy, fixed false alarms',
  source: 'Song & Mittal, USENIX Security 2021, eq. 8',
  params,
  needs: () => ({ access: 'black-box', auxiliary: 'shadow', output: 'posteriors', record: 'xy' }),
  references: () => ({ count: 1, pool: { kind: 'disjoint' } }),
  run: async ({ target, records, references }, { falseAlarms }, { signal, progress }) => {
    signal.throwIfAborted();
    const scores = await entropies(target, records);
    progress(0.5);
    const [shadow] = references;
    if (shadow === undefined) throw new Error('one shadow model was asked for');
    const others = (await entropies(shadow.model, shadow.nonMembers)).sort();
    const place = Math.min(others.length - 1, Math.floor((1 - falseAlarms) * others.length));
    progress(1);
    return { scores, threshold: others[place] ?? Number.POSITIVE_INFINITY };
  },
});

/** Higher for members: −Mentr(p, y) = (1 − p_y) ln p_y + Σ_{i≠y} p_i ln(1 − p_i). */
const entropies = async (model: PosteriorAccess, records: Records): Promise<Float64Array> => {
  const { logits, classes } = await model.query(records);
  return Float64Array.from(records.labels, (label, i) => {
    const p = posterior(logits.subarray(i * classes, (i + 1) * classes));
    let sum = 0;
    p.forEach((share, c) => {
      sum += c === label ? (1 - share) * log(share) : share * log(1 - share);
    });
    return sum;
  });
};

/** A posterior can round to 0 or 1; a score must stay finite. */
const log = (share: number): number => Math.log(Math.max(share, 1e-300));

/** How `ml-doctor selftest --plugins` tries it out. */
export const contract = {
  'membership/prediction-entropy': [
    {
      roughThreshold: 'it holds the false alarms where they were asked for, not where members are best told',
    },
  ],
};
