/** A generator and its discriminator as parts of a graph of the attacker's. */
import { copyInto, type Graph, type Value } from 'onnx-grad';
import type { Generator } from '../../../generators/generator.ts';

/** What a latent search looks at: a batch of generated records. */
export interface Generated {
  /** `[N, ...recordShape]`. */
  readonly x: Value;
  /** The class each is meant to show, int64 `[N]`. */
  readonly y: Value;
}

/** A copy of the network over values of the graph, bound by the names of its inputs; those it lacks are left out. */
const attach = (
  graph: Graph,
  network: Graph,
  given: Readonly<Record<string, Value>>,
  output: string,
): Value => {
  const result = network.outputs.get(output);
  if (!result) throw new Error(`internal: the network '${network.name}' has no output '${output}'`);
  const bindings = new Map(
    network.inputs.map((input) => {
      const value = given[input.name];
      if (!value)
        throw new Error(`internal: the network '${network.name}' has an unknown input '${input.name}'`);
      return [input, value] as const;
    }),
  );
  return copyInto(graph, network, { bindings }).get(result) as Value;
};

/** Records `[N, ...recordShape]` of latent vectors `[N, latent]`. */
export const attachGenerator = (z: Value, y: Value, { generator }: Generator): Value =>
  attach(z.graph, generator, { z, y }, 'x');

/** How real each record looks, `[N, 1]`, unbounded. */
export const attachDiscriminator = ({ x, y }: Generated, { discriminator }: Generator): Value =>
  attach(x.graph, discriminator, { x, y }, 'score');
