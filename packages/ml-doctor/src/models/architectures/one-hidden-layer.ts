/** The network of one hidden layer that Shokri et al. and ML-Leaks attack where records are no pictures. */
import { elementCount, Graph, nn, ops } from 'onnx-grad';
import type { GradientArchitecture } from '../architecture.ts';

/** Units of the hidden layer, in both papers. */
const HIDDEN = 128;

const oneHiddenLayer = <Name extends string>(name: Name, source: string): GradientArchitecture<Name> => ({
  name,
  title: `one hidden layer: dense ${HIDDEN} (tanh), dense classes`,
  source,
  trains: 'gradient',
  build: ({ recordShape, classes, seed }) => {
    const graph = new Graph(name);
    const x = graph.input('x', 'float32', ['N', ...recordShape]);
    const rows = recordShape.length > 1 ? ops.Reshape(x, [-1, elementCount(recordShape)]) : x;
    const hidden = ops.Tanh(nn.dense(rows, { name: 'fc1', seed, units: HIDDEN }));
    graph.output('logits', nn.dense(hidden, { name: 'fc2', seed, units: classes }));
    return graph;
  },
});

/** For Purchase and Texas records (section VI.C of the paper). */
export const shokriNn = oneHiddenLayer('shokri-nn', 'Shokri et al., Membership Inference Attacks, S&P 2017');

/** The same network under ML-Leaks' name: what differs between the papers is how it is trained. */
export const mlLeaksMlp = oneHiddenLayer('ml-leaks-mlp', 'Salem et al., ML-Leaks, NDSS 2019');
