/** What an inversion attack came to, as the report tells it. */

import { chosenClasses } from '../../attacks/inversion/inversion-attack.ts';
import type { GeneratorRecipe } from '../../generators/recipe.ts';
import type { Result } from '../../report/schema.ts';
import { inversionVerdict, shiftedInversion } from '../../report/verdict/inversion.ts';
import { verdictThrough } from '../../report/verdict/through.ts';
import type {
  EvaluateInversionResult,
  GalleryEntry,
} from '../../study/kinds/inversion/evaluate-inversion.ts';
import type { PlannedInversion } from '../plan/plan-inversion.ts';
import { type Circumstances, questionOf } from './question.ts';

export interface InversionCircumstances {
  /** Of the target. */
  readonly classes: number;
  /** Inversion attacks of the audit. */
  readonly attacks: number;
  /** What an attacker with shadow data has. */
  readonly auxiliaryRecords: number;
}

/** A guided generator learns from the records that the target is surest about, as many of each class. */
const generatorOf = (
  { guided, epochs }: GeneratorRecipe,
  auxiliaryRecords: number,
  classes: number,
): NonNullable<Result['generator']> => ({
  auxiliaryRecords: guided ? classes * Math.min(guided.top, auxiliaryRecords) : auxiliaryRecords,
  epochs,
  guided: guided !== undefined,
});

export const inversionResult = (
  attack: PlannedInversion,
  found: EvaluateInversionResult,
  gallery: readonly GalleryEntry[],
  circumstances: Circumstances & InversionCircumstances,
): Result => {
  const { cell, check, shared, classes, attacks, auxiliaryRecords } = circumstances;
  const { generator, perClass, classes: choice } = attack.configured;
  const asked = chosenClasses(choice, classes).length;
  const { metrics, baselines, records } = found;
  const graded = [metrics, baselines, records, { classes, asked, attacks }] as const;
  const verdict = check?.shifted ? shiftedInversion(check.auc, ...graded) : inversionVerdict(...graded);
  const question = questionOf(attack, cell);
  return {
    ...question,
    source: attack.source,
    seed: cell.seed,
    references: { count: 0, pool: 'none' },
    ...(generator && { generator: generatorOf(generator, auxiliaryRecords, classes) }),
    reconstructions: { count: asked * perClass, classes: asked },
    queries: attack.through?.budget ?? found.queries,
    records,
    metrics,
    curves: {},
    slices: [],
    baselines,
    gallery,
    artifacts: [],
    verdict: question.through ? verdictThrough(verdict, question.through) : verdict,
    notes: [...found.notes, ...shared],
  };
};
