/** What an inversion attack came to, as the report tells it. */

import { chosenClasses } from '../../attacks/inversion/inversion-attack.ts';
import type { Result } from '../../report/schema.ts';
import { inversionVerdict, shiftedInversion } from '../../report/verdict/inversion.ts';
import type {
  EvaluateInversionResult,
  GalleryEntry,
} from '../../study/kinds/inversion/evaluate-inversion.ts';
import type { PlannedInversion } from '../plan/plan-inversion.ts';
import { type Circumstances, questionOf } from './question.ts';

export const inversionResult = (
  attack: PlannedInversion,
  found: EvaluateInversionResult,
  gallery: readonly GalleryEntry[],
  circumstances: Circumstances & { readonly classes: number; readonly auxiliaryRecords: number },
): Result => {
  const { cell, check, shared, classes, auxiliaryRecords } = circumstances;
  const { generator, perClass, classes: choice } = attack.configured;
  const asked = chosenClasses(choice, classes).length;
  const { metrics, baselines, records } = found;
  const graded = [metrics, baselines, records, classes, asked] as const;
  return {
    ...questionOf(attack, cell),
    source: attack.source,
    seed: cell.seed,
    references: { count: 0, pool: 'none' },
    ...(generator && { generator: { auxiliaryRecords, epochs: generator.epochs } }),
    reconstructions: { count: asked * perClass, classes: asked },
    queries: found.queries,
    records,
    metrics,
    curves: {},
    slices: [],
    baselines,
    gallery,
    artifacts: [],
    verdict: check?.shifted ? shiftedInversion(check.auc, ...graded) : inversionVerdict(...graded),
    notes: [...found.notes, ...shared],
  };
};
