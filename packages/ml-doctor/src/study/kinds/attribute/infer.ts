/** Task kind `infer`: one attribute-inference attack on a target. */
import type { AttackParameters } from '../../../attacks/attack-context.ts';
import type {
  AttributeGuesses,
  AttributeInput,
  PartialRecords,
} from '../../../attacks/attribute/attribute-attack.ts';
import { attributeAttackOf } from '../../../attacks/attribute/registry.ts';
import { pluggedAttackDigest } from '../../../attacks/find-attack.ts';
import { attributeEditor } from '../../../data/attribute-places.ts';
import { batch, type Dataset } from '../../../data/dataset.ts';
import { type Sensitive, sensitiveOf, valuesOf } from '../../../data/sensitive.ts';
import { IDENTITY } from '../../../data/view-key.ts';
import type { WhiteBoxAccess } from '../../../targets/access.ts';
import { modelAccess } from '../../../targets/model-access.ts';
import type { ThreatModel } from '../../../targets/threat-model.ts';
import type { FinishedTask, TaskHandler } from '../../task.ts';
import { type DataRef, loadRef, type SplitRef } from '../data-ref.ts';
import { openTarget } from '../open-target.ts';
import { readOutputs } from '../read-outputs.ts';
import { attributeRecords, type KnownAndAsked, knownFrom, questionsOf } from './attribute-records.ts';
import { guessesBlobs, joinGuesses } from './guesses-blobs.ts';

export type InferParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
  readonly attack: string;
  /** Complete parameters of the attack, its attribute among them. */
  readonly params: AttackParameters;
  readonly attribute: string;
};

export type InferResult = {
  /** Rows the attacker sent to the target; what he computes from weights in his hands are none. */
  readonly queries: number;
  /** Records whose attribute the attacker knew. */
  readonly known: number;
  /** Sentences for the reader of the report. */
  readonly notes: readonly string[];
};

/**
 * Inputs: the `train` task of the target, and where the attack asks about the records themselves the target's answers
 * on them, one `query` task or more. Blobs: `ids` (uint32) of members and non-members, what is guessed of each
 * (`categories` int32 or `values` float64), and `beliefs` (float64, ids × categories).
 */
export const infer: TaskHandler<InferParams, InferResult> = {
  code: [
    'onnx-grad',
    'ml-doctor/data',
    'ml-doctor/stats',
    'ml-doctor/targets',
    'ml-doctor/models',
    'ml-doctor/attacks/attack-context',
    'ml-doctor/attacks/find-attack',
    'ml-doctor/attacks/attribute',
    'ml-doctor/attacks/target-graph',
    'ml-doctor/study/kinds/attribute/infer',
    'ml-doctor/study/kinds/attribute/attribute-records',
    'ml-doctor/study/kinds/attribute/guesses-blobs',
    'ml-doctor/defenses/output',
    'ml-doctor/study/kinds/connect',
    'ml-doctor/study/kinds/open-target',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/read-outputs',
    'ml-doctor/study/kinds/record-sets',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  userCode: ({ attack }) => pluggedAttackDigest(attack),
  run: async (params, [trained, ...asked], { seed, threads, device, signal, places, progress }) => {
    const attack = attributeAttackOf(params.attack).configure(params.params);
    const data = await loadRef(params.data, places);
    const live = await openTarget(
      trained as FinishedTask,
      data,
      { threads, device, signal, places },
      (records) => batch(data, records.ids).x,
    );
    try {
      const saved = await Promise.all(
        asked.map(async (task) => ({ view: IDENTITY, table: await readOutputs(task) })),
      );
      const target = modelAccess({ classes: data.classes.length, saved, live });
      const sensitive = sensitiveOf(data, params.attribute);
      const roles = attributeRecords(data.size, params.split, knownFrom(attack.needs.auxiliary));
      const questions = questionsOf(roles);
      const found: (AttributeGuesses & { readonly ids: Uint32Array })[] = [];
      for (const question of questions) {
        const input = attributeInput(attack.needs, data, sensitive, question);
        const guesses = await attack.run(
          { ...input, target },
          {
            ...{ seed, threads, device, signal },
            progress: (part, figures) =>
              progress({ fraction: (found.length + part) / questions.length, ...(figures && { figures }) }),
          },
        );
        found.push({ ...guesses, ids: question.asked });
      }
      return {
        result: {
          queries: target.queries,
          known: attack.needs.auxiliary === 'none' ? 0 : roles.members.known.length,
          // Of the attack on members; its counterpart's on non-members says the same of other records.
          notes: [...(found[0]?.notes ?? [])],
        },
        blobs: guessesBlobs(joinGuesses(found)),
      };
    } finally {
      await live.dispose();
    }
  },
};

/** What an attacker is told and holds, the target aside: nothing of the attribute of those he is asked about. */
const attributeInput = (
  { auxiliary, record }: ThreatModel,
  data: Dataset,
  sensitive: Sensitive,
  question: KnownAndAsked,
): Omit<AttributeInput<WhiteBoxAccess>, 'target'> => {
  const { name, kind, categories, inRecord, values } = sensitive;
  const known = auxiliary === 'none' ? new Uint32Array(0) : question.known;
  const editor = attributeEditor(data, sensitive);
  const records = (of: Uint32Array): PartialRecords => ({
    records: { ids: of, labels: Int32Array.from(of, (id) => data.y[id] as number) },
    rest: () => {
      if (record !== 'rest') throw new Error('internal: this attacker does not know the rest of a record');
      const { x } = batch(data, of);
      editor?.clear(x);
      return x;
    },
  });
  return {
    attribute: { name, kind, inRecord, ...(categories && { categories }) },
    ...(!categories && { range: rangeOf(values) }),
    editor,
    recordShape: data.recordShape,
    known: { ...records(known), truth: valuesOf(sensitive, known) },
    asked: records(question.asked),
  };
};

const rangeOf = (values: Int32Array | Float32Array): { min: number; max: number } => {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
};
