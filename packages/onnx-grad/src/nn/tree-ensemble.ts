/** Decision trees in a graph: one `TreeEnsembleClassifier` (operator domain ai.onnx.ml) that sums what their leaves say. */
import { create } from '@bufbuild/protobuf';
import type { Value } from '../graph/value.ts';
import { encodeAttribute } from '../onnx/attribute-proto.ts';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as Type,
} from '../proto/onnx_pb.ts';

/** The domain's version in which the operator has this form; it has another name from version 5 on. */
const DOMAIN = 'ai.onnx.ml';
const DOMAIN_VERSION = 3;

/** One tree as parallel arrays over its nodes; node 0 is the root, children come after their parent. */
export interface DecisionTree {
  /** The column a split compares; -1 for a leaf. */
  readonly features: Int32Array;
  /** A row whose value is at most this goes left, any other right. */
  readonly thresholds: Float32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** What leaves add to the sums: the entry i gives `weight[i]`, not below 0, to class `class[i]` at leaf `node[i]`. */
  readonly votes: {
    readonly node: Int32Array;
    readonly class: Int32Array;
    readonly weight: Float32Array;
  };
}

/**
 * Sums of the votes of all trees for the rows `[N, features]`: `[N, classes]`, float32.
 * No gradient passes through it; it runs on the CPU whatever the device.
 */
export const treeEnsemble = (rows: Value, trees: readonly DecisionTree[], classes: number): Value => {
  const { graph } = rows;
  graph.domains.set(DOMAIN, DOMAIN_VERSION);
  const batch = rows.shape?.[0] ?? 'N';
  const [, scores] = graph.opaqueNode({
    op: 'TreeEnsembleClassifier',
    domain: DOMAIN,
    inputs: [rows],
    outputs: [
      { name: graph.freshName('label'), dtype: 'int64', shape: [batch] },
      { name: graph.freshName('votes'), dtype: 'float32', shape: [batch, classes] },
    ],
    attributes: attributes(trees, classes),
  });
  return scores as Value;
};

const attributes = (trees: readonly DecisionTree[], classes: number): AttributeProto[] => {
  const ints = intLists();
  const nodes = { tree: ints(), id: ints(), feature: ints(), left: ints(), right: ints() };
  const thresholds: number[] = [];
  const modes: Uint8Array[] = [];
  const votes = { tree: ints(), node: ints(), class: ints() };
  const weights: number[] = [];
  trees.forEach(({ features, thresholds: compared, left, right, votes: cast }, tree) => {
    features.forEach((feature, node) => {
      const leaf = feature < 0;
      nodes.tree.push(tree);
      nodes.id.push(node);
      nodes.feature.push(leaf ? 0 : feature);
      nodes.left.push(leaf ? 0 : (left[node] as number));
      nodes.right.push(leaf ? 0 : (right[node] as number));
      thresholds.push(leaf ? 0 : (compared[node] as number));
      modes.push(leaf ? LEAF : SPLIT);
    });
    const vote = (node: number, id: number, weight: number) => {
      votes.tree.push(tree);
      votes.node.push(node);
      votes.class.push(id);
      weights.push(weight);
    };
    const said = new Set(Array.from(cast.node, (node, i) => classes * node + (cast.class[i] as number)));
    cast.node.forEach((node, i) => {
      const id = cast.class[i] as number;
      vote(node, id, cast.weight[i] as number);
      // Of two classes onnxruntime takes one that nobody voted for as the other's complement.
      const other = 1 - id;
      if (classes === 2 && !said.has(classes * node + other)) vote(node, other, 0);
    });
  });
  const labels = ints();
  for (let label = 0; label < classes; label++) labels.push(label);
  return [
    nodes.tree.as('nodes_treeids'),
    nodes.id.as('nodes_nodeids'),
    nodes.feature.as('nodes_featureids'),
    encodeAttribute('nodes_values', 'floats', thresholds),
    create(AttributeProtoSchema, { name: 'nodes_modes', type: Type.STRINGS, strings: modes }),
    nodes.left.as('nodes_truenodeids'),
    nodes.right.as('nodes_falsenodeids'),
    votes.tree.as('class_treeids'),
    votes.node.as('class_nodeids'),
    votes.class.as('class_ids'),
    encodeAttribute('class_weights', 'floats', weights),
    labels.as('classlabels_int64s'),
    encodeAttribute('post_transform', 'string', 'NONE'),
  ];
};

const [LEAF, SPLIT] = [new TextEncoder().encode('LEAF'), new TextEncoder().encode('BRANCH_LEQ')];

/** Lists of whole numbers from 0. Equal ones share one bigint: a forest has millions of them, and few different. */
const intLists = () => {
  const shared: bigint[] = [];
  return () => {
    const list: bigint[] = [];
    return {
      push: (value: number) => {
        for (let next = shared.length; next <= value; next++) shared.push(BigInt(next));
        list.push(shared[value] as bigint);
      },
      as: (name: string) => create(AttributeProtoSchema, { name, type: Type.INTS, ints: list }),
    };
  };
};
