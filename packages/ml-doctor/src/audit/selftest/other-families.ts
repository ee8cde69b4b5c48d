/** One planted case each of attribute inference, inversion and stealing: whether what is there to find is found. */

import { createSession, float32, Graph, ops, stream } from 'onnx-grad';
import { knockoff } from '../../attacks/stealing/knockoff/knockoff.ts';
import { trainStudent } from '../../attacks/stealing/train-student.ts';
import { logisticRegression } from '../../models/architectures/logistic-regression.ts';
import { posterior } from '../../stats/log-posterior.ts';
import { context } from './bench/membership-bench.ts';
import { attributeCases } from './cases/attribute.ts';
import { inversionCases } from './cases/inversion.ts';
import { type Check, check } from './check.ts';
import { attributeContract } from './contract/attribute-contract.ts';
import { inversionContract } from './contract/inversion-contract.ts';

/** The checks of a contract that are about what is found, under the attack's name. */
const about = (name: string, checks: readonly Check[], words: RegExp): readonly Check[] =>
  checks.filter((one) => words.test(one.name)).map((one) => ({ ...one, name: `${name} ${one.name}` }));

const [WIDTH, CLASSES, SIZE] = [6, 3, 400];

export const familyChecks = ({ train = trainStudent } = {}): readonly Check[] => [
  ...attributeCases
    .filter(({ attack }, i, all) => all.findIndex((one) => one.attack === attack) === i)
    .flatMap((one) => about(one.attack.name, attributeContract(one), /^finds/)),
  ...inversionCases
    .filter(({ attack }) => attack.name === 'inversion/mi-face' || attack.name === 'inversion/black-box')
    .flatMap((one) => about(one.attack.name, inversionContract(one), /^comes near/)),
  check('stealing copies a linear model from its answers', async (findings, signal) => {
    const draws = (purpose: string, size: number) =>
      stream(4, 'selftest', purpose).normal(new Float32Array(size));
    const weights = float32([WIDTH, CLASSES], draws('weights', WIDTH * CLASSES));
    const graph = new Graph('victim');
    graph.output('logits', ops.MatMul(graph.input('x', 'float32', ['N', WIDTH]), graph.constant(weights)));
    const [asked, unseen] = [draws('asked', SIZE * WIDTH), draws('unseen', SIZE * WIDTH)];
    const logits = await answers(graph, asked);
    const beliefs = Float32Array.from(
      Array.from({ length: SIZE }, (_, i) => [
        ...posterior(logits.subarray(i * CLASSES, (i + 1) * CLASSES)),
      ]).flat(),
    );
    const fresh = logisticRegression.build({ recordShape: [WIDTH], classes: CLASSES, seed: 1 });
    const { method } = knockoff.configure();
    if (method.kind !== 'pool') throw new Error('internal: knockoff asks about a pool');
    const { model } = await train({
      ...{ ...context, signal, model: fresh, recordShape: [WIDTH], size: SIZE, beliefs },
      inputs: (positions) =>
        Float32Array.from(
          Array.from(positions, (i) => [...asked.subarray(i * WIDTH, (i + 1) * WIDTH)]).flat(),
        ),
      recipe: { ...method.student, epochs: 30 },
    });
    const truth = classesOf(await answers(graph, unseen));
    const share = (found: readonly number[]) => found.filter((c, i) => c === truth[i]).length / SIZE;
    const copied = share(classesOf(await answers(model, unseen)));
    findings.must(copied > 0.95, 'agreement above .95 on unseen inputs', copied);
    const before = share(classesOf(await answers(fresh, unseen)));
    findings.must(before < 0.7, 'agreement below .7 before anything is learnt', before);
  }),
];

const answers = async (graph: Graph, values: Float32Array): Promise<Float32Array> => {
  const session = await createSession(graph);
  try {
    const { logits } = await session.run({ x: float32([values.length / WIDTH, WIDTH], values) }, ['logits']);
    return logits?.data as Float32Array;
  } finally {
    await session.dispose();
  }
};

const classesOf = (logits: Float32Array): number[] =>
  Array.from({ length: logits.length / CLASSES }, (_, i) => {
    const row = logits.subarray(i * CLASSES, (i + 1) * CLASSES);
    return row.indexOf(Math.max(...row));
  });
