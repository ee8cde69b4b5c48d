/** What figures are made of: the audits of one study or of several, side by side. */

import { AuditError } from '../../errors.ts';
import { canonicalText } from '../../report/canonical.ts';
import type { Named, NamedDefense } from '../../report/identity.ts';
import type { Report } from '../../report/schema.ts';
import type { StudyAudit, StudyReport } from '../../report/study/study-schema.ts';
import { mergeRuns } from './merge-runs.ts';

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
  /** Of this program, and of onnxruntime where it is known. */
  readonly version: string;
  readonly onnxruntime?: string;
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
  /** In the order of the studies; a target that several studies have is there once, with the attacks of all. */
  readonly targets: readonly Target[];
}

/**
 * Audits that differ in nothing but the seed are one target.
 * @throws {AuditError} MLD_EVIDENCE_MIXED where two studies say different things of one attack on one target and seed;
 *   MLD_REPORT_MISSING for an audit without its report
 */
export function evidenceFrom(sources: readonly StudySource[]): Evidence {
  const groups = new Map<string, Run[]>();
  for (const source of sources)
    for (const audit of source.study.audits) {
      const { data, model, defense } = audit;
      const key = canonicalText({ data, model, defense });
      const runs = groups.get(key) ?? [];
      groups.set(key, runs);
      const run = runOf(source, audit);
      const at = runs.findIndex(({ seed }) => seed === run.seed);
      if (at === -1) runs.push(run);
      else runs[at] = mergeRuns(runs[at] as Run, run);
    }
  return { sources, targets: [...groups.values()].map(targetOf) };
}

function runOf({ name, study, reports, onnxruntime }: StudySource, audit: StudyAudit): Run {
  const report = reports.get(audit.id);
  if (report === undefined)
    throw new AuditError(
      'MLD_REPORT_MISSING',
      `the study ${name} has no report of its audit ${audit.id}`,
      'Run the study again: what is finished is in its store.',
    );
  const { version } = study.tool;
  return {
    ...{ from: name, version, seed: audit.seed, audit, report },
    ...(onnxruntime !== undefined && { onnxruntime }),
  };
}

function targetOf(runs: readonly Run[]): Target {
  const [first, ...others] = [...runs].sort((a, b) => a.seed - b.seed) as [Run, ...Run[]];
  const { data, model, defense } = first.audit;
  const { adaptive, ...named } = defense;
  return {
    ...{ data, model, runs: [first, ...others] },
    defense: { ...named, ...(adaptive === false && { adaptive }) },
  };
}
