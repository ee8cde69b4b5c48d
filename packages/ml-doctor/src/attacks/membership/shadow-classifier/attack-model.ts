/** How an attack network is trained on features of known membership, and what it says of others. */
import type { Graph } from 'onnx-grad';
import type { AttackContext } from '../../attack-context.ts';
import { type AttackRows, fitAttackNetwork, type NetworkTraining, scoreRows } from '../attack-network.ts';
import { batchOf, type Features } from './features.ts';

/** Rows of one run: gradients of a wide last layer are large. */
const ROWS_PER_RUN = 64;

const rowsOf = (features: Features): AttackRows => ({
  size: features.size,
  inputs: (indices) => batchOf(features, indices),
});

/** @param membership 1 for members, 0 for non-members, parallel to the features */
export const trainAttackModel = (
  network: Graph,
  features: Features,
  membership: Uint8Array,
  training: NetworkTraining,
  context: AttackContext,
): Promise<Graph> =>
  fitAttackNetwork(
    network,
    { ...rowsOf(features), membership: (index) => membership[index] as number },
    training,
    context,
    (epoch, loss) => context.progress(epoch / training.epochs, { epoch, loss }),
  );

/** Logit of "member" minus logit of "non-member": 0 is even odds. */
export const memberScores = (
  model: Graph,
  features: Features,
  context: AttackContext,
): Promise<Float64Array> => scoreRows(model, rowsOf(features), context, ROWS_PER_RUN);
