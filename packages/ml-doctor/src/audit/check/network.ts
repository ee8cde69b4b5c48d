/** Whether a target can be differentiated: what attacks on its weights ask first. */

import { defenseOf } from '../../defenses/registry.ts';
import type { GradientArchitecture } from '../../models/architecture.ts';
import { architecture } from '../../models/architectures.ts';
import { ownArchitectureName } from '../../models/own-architectures.ts';
import type { Cell } from '../cell.ts';

/** The network that a cell's target is; undefined for a forest, and under a defence that puts one into it. */
export const networkOf = ({ model: { model }, defense, own }: Cell): GradientArchitecture | undefined => {
  if (own && own.subject.kind !== 'copy')
    return own.subject.kind === 'onnx' ? cloneOf(own.subject) : undefined;
  const found = architecture(model);
  if (found.trains !== 'gradient') return undefined;
  const { learner } = defenseOf(defense.name).configure(defense.params);
  return learner?.gradients === false ? undefined : found;
};

/** A target in words: `simple-cnn`, or `simple-cnn under stacking`. */
export const targetName = ({ model, defense, own }: Cell): string => {
  const name = own?.name ?? model.model;
  return defense.name === 'none' ? name : `${name} under ${defense.name}`;
};

/** With fresh weights it has the layers and operators that attacks on its weights ask about. */
const cloneOf = ({
  digest,
  differentiable,
}: {
  readonly digest: string;
  readonly differentiable: boolean;
}) => {
  if (!differentiable) return undefined;
  const found = architecture(ownArchitectureName(digest));
  return found.trains === 'gradient' ? found : undefined;
};
