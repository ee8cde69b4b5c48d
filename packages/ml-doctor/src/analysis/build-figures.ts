/** Figures from evidence: those that can be made, and why the others cannot. */

import { AuditError } from '../errors.ts';
import type { Evidence } from './evidence/evidence.ts';
import type { Figure, FigureKind, Hole } from './figure.ts';

/** A figure that was asked for and cannot be made; `what` is its name. */
export type Refused = Hole & { readonly title: string };

export interface Built {
  readonly figures: readonly Figure[];
  readonly refused: readonly Refused[];
}

export interface FigureRequest {
  readonly kind: FigureKind;
  readonly evidence: Evidence;
}

/** Pure. One figure that cannot be made is no reason to lose the others. */
export function buildFigures(requests: readonly FigureRequest[]): Built {
  const figures: Figure[] = [];
  const refused: Refused[] = [];
  for (const { kind, evidence } of requests) {
    try {
      figures.push(kind.build(evidence));
    } catch (error) {
      if (!(error instanceof AuditError)) throw error;
      const { code, message, hint } = error;
      refused.push({ what: kind.name, title: kind.title, code, message, hint });
    }
  }
  return { figures, refused };
}
