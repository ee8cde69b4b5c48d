/** What evidence a figure refuses, and what it lacks. */

import { AuditError } from '../../../errors.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { targetText } from '../../evidence/facts.ts';
import { refuseMixed } from '../../evidence/mixed.ts';
import type { FigureKind, Hole } from '../../figure.ts';
import { ATTACK, type Attacked } from './attacked.ts';

/** @throws {AuditError} MLD_EVIDENCE_MISSING for none */
export function needed(all: readonly Attacked[], { needs }: Pick<FigureKind, 'needs'>): readonly Attacked[] {
  if (all.length > 0) return all;
  throw new AuditError(
    'MLD_EVIDENCE_MISSING',
    `it needs ${needs}; there are none`,
    'Add membership/shokri to the study, or a study that has it: ml-doctor study --preset shokri-small runs one.',
  );
}

/** @throws {AuditError} MLD_EVIDENCE_MIXED where the targets of a figure differ in seeds or versions */
export function alike(entries: readonly { readonly attacked: Attacked }[]): void {
  refuseMixed([...new Set(entries.map(({ attacked }) => attacked.target))]);
}

/** Audits of which a task failed, and that have no result of the attack. */
export function failures({ targets }: Evidence): readonly Hole[] {
  return targets.flatMap((target) =>
    target.runs
      .filter(
        ({ audit, report }) => audit.holes > 0 && !report.results.some(({ attack }) => attack === ATTACK),
      )
      .map(
        ({ seed }): Hole => ({
          what: `${targetText(target)}, seed ${seed}`,
          code: 'MLD_EVIDENCE_MISSING',
          message: `a task failed, and there is no result of ${ATTACK}`,
          hint: 'Run the study again: it goes on where a task failed.',
        }),
      ),
  );
}
