/**
 * Label-only membership inference (Choquette-Choo et al., ICML 2021; Li & Zhang, CCS 2021): members are classified
 * rightly more often than others (gap), so are their transformed copies (augment), and they are further from the
 * decision boundary (boundary). Thresholds come from a shadow model that is asked the same.
 */
import { stream } from 'onnx-grad';
import { IDENTITY } from '../../../data/view-key.ts';
import { views } from '../../../data/views.ts';
import { AuditError } from '../../../errors.ts';
import type { LabelAccess, LiveLabelAccess, Records } from '../../../targets/access.ts';
import type { AttackContext } from '../../attack-context.ts';
import {
  type AttackInput,
  type AttackScores,
  membershipAttack,
  type RecordData,
  type Reference,
} from '../membership-attack.ts';
import { bestThreshold } from '../thresholds.ts';
import { boundaryDistances } from './boundary.ts';
import { rightCopies, rightViews } from './consistency.ts';
import { type LabelOnlyOptions as Params, labelOnlyOptions as params } from './options.ts';

const isLive = (given: Params): boolean =>
  given.method === 'boundary' || (given.method === 'augment' && given.transform === 'noise');

export const labelOnly = membershipAttack({
  name: 'membership/label-only',
  title: 'Label-only',
  source: 'Choquette-Choo et al., ICML 2021; Li & Zhang, CCS 2021',
  params,
  needs: (given) => {
    const common = { access: 'black-box', output: 'label', record: 'xy' } as const;
    if (given.method === 'gap') return { ...common, auxiliary: 'none' };
    return isLive(given)
      ? { ...common, auxiliary: 'shadow', inputs: 'any' }
      : { ...common, auxiliary: 'shadow' };
  },
  references: (given) => ({
    count: given.method === 'gap' ? 0 : 1,
    pool: { kind: 'disjoint' },
    live: isLive(given),
  }),
  asks: (given) => {
    if (given.method === 'boundary') return { sample: given.records };
    if (given.method === 'gap') return {};
    return given.transform === 'views'
      ? { views: views(given.shift, given.flip), features: ['image'] }
      : { features: ['binary'] };
  },
  run: async (input, given, context) => {
    const { target, records } = input;
    switch (given.method) {
      case 'gap':
        return { scores: await rightViews(target, records, [IDENTITY]), threshold: 0.5 };
      case 'augment':
        return augment(input, given, context);
      case 'boundary':
        return boundary({ ...input, target: live(target) }, given, context);
    }
  },
});

type Input<T> = Omit<AttackInput<T>, 'target'> & { readonly target: T };

/** What the target is asked about its candidates and the shadow model about its own records, and the threshold in between. */
const decided = async (
  { target, references, records }: Input<LabelAccess>,
  score: (model: LabelAccess, asked: Records) => Promise<Float64Array>,
  ownOf: (records: Records, purpose: string) => Records = (all) => all,
): Promise<AttackScores> => {
  const { model, members, nonMembers } = references[0] as Reference;
  const own = [ownOf(members, 'members'), ownOf(nonMembers, 'non-members')] as const;
  const scores = await score(target, records);
  const all = await score(model, joined(own));
  const count = own[0].ids.length;
  return { scores, threshold: bestThreshold(all.slice(0, count), all.slice(count)) };
};

const augment = (
  input: Input<LabelAccess>,
  given: Extract<Params, { method: 'augment' }>,
  context: AttackContext,
): Promise<AttackScores> => {
  const { data } = input;
  if (given.transform === 'views') {
    if (data.features !== 'image') throw unsuited(data, 'shifted or mirrored', 'image');
    const asked = views(given.shift, given.flip);
    return decided(input, (model, records) => rightViews(model, records, asked));
  }
  if (data.features !== 'binary') throw unsuited(data, 'changed bit by bit', 'binary');
  const { noise: share, copies } = given;
  const half = halves(context);
  return decided(input, (model, records) =>
    rightCopies(live(model), records, { data, share, copies, ...context, progress: half() }),
  );
};

const boundary = async (
  input: Input<LabelAccess>,
  { budget, records: wanted }: Extract<Params, { method: 'boundary' }>,
  context: AttackContext,
): Promise<AttackScores> => {
  const { data } = input;
  const half = halves(context);
  const notes: string[] = [];
  const found = await decided(
    input,
    async (model, records) => {
      const { distances, unreached } = await boundaryDistances(live(model), records, {
        data,
        budget,
        ...context,
        progress: half(),
      });
      if (unreached > 0)
        notes.push(
          `${unreached} of ${records.ids.length} records had none of another predicted class to start from; their distance to the boundary counts as the largest possible.`,
        );
      return distances;
    },
    (all, purpose) => sampled(all, wanted, context.seed, purpose),
  );
  return { ...found, notes };
};

/** Progress of two pieces of work, one after the other. */
const halves = ({ progress }: AttackContext) => {
  let done = 0;
  return () => {
    const before = done++ / 2;
    return (fraction: number) => progress(before + fraction / 2);
  };
};

const sampled = ({ ids, labels }: Records, count: number, seed: number, purpose: string): Records => {
  if (ids.length <= count) return { ids, labels };
  const places = stream(seed, 'label-only', 'shadow', purpose).sample(ids.length, count);
  return {
    ids: Uint32Array.from(places, (i) => ids[i] as number),
    labels: Int32Array.from(places, (i) => labels[i] as number),
  };
};

const joined = ([a, b]: readonly [Records, Records]): Records => ({
  ids: Uint32Array.from([...a.ids, ...b.ids]),
  labels: Int32Array.from([...a.labels, ...b.labels]),
});

/** The planner hands out live access where `needs` says so. */
const live = (model: LabelAccess): LiveLabelAccess => {
  if (!('labelsOf' in model)) throw new Error('internal: a model that answers records only');
  return model as LiveLabelAccess;
};

const unsuited = ({ features, recordShape }: RecordData, change: string, suited: RecordData['features']) =>
  new AuditError(
    'MLD_ATTACK_UNSUITED',
    `membership/label-only: ${features} records of shape [${recordShape.join(', ')}] cannot be ${change}; only ${suited} records can`,
    { image: 'Set transform: views.', binary: 'Set transform: noise.', numeric: 'Set method: boundary.' }[
      features
    ],
  );
