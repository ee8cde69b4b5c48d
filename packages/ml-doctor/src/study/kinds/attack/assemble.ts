/** From models and records to what an attack is given: who is a candidate, what is known, what the attacker holds. */
import { type Graph, stream } from 'onnx-grad';
import type { AttackContext } from '../../../attacks/attack-context.ts';
import type {
  AttackInput,
  ConfiguredAttack,
  KnownRecords,
  Pool,
  RecordData,
  Reference,
} from '../../../attacks/membership/membership-attack.ts';
import { boundsOf } from '../../../data/bounds.ts';
import { drawCanaries, withCanaryLabels } from '../../../data/canaries.ts';
import { batch, type Dataset } from '../../../data/dataset.ts';
import { featureKind } from '../../../data/feature-kind.ts';
import { splitQuarters } from '../../../data/split.ts';
import { partialThirds } from '../../../data/thirds.ts';
import { type View, viewBatch } from '../../../data/views.ts';
import type { Counted, Records, WhiteBoxAccess } from '../../../targets/access.ts';
import { OpenModel } from '../../../targets/live-model.ts';
import { modelAccess, type SavedAnswers } from '../../../targets/model-access.ts';
import type { SplitRef } from '../data-ref.ts';
import type { OpenTarget } from '../open-target.ts';
import { recordsIn, referenceRecords } from '../record-sets.ts';

/** A model as tasks leave it: its saved answers, and the model itself where the attack needs it. */
export interface ModelFiles {
  readonly classes: number;
  readonly saved: readonly SavedAnswers[];
  readonly model?: Graph;
  /** In the place of the model, where that is elsewhere: closed with the attack. */
  readonly remote?: OpenTarget;
}

export interface AttackParts {
  readonly data: Dataset;
  readonly split: SplitRef;
  readonly target: ModelFiles;
  readonly references: readonly ModelFiles[];
  /** Data set of the pool, where it is another one than the target's, and its split. */
  readonly pool?: { readonly data: Dataset; readonly split: SplitRef };
  readonly synthesis?: { readonly records: number; readonly queries: number };
}

/** The attack's input, and the models behind it, to be closed. */
export const assembleAttack = (
  attack: ConfiguredAttack,
  parts: AttackParts,
  context: Pick<AttackContext, 'threads' | 'device' | 'signal'>,
): { readonly input: AttackInput<WhiteBoxAccess>; readonly close: () => Promise<void> } => {
  const { split } = parts;
  const { references, needs, asks } = attack;
  const { data, canaries } = withCanaries(references.pool, parts.data, split);
  const opened: OpenTarget[] = [];
  const accessTo = (files: ModelFiles, of: Dataset): WhiteBoxAccess & Counted => {
    const { classes, saved, model, remote } = files;
    if (remote) {
      opened.push(remote);
      return modelAccess({ classes, saved, live: remote });
    }
    if (!model) return modelAccess({ classes, saved });
    const inputs = (records: Records) => batch(of, records.ids).x;
    const live = new OpenModel({ model, recordShape: of.recordShape, inputs, ...context });
    opened.push(live);
    return modelAccess({ classes, saved, live });
  };
  const pool = parts.pool ?? { data, split };
  const roles = splitQuarters(data.size, split);
  const thirds =
    needs.auxiliary === 'partial'
      ? partialThirds(roles['target-train'], roles['target-test'], split.seed)
      : undefined;
  const scored = thirds?.scored ?? { members: roles['target-train'], nonMembers: roles['target-test'] };
  const sample = (ids: Uint32Array, purpose: string) =>
    asks.sample === undefined || asks.sample >= ids.length
      ? ids
      : stream(split.seed, 'attack', 'sample', purpose)
          .permutation(ids.length)
          .slice(0, asks.sample)
          .map((i) => ids[i] as number);
  const candidates =
    canaries ??
    Uint32Array.from([
      ...sample(scored.members, 'members'),
      ...sample(scored.nonMembers, 'non-members'),
    ]).sort();
  const shadowHeld = needs.auxiliary === 'shadow';
  const input: AttackInput<WhiteBoxAccess> = {
    target: accessTo(parts.target, data),
    records: recordsOf(data, candidates),
    references: parts.references.map((files, index): Reference => {
      const { members, nonMembers } = referenceRecords(references.pool, index, pool.data.size, pool.split);
      return {
        model: accessTo(files, pool.data),
        members: recordsOf(pool.data, members),
        nonMembers: recordsOf(pool.data, nonMembers),
      };
    }),
    ...(thirds && { known: known(data, thirds.known) }),
    population: recordsOf(data, shadowHeld ? recordsIn('population', data.size, split) : new Uint32Array(0)),
    data: recordData(data),
    ...(parts.synthesis && { synthesis: parts.synthesis }),
  };
  return {
    input,
    close: async () => {
      for (const model of opened) await model.dispose();
    },
  };
};

/** With canaries, whose labels may be wrong ones; of the coins nothing is said. */
const withCanaries = (
  pool: Pool,
  data: Dataset,
  split: SplitRef,
): { readonly data: Dataset; readonly canaries?: Uint32Array } => {
  if (pool.kind !== 'canaries') return { data };
  const { ids } = drawCanaries(data.size, split, pool.count);
  return { data: withCanaryLabels(data, ids, pool.labels, split.seed), canaries: ids };
};

const known = (
  data: Dataset,
  { members, nonMembers }: { readonly members: Uint32Array; readonly nonMembers: Uint32Array },
): KnownRecords => ({ members: recordsOf(data, members), nonMembers: recordsOf(data, nonMembers) });

export const recordsOf = (data: Dataset, ids: Uint32Array): Records => ({
  ids,
  labels: Int32Array.from(ids, (id) => data.y[id] as number),
});

const recordData = (data: Dataset): RecordData => ({
  recordShape: data.recordShape,
  features: featureKind(data),
  inputs: (records, view?: View) => (view ? viewBatch(data, records.ids, view) : batch(data, records.ids)).x,
  get bounds() {
    return boundsOf(data);
  },
});
