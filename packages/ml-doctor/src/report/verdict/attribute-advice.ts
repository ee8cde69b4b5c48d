/** What the owner of a model should do about a hidden attribute that it gives away. */

import type { Level } from '../schema.ts';
import type { Finding } from './attribute-grade.ts';
import type { Named } from './attribute-words.ts';

const KEEP_INSIDE =
  'Do not publish or send embeddings or weights: compute on one side, and hand on the answer alone. Against attacks by queries answer with the label only and limit queries; that weakens them, but does not end the leak.';
const NOT_PRIVACY =
  'Do not count on differential privacy (DP-SGD) here: it protects single records, not what a model learns of the population.';
const REMOVE =
  'Make the embedding narrower, or train it so that the attribute cannot be read from it (adversarial removal), and audit again: for some tasks removal fails (Song and Shmatikov, ICLR 2020).';
const STRONGER =
  'Run stronger attribute attacks before relying on this, above all one that has the weights, and audit again whenever the model is retrained.';

/** For a level and what it rests on; see `attributeVerdict`. */
export function advise(level: Level, finding: Finding, { name }: Named): string[] {
  const inputs = `Leave “${name}”, and columns from which it follows, out of the model’s inputs if its task allows.`;
  switch (finding) {
    case 'training-records':
      return adviseOnMembers(level, [KEEP_INSIDE, inputs]);
    case 'population':
      return level === 'low'
        ? [sensitive(name), KEEP_INSIDE, inputs]
        : [KEEP_INSIDE, inputs, REMOVE, NOT_PRIVACY];
    case 'correlation':
      return [
        `Nothing about this model: “${name}” follows from other columns or from the label. Consider which of those you publish or hand on.`,
        STRONGER,
      ];
    default:
  }
  if (level === 'none-found') return [STRONGER];
  if (level === 'inconclusive')
    return ['Audit again with more records whose attribute is known, members and non-members alike.'];
  // Whose attribute it is cannot be told.
  return [KEEP_INSIDE, inputs, REMOVE];
}

/** @param population against what is learnt of anybody, which outlives every remedy for single records */
function adviseOnMembers(level: Level, population: readonly string[]): string[] {
  const remedy = [
    'Reduce over-fitting and remove duplicates, which make a model keep single records: stop training earlier, use more or augmented data, weight decay or dropout.',
    'Retrain with differential privacy (DP-SGD), the only defence here with a guarantee for single records, and audit again.',
  ];
  if (level !== 'high') return [...remedy, ...population];
  return [
    'Do not release this model, its weights or its embeddings before this is reduced.',
    ...remedy.reverse(),
    ...population,
  ];
}

function sensitive(name: string): string {
  return `Decide whether “${name}” is sensitive (health, origin, belief, sexual life); if so, treat this as high.`;
}
