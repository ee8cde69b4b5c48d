/** Relations that can be had, and holes in place of those that cannot. */

import { AuditError } from '../../../errors.ts';
import type { Target } from '../../evidence/evidence.ts';
import type { Column, FigureKind, Hole, Table } from '../../figure.ts';
import { type Quantity, type Relation, relate } from '../../relations/relate.ts';

export interface Related {
  readonly relations: readonly Relation[];
  /** Pairs that too few targets have. */
  readonly holes: readonly Hole[];
}

/**
 * Pairs that no target has are left out: they were not asked for.
 * @throws {AuditError} MLD_TARGETS_FEW where no pair has enough targets; MLD_EVIDENCE_MISSING where no target has any
 */
export function relateAll(
  targets: readonly Target[],
  pairs: readonly (readonly [Quantity, Quantity])[],
  { needs }: Pick<FigureKind, 'needs'>,
): Related {
  const relations: Relation[] = [];
  const few: AuditError[] = [];
  const holes: Hole[] = [];
  for (const [x, y] of pairs) {
    if (!targets.some((target) => x.of(target) !== undefined && y.of(target) !== undefined)) continue;
    try {
      relations.push(relate(targets, x, y));
    } catch (error) {
      if (!(error instanceof AuditError) || error.code !== 'MLD_TARGETS_FEW') throw error;
      few.push(error);
      const { code, message, hint } = error;
      holes.push({ what: `${x.name} and ${y.name}`, code, message, hint });
    }
  }
  if (relations.length > 0) return { relations, holes };
  const [first] = few;
  if (first !== undefined) throw first;
  throw new AuditError(
    'MLD_EVIDENCE_MISSING',
    `it needs ${needs}; there are none`,
    'Add what it needs to the study, or a study that has it: ml-doctor study --preset small runs one.',
  );
}

const COLUMNS: readonly Column[] = [
  { key: 'targets', label: 'Targets', digits: 0 },
  { key: 'pearson', label: 'Pearson' },
  { key: 'spearman', label: 'Spearman' },
  { key: 'least', label: 'Pearson without a data set, least' },
  { key: 'most', label: 'most' },
];

/** A row for each relation. */
export function correlationTable(
  { relations }: Related,
  caption: string,
  heads: { readonly x?: string; readonly y: string },
  published: (relation: Relation) => number | undefined,
): Table {
  return {
    id: 'correlations',
    caption,
    columns: [
      ...(heads.x === undefined ? [] : [{ key: 'x', label: heads.x }]),
      { key: 'y', label: heads.y },
      ...COLUMNS,
      { key: 'paper', label: 'Paper, Pearson' },
    ],
    rows: relations.map((relation) => ({
      ...(heads.x !== undefined && { x: relation.x.name }),
      y: relation.y.name,
      targets: relation.points.length,
      pearson: relation.pearson,
      spearman: relation.spearman,
      least: relation.leavingOut?.least ?? null,
      most: relation.leavingOut?.most ?? null,
      paper: published(relation) ?? null,
    })),
  };
}

/** Besides what it is: what every correlation over targets has to be read with. */
export const CORRELATION_NOTES: readonly string[] = [
  'Intervals are 95 %, by a bootstrap over targets and at least those of normal points: of Pearson’s on Fisher’s scale, of Spearman’s by percentiles and Bonett & Wright. They take the targets for independent; targets of one data set are alike, so that they are rather too narrow.',
  'Mean squared errors are low where the inversion is good: of ModInv <W,N> the signs are the other way round.',
];
