/** The architecture that a task names: one of the table, or the user's own model with fresh weights. */
import { cloneWithFreshWeights, decodeModel, encodeModel, type Graph } from 'onnx-grad';
import type { Architecture, GradientArchitecture } from '../../models/architecture.ts';
import { architecture } from '../../models/architectures.ts';
import {
  digestOf,
  isOwnArchitecture,
  ownArchitecture,
  ownArchitectureName,
  registerOwnArchitecture,
} from '../../models/own-architectures.ts';
import type { Places } from '../task.ts';
import { readOwnModel } from './read-own-model.ts';

/** @throws {AuditError} MLD_USAGE for an unknown one, and those of {@link readOwnModel} */
export const findArchitecture = async (name: string, places: Places): Promise<Architecture> => {
  if (isOwnArchitecture(name) && ownArchitecture(name) === undefined) {
    const { graph } = await readOwnModel(digestOf(name), places);
    registerOwnArchitecture(cloneArchitecture(digestOf(name), graph));
  }
  return architecture(name);
};

/** The architecture of a graph that has one input `x` and one output `logits`. */
export const cloneArchitecture = (digest: string, graph: Graph): GradientArchitecture => {
  const bytes = encodeModel(graph);
  return {
    name: ownArchitectureName(digest),
    title: 'The audited model, with fresh weights',
    source: 'the file of the audited model',
    trains: 'gradient',
    // Decoded anew: whoever builds a graph owns it.
    build: ({ seed }) => cloneWithFreshWeights(decodeModel(bytes), { seed }).graph,
  };
};
