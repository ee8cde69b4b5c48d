/** What one audit of a model trained here consists of. */
import type { TrainingRecipe } from '../models/recipe.ts';

export interface AuditConfig {
  /** Catalogue id of the data set. */
  readonly data: string;
  /** Use only so many records of each role of the split; all by default. */
  readonly recordsPerRole?: number;
  readonly architecture: string;
  readonly recipe: TrainingRecipe;
  /** Attacks by name, with the parameters that differ from their defaults. */
  readonly attacks: readonly { readonly name: string; readonly params?: Readonly<Record<string, unknown>> }[];
  readonly seed: number;
  /** The command that gives this audit again. */
  readonly command: string;
}
