/** `ml-doctor list figures` and `ml-doctor list presets`: what each is after, and what it needs. */

import { figures } from '../analysis/figures/registry.ts';
import { PRESETS } from '../analysis/presets/presets.ts';
import type { ListEntry } from './services.ts';

export function figureFacts(): readonly ListEntry[] {
  return Object.values(figures).map(({ name, title, needs, source }) => ({
    ...{ name, title, needs },
    ...(source !== undefined && { source }),
  }));
}

export function presetFacts(): readonly ListEntry[] {
  return Object.values(PRESETS).map(({ name, title, source, parts, figures: made }) => ({
    ...{ name, title },
    run: `ml-doctor study --preset ${name}${parts.length === 0 ? ' AUDIT' : ''}`,
    ...(parts.length > 0 && { studies: parts.map((part) => `${part.name}: ${part.title}`).join('; ') }),
    figures: made.map(({ figure }) => figure).join(', '),
    source,
  }));
}
