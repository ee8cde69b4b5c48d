/** A generator from records: adversarial training, of its own or under a target's guidance. */
import {
  adam,
  copyGraph,
  createSession,
  type Device,
  type Graph,
  OnnxGradError,
  type Tensor,
} from 'onnx-grad';
import { AuditError } from '../errors.ts';
import { crossEntropyGame, hingeGame } from './adversarial-losses.ts';
import { buildAdversarialStep } from './adversarial-step.ts';
import { type AuxiliaryData, discriminatorView } from './auxiliary-data.ts';
import { descend, type GeneratorProgress } from './descend.ts';
import type { Generator } from './generator.ts';
import { untrainedPair } from './networks.ts';
import { type LabelledRecords, pseudoLabels } from './pseudo-labels.ts';
import type { GeneratorRecipe } from './recipe.ts';
import { fingerprintOf, type GeneratorCheckpoint, startingState, stateKeeper } from './training-state.ts';

export interface TrainGeneratorOptions {
  readonly recipe: GeneratorRecipe;
  readonly data: AuxiliaryData;
  /** With a guided recipe, and only then. */
  readonly target?: Graph;
  /** Of the target. */
  readonly classes: number;
  readonly seed: number;
  readonly threads: number;
  readonly device: Device;
  readonly signal: AbortSignal;
  readonly checkpoint?: GeneratorCheckpoint;
  readonly progress: (progress: GeneratorProgress) => void;
}

export interface TrainedGenerator {
  readonly networks: Generator;
  readonly steps: number;
  /** Mean of each epoch, as the steps met it. */
  readonly generatorLosses: readonly number[];
  readonly discriminatorLosses: readonly number[];
}

/**
 * The same options give the same bits, wherever a training was stopped and resumed.
 * @throws {AuditError} MLD_ATTACK_UNSUITED for records or a target that no generator can be trained on
 * @throws {OnnxGradError} OG_DIVERGED when a loss is no finite number any more, OG_ABORTED when stopped
 */
export const trainGenerator = async (options: TrainGeneratorOptions): Promise<TrainedGenerator> => {
  const { recipe, data, target, classes, seed } = options;
  const { guided, latent } = recipe;
  if ((guided === undefined) !== (target === undefined))
    throw new Error('internal: a target goes with a guided recipe');
  checkRecords(options);
  const chosen =
    target && guided ? await pseudoLabels(target, classes, guided.top, options) : everyRecord(data.count);
  const conditional = guided ? { classes } : {};
  const networks = untrainedPair({
    ...{ space: data, view: discriminatorView(data), latent, width: recipe.width, seed },
    ...conditional,
  });
  const optimizer = adam({ learningRate: recipe.learningRate, betas: [recipe.beta1, 0.999] });
  const step = buildAdversarialStep(networks, {
    loss: guided ? hingeGame : crossEntropyGame,
    optimizer,
    ...(target && guided && { guide: { target, alpha: guided.alpha } }),
  });
  const { checkpoint } = options;
  const keeper =
    checkpoint &&
    stateKeeper(checkpoint, fingerprintOf({ recipe, seed, networks, step, values: data.values, chosen }));
  const session = await createSession(step.graph, { threads: options.threads, device: options.device });
  try {
    const start = (await keeper?.load()) ?? startingState(step);
    const source = { step, optimizer, data, chosen, latent, seed, ...conditional };
    const { progress, tensors } = await descend(session, source, start, {
      epochs: recipe.epochs,
      batchSize: recipe.batchSize,
      signal: options.signal,
      progress: options.progress,
      ...(keeper && { keeper }),
    });
    return {
      networks: {
        ...networks,
        generator: withState(networks.generator, tensors),
        discriminator: withState(networks.discriminator, tensors),
      },
      steps: progress.step,
      generatorLosses: progress.history.map((epoch) => epoch.generator),
      discriminatorLosses: progress.history.map((epoch) => epoch.discriminator),
    };
  } finally {
    await session.dispose();
  }
};

const checkRecords = ({ recipe, data, classes }: TrainGeneratorOptions): void => {
  if (data.count < 2)
    throw new AuditError(
      'MLD_ATTACK_UNSUITED',
      `a generator cannot learn from ${data.count} auxiliary records`,
      'Give the attacker more auxiliary records, or choose an attack without a generator, such as inversion/mi-face.',
    );
  if (recipe.guided && classes < 2)
    throw new AuditError(
      'MLD_ATTACK_UNSUITED',
      'a target of one class cannot guide a generator: there is no other class to keep away from',
      'Choose an attack whose generator is not guided, such as inversion/secret-revealer.',
    );
};

const everyRecord = (count: number): LabelledRecords => ({
  records: Uint32Array.from({ length: count }, (_, i) => i),
  labels: new Int32Array(count),
});

const withState = (network: Graph, tensors: ReadonlyMap<string, Tensor>): Graph => {
  const copy = copyGraph(network);
  for (const name of copy.initializers.keys()) {
    const tensor = tensors.get(name);
    if (!tensor) continue;
    if (!(tensor.data as Float32Array).every(Number.isFinite))
      throw new OnnxGradError(
        'OG_DIVERGED',
        `'${name}' of the trained pair holds values that are not finite`,
        'Lower the learning rate, or check the auxiliary records for values that are not finite.',
      );
    copy.setInitializer(name, tensor);
  }
  return copy;
};
