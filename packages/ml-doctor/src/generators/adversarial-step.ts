/** One step of adversarial training as one graph: the discriminator's update, then the generator's against its result. */
import {
  attachModel,
  elementCount,
  float32,
  Graph,
  gradients,
  type Optimizer,
  ops,
  type RandomMask,
  type Tensor,
  trainingModel,
  type Value,
} from 'onnx-grad';
import type { AdversarialLoss } from './adversarial-losses.ts';
import type { Generator } from './generator.ts';
import { maxMargin } from './max-margin.ts';

export interface AdversarialStepOptions {
  readonly loss: AdversarialLoss;
  /** Of both networks, each with a state of its own. */
  readonly optimizer: Optimizer;
  /** The target that generated records shall please, with weight α; for a conditional pair. */
  readonly guide?: { readonly target: Graph; readonly alpha: number };
}

/**
 * Inputs of the graph: `real` `[N, ...recordShape]`, `z` `[N, latent]`, and with a conditional pair `realLabels` and
 * `labels` int64 `[N]`; the optimiser's scalars, dropout's masks, and the state. Outputs: the losses that the step
 * descended from, and every state tensor's next value.
 */
export interface AdversarialStep {
  readonly graph: Graph;
  /** Scalar of the optimiser -> input. */
  readonly scalars: ReadonlyMap<string, string>;
  readonly masks: readonly RandomMask[];
  /** State tensor (parameter, running statistic or optimiser state) -> output that holds its next value. */
  readonly state: ReadonlyMap<string, string>;
  readonly initialState: () => ReadonlyMap<string, Tensor>;
}

/** Names that are neither of a network's nor of a target's carry this prefix, so that none can meet them. */
export const own = (name: string): string => `gan::${name}`;

export const buildAdversarialStep = (
  networks: Generator,
  { loss, optimizer, guide }: AdversarialStepOptions,
): AdversarialStep => {
  const { generator, discriminator, conditional } = networks;
  const graph = new Graph('adversarial-step');
  const shape = discriminator.value('x').shape as readonly (number | string)[];
  const real = graph.input(own('real'), 'float32', shape);
  const z = graph.input(own('z'), 'float32', ['N', networks.latent]);
  const labelled = (name: string): [string, Value][] =>
    conditional ? [['y', graph.input(own(name), 'int64', ['N'])]] : [];
  const realLabels = labelled('realLabels');
  const labels = labelled('labels');

  const generated = trainingModel(graph, generator, new Map([['z', z], ...labels]));
  const fake = generated.outputs.get('x') as Value;
  // Real and generated records pass apart, so that each are normalised by statistics of their own.
  const onReal = trainingModel(graph, discriminator, new Map([['x', real], ...realLabels]));
  const moved = [...onReal.buffers].map(([name, [, next]]) => [name, next] as const);
  const onFake = trainingModel(
    graph,
    discriminator,
    new Map([['x', fake], ...labels, ...onReal.parameters, ...moved]),
  );

  const scalars = new Map(
    optimizer.scalars.map((name) => [name, graph.input(own(`scalar.${name}`), 'float32', [])]),
  );
  const state = new Map<string, string>();
  const zeros: { readonly name: string; readonly dims: readonly number[] }[] = [];
  const emit = (name: string, next: Value) => {
    graph.output(own(`next.${name}`), next);
    state.set(name, own(`next.${name}`));
  };
  const descend = (
    parameters: ReadonlyMap<string, Value>,
    slopes: readonly Value[],
  ): ReadonlyMap<string, Value> => {
    const updated = [...parameters].map(([name, parameter], i) => {
      const dims = parameter.shape as readonly number[];
      const slots = Object.fromEntries(
        optimizer.state.map((slot) => [slot, graph.input(own(`${slot}.${name}`), 'float32', dims)]),
      );
      const update = optimizer.update(parameter, slopes[i] as Value, slots, Object.fromEntries(scalars));
      emit(name, update.parameter);
      for (const [slot, next] of Object.entries(update.state)) {
        const held = (slots[slot] as Value).name;
        zeros.push({ name: held, dims });
        emit(held, next);
      }
      return [name, update.parameter] as const;
    });
    return new Map(updated);
  };

  const score = (pass: typeof onReal) => pass.outputs.get('score') as Value;
  const discriminatorLoss = loss.discriminator(score(onReal), score(onFake));
  const improved = descend(onReal.parameters, gradients(discriminatorLoss, [...onReal.parameters.values()]));

  // A name of its own, so that the slope follows the record through the discriminator as it now is, and not through
  // the update that made it so: the generator takes the discriminator as given.
  const shown = ops.Identity(fake);
  const judged = trainingModel(
    graph,
    discriminator,
    new Map([['x', shown], ...labels, ...improved, ...moved]),
  );
  const game = loss.generator(score(judged));
  const label = labels[0]?.[1];
  const margin =
    guide && label
      ? ops.ReduceMean(
          maxMargin(
            attachModel(graph, guide.target, { [guide.target.inputs[0]?.name ?? 'x']: shown }, 'logits'),
            label,
          ),
          undefined,
          {
            keepdims: false,
          },
        )
      : undefined;
  const generatorLoss = guide && margin ? ops.Add(game, ops.Mul(margin, graph.scalar(guide.alpha))) : game;
  const [seed] = gradients(generatorLoss, [shown]);
  descend(generated.parameters, gradients(fake, [...generated.parameters.values()], { seed: seed as Value }));

  // The pass for the generator's sake shows the discriminator nothing new: its statistics stay as they were.
  for (const [name, [, next]] of [...generated.buffers, ...onFake.buffers]) emit(name, next);
  graph.output(own('discriminatorLoss'), discriminatorLoss);
  graph.output(own('generatorLoss'), generatorLoss);

  const stored = (name: string) =>
    (generator.initializers.get(name) ?? discriminator.initializers.get(name)) as Tensor;
  const kept = [generated, onReal].flatMap((pass) => [...pass.parameters.keys(), ...pass.buffers.keys()]);
  return {
    graph,
    scalars: new Map([...scalars].map(([name, input]) => [name, input.name])),
    masks: [...generated.masks, ...onReal.masks, ...onFake.masks, ...judged.masks],
    state,
    initialState: () =>
      new Map([
        ...kept.map((name) => [name, stored(name)] as const),
        ...zeros.map(
          ({ name, dims }) => [name, float32(dims, new Float32Array(elementCount(dims)))] as const,
        ),
      ]),
  };
};
