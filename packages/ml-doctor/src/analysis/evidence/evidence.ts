/** What figures are made of: the audits of one study or of several, side by side. */

import { dataOf, defenseOf, modelOf, type Named, type NamedDefense } from '../../report/identity.ts';
import type { Report } from '../../report/schema.ts';
import type { StudyAudit, StudyReport } from '../../report/study/study-schema.ts';

/** A study with the reports of its audits. */
export interface StudySource {
  /** The part of a preset, or the folder it was read from; for messages. */
  readonly name: string;
  readonly study: StudyReport;
  /** By the id of the audit: all that the study names. */
  readonly reports: ReadonlyMap<string, Report>;
  /** Version of onnxruntime, where the run is known. */
  readonly onnxruntime?: string;
}

/** One model under one seed. */
export interface Run {
  /** {@link StudySource.name}. */
  readonly from: string;
  readonly version: string;
  readonly seed: number;
  /** With what its defence changed. */
  readonly audit: StudyAudit;
  /** With slices and curves. */
  readonly report: Report;
}

/** A target: a data set, a model and a defence, audited under one seed or several. */
export interface Target {
  readonly data: Named;
  readonly model: Named;
  readonly defense: NamedDefense;
  /** One for each seed, ascending. */
  readonly runs: readonly [Run, ...Run[]];
}

export interface Evidence {
  readonly sources: readonly StudySource[];
  /** In the order of the studies; a target that several studies have is there once. */
  readonly targets: readonly Target[];
}

export const dataText = ({ data }: Target): string => data.name;
export { dataOf, defenseOf, modelOf };
