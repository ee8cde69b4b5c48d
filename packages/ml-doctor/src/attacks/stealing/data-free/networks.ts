/** Generator and student of one theft, ready to run: records are made, the student answers, and both take steps. */
import {
  adam,
  copyGraph,
  createSession,
  elementCount,
  type Feeds,
  float32,
  type Graph,
  OnnxGradError,
  type Optimizer,
  type Session,
  type SessionOptions,
  scalar,
  scalarInput,
  sgd,
  stream,
  type Tensor,
} from 'onnx-grad';
import type { RecordSpace } from '../../../generators/auxiliary-data.ts';
import type { DataFreeRecipe } from '../stealing-attack.ts';
import { generatorAtWork, generatorStep, ofStudent, own } from './generator-graphs.ts';
import { withReach } from './reach.ts';
import { studentAnswers, studentStep, studentTensors } from './student-graphs.ts';

/** Of the student's steps (Truong et al. 2021, § 4.1). */
const MOMENTUM = 0.9;
const WEIGHT_DECAY = 5e-4;

/** Parameters, running statistics and optimiser states of both networks. */
export type Tensors = ReadonlyMap<string, Tensor>;

export interface Networks {
  readonly initialTensors: Tensors;
  /** Records from latent vectors, `rows × length`; within the bounds to rounding. */
  make(tensors: Tensors, z: Tensor, y: Tensor): Promise<Float32Array>;
  /** The student's centred logits, `rows × classes`. */
  answer(tensors: Tensors, x: Tensor): Promise<Float32Array>;
  /** @param step from 1 */
  climb(tensors: Tensors, feeds: ClimbFeeds, step: number, factor: number): Promise<Stepped>;
  /** @param step from 1 */
  learn(tensors: Tensors, x: Tensor, target: Tensor, step: number, factor: number): Promise<Stepped>;
  /** The student with the weights that it has in a state. */
  student(tensors: Tensors): Graph;
  dispose(): Promise<void>;
}

export interface ClimbFeeds {
  readonly z: Tensor;
  readonly y: Tensor;
  readonly game: number;
  /** The target's centred logits. */
  readonly target: Tensor;
  readonly slopes: Tensor;
}

export interface Stepped {
  readonly tensors: Tensors;
  /** Mean disagreement of the batch before the step. */
  readonly disagreement: number;
}

export interface NetworkChoice {
  readonly generator: Graph;
  readonly space: RecordSpace;
  readonly student: Graph;
  readonly recipe: DataFreeRecipe;
  readonly seed: number;
}

const rateOf = (optimizer: Optimizer, step: number, factor: number, named: (scalar: string) => string) =>
  Object.fromEntries(
    Object.entries(optimizer.scalarsAt(step, optimizer.learningRate * factor)).map(([name, value]) => [
      named(name),
      scalar(value),
    ]),
  );

const finite = (value: Tensor | undefined, who: string, step: number): number => {
  const loss = Number(value?.data[0]);
  if (Number.isFinite(loss)) return loss;
  throw new OnnxGradError(
    'OG_DIVERGED',
    `the disagreement became ${loss} in step ${step} of the ${who}`,
    `Lower the learning rate of the ${who}.`,
  );
};

/** Feeds of the tensors that a session reads; `as` gives the state's name of an input. */
const weightsFor = (session: Session, tensors: Tensors, as: (input: string) => string): Feeds =>
  Object.fromEntries(
    session.inputNames.flatMap((input) => {
      const tensor = tensors.get(as(input));
      return tensor ? [[input, tensor] as const] : [];
    }),
  );

export const openNetworks = async (
  { generator: narrow, space, student, recipe, seed }: NetworkChoice,
  session: SessionOptions,
): Promise<Networks> => {
  const generator = await withReach(narrow, space, seed, session);
  const descent = sgd({
    learningRate: recipe.studentLearningRate,
    momentum: MOMENTUM,
    weightDecay: WEIGHT_DECAY,
  });
  const ascent = adam({ learningRate: recipe.generatorLearningRate });
  const learning = studentStep(student, descent);
  const named = studentTensors(learning, student);
  const climbing = generatorStep(generator, student, named, ascent, recipe.diversity);
  const open: Session[] = [];
  const dispose = async () => {
    for (const each of open) await each.dispose();
  };
  const ready = async (graph: Graph) => {
    const made = await createSession(graph, session);
    open.push(made);
    return made;
  };
  try {
    const maker = await ready(generatorAtWork(generator));
    const answerer = await ready(studentAnswers(student, named, ofStudent));
    const climber = await ready(climbing.graph);
    const learner = await ready(learning.graph);
    const plain = (name: string) => name;
    return {
      initialTensors: new Map([
        ...climbing.initialState(),
        ...[...learning.initialState()].map(([name, tensor]) => [ofStudent(name), tensor] as const),
      ]),
      make: async (tensors, z, y) => {
        const made = await maker.run({ ...weightsFor(maker, tensors, plain), [own('z')]: z, [own('y')]: y });
        return made[own('x')]?.data as Float32Array;
      },
      answer: async (tensors, x) => {
        const feeds = { ...weightsFor(answerer, tensors, plain), [ofStudent('x')]: x };
        return (await answerer.run(feeds))[ofStudent('logits')]?.data as Float32Array;
      },
      climb: async (tensors, feeds, step, factor) => {
        const results = await climber.run({
          ...weightsFor(climber, tensors, plain),
          ...rateOf(ascent, step, factor, (name) => own(`scalar.${name}`)),
          [own('z')]: feeds.z,
          [own('y')]: feeds.y,
          [own('game')]: scalar(feeds.game),
          [own('target')]: feeds.target,
          [own('slopes')]: feeds.slopes,
        });
        const disagreement = finite(results[own('disagreement')], 'generator', step);
        const next = [...climbing.state].map(([name, output]) => [name, results[output] as Tensor] as const);
        return { disagreement, tensors: new Map([...tensors, ...next]) };
      },
      learn: async (tensors, x, target, step, factor) => {
        const rows = x.dims[0] as number;
        const masks = learning.masks.map(({ input, keep, shape }, layer) => {
          const dims = [rows, ...shape];
          const random = stream(seed, 'dropout', layer, step);
          return [
            input,
            float32(dims, random.bernoulli(new Float32Array(elementCount(dims)), keep, 1 / keep)),
          ];
        });
        const results = await learner.run({
          ...weightsFor(learner, tensors, ofStudent),
          ...Object.fromEntries(masks),
          ...rateOf(descent, step, factor, scalarInput),
          [learning.dataInputs[0] as string]: x,
          [learning.target]: target,
          [learning.weights]: float32([rows], new Float32Array(rows).fill(1 / rows)),
        });
        const disagreement = finite(results[learning.lossOutput], 'student', step);
        const next = [...learning.state].map(
          ([name, output]) => [ofStudent(name), results[output] as Tensor] as const,
        );
        return { disagreement, tensors: new Map([...tensors, ...next]) };
      },
      student: (tensors) => withWeights(student, named, tensors),
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
};

const withWeights = (student: Graph, named: readonly string[], tensors: Tensors): Graph => {
  const copy = copyGraph(student);
  for (const name of named) {
    const tensor = tensors.get(ofStudent(name)) as Tensor;
    if (!(tensor.data as Float32Array).every(Number.isFinite))
      throw new OnnxGradError(
        'OG_DIVERGED',
        `'${name}' of the copy holds values that are not finite`,
        'Lower the learning rate of the student.',
      );
    copy.setInitializer(name, tensor);
  }
  return copy;
};
