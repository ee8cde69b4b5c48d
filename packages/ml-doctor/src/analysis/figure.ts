/** What an analysis gives: a figure or table over many targets, beside what was published, ready to be drawn or printed. */

import type { AuditCode } from '../errors.ts';
import type { Metric } from '../report/schema.ts';
import type { Chart } from './charts/chart.ts';
import type { Evidence } from './evidence/evidence.ts';

/** What a table shows at one place; null where there is nothing, shown as a dash. */
export type Cell = string | number | Metric | null;

export interface Column {
  readonly key: string;
  readonly label: string;
  /** Digits after the point of numbers and metrics; 3 when left out. */
  readonly digits?: number;
}

export interface Table {
  /** Of the figure: letters, digits and dashes. */
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column[];
  /** Parallel cells by the keys of the columns; a key that is left out is a hole. */
  readonly rows: readonly Readonly<Record<string, Cell>>[];
}

export const AGREEMENTS = ['reproduced', 'differs', 'not comparable'] as const;
export type Agreement = (typeof AGREEMENTS)[number];

/** A published figure, with how exactly it is known. */
export interface Published {
  readonly value: number;
  /** Of what was published: its spread, or how far a reading of a picture may be off. */
  readonly low: number;
  readonly high: number;
  /** `Table 3`, `Fig. 9`. */
  readonly where: string;
}

/** One of our figures beside the one that was published. */
export interface Comparison {
  readonly what: string;
  readonly published: Published;
  /** Null where it was not measured. */
  readonly ours: Metric | null;
  readonly agreement: Agreement;
  /** Why, in words: the rule that decided. */
  readonly reason: string;
}

/** What could not be shown, and what would show it. */
export interface Hole {
  readonly what: string;
  readonly code: AuditCode;
  readonly message: string;
  readonly hint: string;
}

export interface Figure {
  /** As in the registry. */
  readonly name: string;
  readonly title: string;
  /** What the numbers say, in a sentence or two with the numbers; written from the numbers, not from hopes. */
  readonly finding: string;
  readonly charts: readonly Chart[];
  readonly tables: readonly Table[];
  readonly comparisons: readonly Comparison[];
  /** What a reader must know to take the numbers rightly: stand-ins, other sizes, few targets. */
  readonly notes: readonly string[];
  readonly holes: readonly Hole[];
}

/** A kind of figure: one entry of the registry. */
export interface FigureKind {
  /** `ml-doctor-2022/figure-9`, `relations`. */
  readonly name: string;
  readonly title: string;
  /** What it is after: `Liu et al., USENIX Security 2022, Fig. 9`; absent of figures that are our own. */
  readonly source?: string;
  /** What the evidence must have, for lists: `undefended targets with posterior-matching and shadow-classifier`. */
  readonly needs: string;
  /**
   * Pure.
   * @throws {AuditError} MLD_EVIDENCE_MISSING, MLD_EVIDENCE_MIXED or MLD_TARGETS_FEW where nothing of it can be shown
   */
  readonly build: (evidence: Evidence) => Figure;
}
