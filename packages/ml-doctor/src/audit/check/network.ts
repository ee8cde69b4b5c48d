/** Whether a target can be differentiated: what attacks on its weights ask first. */

import { defenseOf } from '../../defenses/registry.ts';
import type { GradientArchitecture } from '../../models/architecture.ts';
import { architecture } from '../../models/architectures.ts';
import type { Cell } from '../cell.ts';

/** The network that a cell's target is; undefined for a forest, and under a defence that puts one into it. */
export const networkOf = ({ model: { model }, defense }: Cell): GradientArchitecture | undefined => {
  const found = architecture(model);
  if (found.trains !== 'gradient') return undefined;
  const { learner } = defenseOf(defense.name).configure(defense.params);
  return learner?.gradients === false ? undefined : found;
};

/** A target in words: `simple-cnn`, or `simple-cnn under stacking`. */
export const targetName = ({ model: { model }, defense }: Cell): string =>
  defense.name === 'none' ? model : `${model} under ${defense.name}`;
