/** What every defence must be: what it says it changes, and where it trains, a trainer whose every run gives the same. */

import { createSession, encodeModel, float32, Graph, ops, type Tensor } from 'onnx-grad';
import { CHANGES, type Defense, type LearnerOptions } from '../../../defenses/defense.ts';
import { freshNetwork } from '../../../defenses/learn-network.ts';
import { withOutput } from '../../../defenses/output/with-output.ts';
import { trainModel } from '../../../models/train-model.ts';
import { learnerOptions, logitsOf, noise } from '../bench/small-learner.ts';
import { type Check, check, firstDifference, isAbort } from '../check.ts';

export interface DefenseCase {
  readonly defense: Defense;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Kinds of records that it works with. */
  readonly settings?: readonly Setting[];
}

const SETTINGS = {
  rows: () => learnerOptions(),
  pictures: () => learnerOptions({ architecture: 'resnet', data: noise([1, 8, 8]) }),
} as const;
export type Setting = keyof typeof SETTINGS;

/** The models that a defence may learn from, trained once each. */
const teachers = new Map<Setting, Promise<Graph>>();

export const defenseContract = ({
  defense,
  params,
  settings = ['rows', 'pictures'],
}: DefenseCase): readonly Check[] => {
  const configured = defense.configure(params);
  const { learner } = configured;
  const given = async (setting: Setting, signal: AbortSignal): Promise<LearnerOptions> => {
    const options = { ...SETTINGS[setting](), signal };
    if (!learner?.teacher) return options;
    const teacher = teachers.get(setting) ?? trainModel(options).then(({ model }) => model);
    teachers.set(setting, teacher);
    return { ...options, teacher: await teacher };
  };
  const says = check('says what it changes', (findings) => {
    const { recipe } = SETTINGS.rows();
    const { harden, output } = configured;
    const changes = new Set<string>(defense.changes);
    findings.must(changes.size === defense.changes.length, 'each change once', defense.changes.join());
    const stranger = defense.changes.find((change) => !CHANGES.includes(change));
    findings.must(stranger === undefined, `changes among ${CHANGES.join()}`, stranger);
    findings.must(
      changes.has('output') === (output !== undefined),
      'output where there is one',
      [...changes].join(),
    );
    const trains = learner !== undefined || JSON.stringify(harden(recipe)) !== JSON.stringify(recipe);
    findings.must(
      (changes.has('training') || changes.has('architecture')) === trains,
      trains ? 'training or architecture' : 'neither training nor architecture',
      [...changes].join() || 'nothing',
    );
    const text = JSON.stringify(output ?? null);
    findings.must(JSON.stringify(JSON.parse(text)) === text, 'an output that is JSON', text);
  });
  const { output } = configured;
  return [
    says,
    ...(output
      ? [
          check('keeps answers numbers, and the predicted class on top', async (findings) => {
            const graph = new Graph('answers');
            graph.output('logits', ops.Mul(graph.input('x', 'float32', ['N', 3]), graph.scalar(1)));
            const session = await createSession(withOutput(graph, output));
            try {
              const rows = [
                [2, -1, 0.5],
                [-3, 4, 4.5],
              ];
              const { logits } = await session.run({ x: float32([2, 3], rows.flat()) }, ['logits']);
              rows.forEach((was, i) => {
                const is = [...((logits as Tensor).data as Float32Array).subarray(3 * i, 3 * i + 3)];
                findings.must(is.every(Number.isFinite), 'finite logits', is.join());
                const top = was.indexOf(Math.max(...was));
                findings.must(is.indexOf(Math.max(...is)) === top, `class ${top} on top`, is.join());
              });
            } finally {
              await session.dispose();
            }
          }),
        ]
      : []),
    ...(learner
      ? [
          ...settings.map((setting) =>
            check(`trains a model of a small set of ${setting}`, async (findings, signal) => {
              const options = await given(setting, signal);
              const { architecture, data, records, recipe } = options;
              const facts = {
                ...{ architecture, recipe, records: records.length, classes: data.classes.length },
                build: () => freshNetwork(options),
              };
              learner.check(facts);
              for (const note of learner.notes(facts))
                findings.must(/^\S.*[.!?]$/.test(note), 'notes that are sentences', note);
              findings.must(learner.work > 0, 'work above 0', learner.work);
              const told: number[] = [];
              const { model, parameters, losses, steps } = await learner.train({
                ...options,
                progress: ({ fraction }) => void told.push(fraction),
              });
              const inputs = JSON.stringify(model.inputs.map(({ name, shape }) => [name, shape]));
              const wanted = JSON.stringify([['x', ['N', ...data.recordShape]]]);
              findings.must(inputs === wanted, `inputs ${wanted}`, inputs);
              const outputs = [...model.outputs.keys()].join();
              findings.must(outputs === 'logits', 'one output, logits', outputs);
              const logits = await logitsOf(model, data);
              findings.must(
                logits.dims.join() === `${data.size},3`,
                `${data.size} × 3 logits`,
                logits.dims.join(),
              );
              findings.must((logits.data as Float32Array).every(Number.isFinite), 'finite logits', 'others');
              findings.must(parameters > 100, 'more than 100 parameters', parameters);
              findings.must(steps > 0, 'steps', steps);
              findings.must(losses.every(Number.isFinite), 'finite losses', losses.join());
              findings.must(
                told.length > 0 &&
                  told.every((share, i) => share >= 0 && share <= 1 && share >= (told[i - 1] ?? 0)),
                'progress in ascending shares from 0 to 1',
                told.join() || 'none',
              );
            }),
          ),
          check(
            'trains the same bits each time, others with another seed, and stops when told to',
            async (findings, signal) => {
              const options = await given(settings[0] as Setting, signal);
              const bytesOf = async (changes: Partial<LearnerOptions> = {}) =>
                encodeModel((await learner.train({ ...options, ...changes })).model);
              const bytes = await bytesOf();
              const again = firstDifference(await bytesOf(), bytes);
              findings.must(again === undefined, 'the same file again', again);
              const other = firstDifference(await bytesOf({ seed: 1 }), bytes);
              findings.must(other !== undefined, 'another file with another seed', 'the same');
              await findings.mustThrow(
                () => bytesOf({ signal: AbortSignal.abort() }),
                'an AbortError',
                isAbort,
              );
            },
          ),
        ]
      : []),
  ];
};
