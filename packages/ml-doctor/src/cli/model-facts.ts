/** What can be chosen of an architecture, in words. */

import type { Architecture } from '../models/architecture.ts';

/** Nothing where there is nothing to choose; its own choice stands first. */
export const modelChoices = (model: Architecture): { readonly options?: string } => {
  if (model.trains !== 'gradient') return {};
  const { norms = [], dropout } = model;
  const [own, ...others] = norms;
  const options = [
    ...(own === undefined ? [] : [`norm: ${own}${others.length > 0 ? `, or ${others.join(', ')}` : ''}`]),
    ...(dropout === undefined ? [] : [`dropout: ${dropout}, or another rate below 1`]),
  ];
  return options.length === 0 ? {} : { options: options.join('; ') };
};
