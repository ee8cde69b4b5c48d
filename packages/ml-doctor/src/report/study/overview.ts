/** The study as a whole: its title, its worst finding, and how its audits come out. */

import { type Family, familyOf } from '../family.ts';
import { grouped, plural } from '../format.ts';
import { attackLabels, defenseLabels, labelsFor } from '../labels.ts';
import { ONE_RUN } from '../privacy.ts';
import type { Hole, Level } from '../schema.ts';
import { LEVELS } from '../schema.ts';
import { CORRELATION_HEADLINE, compareSeverity, LEVEL_NAME } from '../verdict/overall.ts';
import type { StudyAudit, StudyReport, StudyResult } from './study-schema.ts';
import { worstLevel } from './study-table.ts';

/** Names listed one by one; more are counted. */
const LISTED = 3;

/** One line per family and level, of the worst finding in a study. */
export const STUDY_HEADLINE: Readonly<Record<Family, Readonly<Record<Level, string>>>> = {
  membership: {
    high: 'Training records of at least one model can be identified',
    moderate: 'Some training records of at least one model can be identified',
    low: 'At least one model gives away a little about its training records',
    inconclusive: 'No leak found, but of at least one model too few records to tell',
    'none-found': 'No leak found by these attacks',
  },
  inversion: {
    high: 'Reconstructions show training records of at least one model',
    moderate: 'Reconstructions resemble training records of at least one model',
    low: 'Reconstructions show a little of what at least one model learnt',
    inconclusive: 'No leak found, but of at least one model too little to tell',
    'none-found': 'No leak found by these attacks',
  },
  attribute: {
    high: 'At least one model gives away a hidden attribute of people',
    moderate: 'At least one model gives away something of a hidden attribute of people',
    low: 'At least one model gives away a little of a hidden attribute of people',
    inconclusive: 'No leak found, but of at least one model too few records to tell',
    'none-found': 'No leak found by these attacks',
  },
  stealing: {
    high: 'At least one model can be copied by asking it',
    moderate: 'Much of at least one model can be copied by asking it',
    low: 'Asking at least one model makes a copy a little better',
    inconclusive: 'No leak found, but of at least one model too few records to tell',
    'none-found': 'No leak found by these attacks',
  },
};

/** An audit speaks of how models are trained. */
const AUDIT_HEADLINE: Readonly<Record<Level, string>> = {
  high: 'At least one training is not as private as claimed',
  moderate: 'At least one training keeps much of records that stand out',
  low: 'At least one training keeps something of records that stand out',
  inconclusive: 'Of at least one training too few guesses to tell how private it is',
  'none-found': 'Nothing found against the claimed privacy',
};

/** The worst finding in one line. */
export function studyHeadline(result: Pick<StudyResult, 'attack' | 'level' | 'reason' | 'finding'>): string {
  if (result.reason !== undefined)
    return 'The split of at least one audit is shifted: its figures are no evidence';
  if (result.attack === ONE_RUN) return AUDIT_HEADLINE[result.level];
  return result.finding === 'correlation'
    ? CORRELATION_HEADLINE
    : STUDY_HEADLINE[familyOf(result)][result.level];
}

/** The attack by its name, by what tells it from others of that name in the study, and by the copy it is made on. */
export function attackLabel({ audits }: StudyReport, result: StudyResult): string {
  return attackLabels(audits.flatMap(({ results }) => results))(result);
}

/** The title the configuration gives, else what is compared. */
export function studyTitle({ name, audits }: StudyReport): string {
  if (name !== undefined) return name;
  const models = listed(
    audits.map(({ model }) => model.name),
    'model',
  );
  const data = listed(
    audits.map((audit) => audit.data.name),
    'data set',
  );
  return audits.length === 0 ? 'Study without audits' : `${models} on ${data}`;
}

function listed(names: readonly string[], noun: string): string {
  const distinct = [...new Set(names)];
  return distinct.length > LISTED ? plural(distinct.length, noun) : distinct.join(', ');
}

/** The result that speaks for the study, and whose it is; undefined when no attack finished. */
export function worstFinding(
  study: StudyReport,
): { readonly audit: StudyAudit; readonly result: StudyResult } | undefined {
  return study.audits
    .flatMap((audit) => audit.results.map((result) => ({ audit, result })))
    .sort((a, b) => compareSeverity(a.result, b.result))[0];
}

/** `12 audits by their worst finding: 3 High, 8 Low; 1 without a finished attack.` */
export function levelCounts({ audits }: StudyReport): string {
  const levels = audits.map(({ results }) => worstLevel(results.map(({ level }) => level)));
  const count = (wanted: Level | undefined) => levels.filter((level) => level === wanted).length;
  const counts = [...LEVELS]
    .reverse()
    .filter((level) => count(level) > 0)
    .map((level) => `${grouped(count(level))} ${LEVEL_NAME[level]}`);
  const shifted = audits.filter(({ results }) => results.some(({ reason }) => reason === 'shifted-split'));
  const split = shifted.length > 0 ? [`${grouped(shifted.length)} with a shifted split`] : [];
  const none = count(undefined) > 0 ? [`${grouped(count(undefined))} without a finished attack`] : [];
  return `${plural(audits.length, 'audit')} by their worst finding: ${[counts.join(', '), ...split, ...none].filter(Boolean).join('; ')}.`;
}

/**
 * `simple-cnn on fashion-mnist-10k, defended by l2, seed 3`, with what tells equal names in the study apart:
 * `cifar10 (recordsPerRole 500)`.
 */
export function auditSubject({ data, model, defense, seed }: StudyAudit, { audits }: StudyReport): string {
  const dataOf = labelsFor(audits.map((audit) => audit.data));
  const modelOf = labelsFor(audits.map((audit) => audit.model));
  const defenseOf = defenseLabels(audits.map((audit) => audit.defense));
  const defended = defense.name === 'none' ? '' : `, defended by ${defenseOf(defense)}`;
  return `${modelOf(model)} on ${dataOf(data)}${defended}, seed ${seed}`;
}

/** Failures of one cause. */
export interface HoleGroup {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly tasks: readonly string[];
  /** Tasks that could not run because of these. */
  readonly blocked: number;
}

/** Failures that read the same put together: a cause that strikes once strikes often. */
export function groupedHoles(holes: readonly Hole[]): HoleGroup[] {
  const groups = new Map<string, Hole[]>();
  for (const hole of holes) {
    const key = JSON.stringify([hole.code, hole.message, hole.hint]);
    groups.set(key, [...(groups.get(key) ?? []), hole]);
  }
  return [...groups.values()].map((same) => {
    const { code, message, hint } = same[0]!;
    const blocked = same.reduce((total, hole) => total + hole.blocked.length, 0);
    return { code, message, hint, tasks: same.map(({ task }) => task), blocked };
  });
}
