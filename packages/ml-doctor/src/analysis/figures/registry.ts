/** All figures, by name. */

import type { FigureKind } from '../figure.ts';

const ALL: readonly FigureKind[] = [];

export const figures: Readonly<Record<string, FigureKind>> = Object.fromEntries(
  ALL.map((figure) => [figure.name, figure]),
);
