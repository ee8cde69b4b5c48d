/** The matrix of a study: what every attack reaches under every defence, what that changed, and what the defence costs. */

import { canonicalText, roundSignificant } from '../../canonical.ts';
import { type Family, familyOf } from '../../family.ts';
import { attackItself, defenseLabels, labelsFor } from '../../labels.ts';
import { ONE_RUN } from '../../privacy.ts';
import type { Run } from '../../run-record.ts';
import type { Metric, ThreatModel } from '../../schema.ts';
import { attackKey, difference, placeKey, SAME, undefendedAudits } from '../changes.ts';
import { differenceRange, rangeOf } from '../metric-range.ts';
import { overSeeds, repeatKey } from '../repeats.ts';
import type { StudyAudit, StudyRepeat, StudyReport, StudyResult } from '../study-schema.ts';
import { type Effect, effectOf } from './effect.ts';
import { headlineOf } from './headline.ts';

/** A figure under a defence, over the seeds that it is known of. */
export interface Figure {
  readonly metric: Metric;
  /** Defended less undefended; absent where there is nothing to compare with. */
  readonly change?: Metric;
  readonly effect?: Effect;
  readonly seeds: readonly number[];
}

/** `failed`: a task did; `left out`: the study does not have it. */
export type Missing = 'failed' | 'left out';

export interface MatrixColumn {
  readonly label: string;
  readonly defense: StudyAudit['defense'];
  /** Seeds that the study has of it. */
  readonly seeds: readonly number[];
  readonly testAccuracy: Figure | Missing;
  /** What its trainings are claimed to be; absent where nothing is. */
  readonly claim?: {
    /** The largest over seeds; null where an accountant finds no bound. */
    readonly epsilon: number | null;
    readonly delta: number;
    /** Whether a one-run audit of it refutes the claim. */
    readonly alarm: boolean;
  };
  /** Absent where it is not known how long a target took to train. */
  readonly training?: {
    /** Mean over the seeds that it is known of. */
    readonly seconds: number;
    /** Of the same seeds of the undefended model; absent where none is known of both, or the times are too short. */
    readonly ratio?: number;
    /** Set where both times are known and one of them is below {@link LEAST_SECONDS}. */
    readonly tooShort?: true;
  };
}

export interface MatrixRow {
  readonly label: string;
  readonly family: Family;
  /** What the row asks: of the first result there is. */
  readonly asked: StudyResult;
  readonly threatModel: ThreatModel;
  /** The one metric that its figures are of. */
  readonly metric: string;
  /** Parallel to the columns. */
  readonly cells: readonly (Figure | Missing)[];
}

export interface Matrix {
  readonly data: string;
  readonly model: string;
  readonly of: Pick<StudyAudit, 'data' | 'model'>;
  /** The undefended one first. */
  readonly columns: readonly MatrixColumn[];
  readonly rows: readonly MatrixRow[];
}

/** Means of training times below this are those of starting and of other work beside it. */
export const LEAST_SECONDS = 2;

/**
 * One for each model on each data set that has two defences or more, having none among them; columns and rows are those of
 * the whole study, so that matrices can be laid side by side.
 *
 * @param run tells how long trainings took
 */
export function matricesOf(study: StudyReport, run?: Pick<Run, 'trainings'>): Matrix[] {
  const { audits } = study;
  const defenses = distinctBy(
    audits.map(({ defense }) => defense),
    canonicalText,
  );
  if (defenses.length < 2) return [];
  const ordered = [
    ...defenses.filter(({ name }) => name === 'none'),
    ...defenses.filter(({ name }) => name !== 'none'),
  ];
  const keys = ordered.map(canonicalText);
  const labels = {
    data: labelsFor(audits.map(({ data }) => data)),
    model: labelsFor(audits.map(({ model }) => model)),
    defense: defenseLabels(defenses),
  };
  const repeats = new Map(study.repeats.map((repeat) => [repeatKey(repeat, repeat), repeat]));
  const targets = audits.map(targetOf);
  const asked = new Map(targets.flatMap(({ answers }) => [...answers]));
  const attackLabel = rowLabels([...asked.values()]);
  return groupsOf(targets).flatMap((own): Matrix[] => {
    const [{ audit: first }] = own as [Target];
    const byDefense = keys.map((key) => own.filter(({ defense }) => defense === key));
    if (byDefense.filter((each) => each.length > 0).length < 2) return [];
    const columns = ordered.map((defense, i): MatrixColumn => {
      const target = byDefense[i]!.map(({ audit }) => audit);
      const all = own.map(({ audit }) => audit);
      const training = trainingOf(target, all, run?.trainings ?? {});
      const claim = claimOf(target);
      return {
        ...{ label: labels.defense(defense), defense, seeds: seedsOf(target) },
        testAccuracy: accuracyOf(target, all),
        ...(claim && { claim }),
        ...(training && { training }),
      };
    });
    const rows = [...asked.keys()].flatMap((key): MatrixRow[] => {
      const found = byDefense.map((each) =>
        each.flatMap(({ audit, answers }): Entry[] => {
          const result = answers.get(key);
          return result ? [{ audit, result }] : [];
        }),
      );
      const all = found.flat().map(({ result }) => result);
      const [one] = all;
      const metric = one && headlineOf(familyOf(one), all);
      if (!one || metric === undefined) return [];
      const before = ordered[0]?.name === 'none' ? found[0]! : [];
      return [
        {
          ...{ label: attackLabel(one), family: familyOf(one) },
          ...{ asked: one, threatModel: one.threatModel, metric },
          cells: found.map((entries, i) => cellOf(repeats, metric, entries, byDefense[i]!, before)),
        },
      ];
    });
    const { data, model } = first;
    return [
      { ...{ data: labels.data(data), model: labels.model(model) }, of: { data, model }, columns, rows },
    ];
  });
}

type Entry = { readonly audit: StudyAudit; readonly result: StudyResult };

/** An audit with the keys that it is looked up by. */
interface Target {
  readonly audit: StudyAudit;
  readonly place: string;
  readonly defense: string;
  /** By {@link attackKey}. */
  readonly answers: ReadonlyMap<string, StudyResult>;
}

const targetOf = (audit: StudyAudit): Target => ({
  audit,
  place: canonicalText({ data: audit.data, model: audit.model }),
  defense: canonicalText(audit.defense),
  answers: new Map(audit.results.map((result) => [attackKey(result), result])),
});

/** Targets of one model on one data set, in the order of their first. */
const groupsOf = (targets: readonly Target[]): Target[][] => {
  const groups = new Map<string, Target[]>();
  for (const target of targets) groups.set(target.place, [...(groups.get(target.place) ?? []), target]);
  return [...groups.values()];
};

const seedsOf = (audits: readonly StudyAudit[]): number[] =>
  [...new Set(audits.map(({ seed }) => seed))].sort((a, b) => a - b);

/** An attack by its name and what tells it from others of that name, whatever its answers show under a defence. */
const rowLabels = (asked: readonly StudyResult[]): ((result: StudyResult) => string) => {
  const choice = (result: StudyResult) => {
    const { name, params } = attackItself(result);
    return { name, params };
  };
  const labelOf = labelsFor(asked.map(choice));
  return (result) => `${labelOf(choice(result))}${result.through ? ` through ${result.through.attack}` : ''}`;
};

function cellOf(
  repeats: ReadonlyMap<string, StudyRepeat>,
  name: string,
  entries: readonly Entry[],
  target: readonly Target[],
  undefended: readonly Entry[],
): Figure | Missing {
  const known = entries.filter(({ result }) => result.metrics[name] !== undefined);
  const [first] = known;
  if (!first) return target.some(({ audit }) => audit.holes > 0) ? 'failed' : 'left out';
  // As the study tells them, to the last digit.
  const repeat = repeats.get(repeatKey(first.audit, first.result));
  const metric =
    repeat?.metrics[name]?.mean ??
    meanOf(
      known.map(({ result }) => result.metrics[name]!),
      rangeOf(name),
    );
  const changes = known.flatMap(({ result }) => result.change?.metrics[name] ?? []);
  const change =
    sameOf(changes) ??
    repeat?.changes?.[name]?.mean ??
    (changes.length > 0 ? meanOf(changes, differenceRange(name)) : undefined);
  const before = undefended.flatMap(({ result }) => result.metrics[name]?.value ?? []);
  return {
    metric,
    ...(change && {
      change,
      effect: effectOf(name, change, before.reduce((sum, value) => sum + value, 0) / before.length),
    }),
    seeds: seedsOf(known.map(({ audit }) => audit)),
  };
}

/** What no seed can have changed. */
const sameOf = (changes: readonly Metric[]): Metric | undefined =>
  changes.every(({ method }) => method === SAME) ? changes[0] : undefined;

/** Over the seeds: what is claimed of all. */
function claimOf(target: readonly StudyAudit[]): MatrixColumn['claim'] {
  const claims = target.flatMap(({ privacy }) => privacy ?? []);
  if (claims.length === 0) return undefined;
  const epsilons = claims.map(({ epsilon }) => epsilon);
  const bounded = epsilons.filter((epsilon) => epsilon !== null);
  return {
    epsilon: bounded.length < epsilons.length ? null : Math.max(...bounded),
    delta: Math.max(...claims.map(({ delta }) => delta)),
    // An audit of a training is graded so for nothing else.
    alarm: target.some(({ results }) =>
      results.some(({ attack, level }) => attack === ONE_RUN && level === 'high'),
    ),
  };
}

/** Differences seed by seed. */
function accuracyOf(target: readonly StudyAudit[], all: readonly StudyAudit[]): Figure | Missing {
  const known = target.filter(({ testAccuracy }) => testAccuracy !== null);
  if (known.length === 0) return target.some(({ holes }) => holes > 0) ? 'failed' : 'left out';
  const undefended = undefendedAudits(all);
  const changes = known.flatMap((audit) => {
    const from = audit.defense.name === 'none' ? undefined : undefended.get(placeKey(audit));
    const own = audit.testAccuracyChange?.metric;
    return own ?? difference('testAccuracy', audit.testAccuracy, from?.testAccuracy) ?? [];
  });
  const metric = meanOf(
    known.map(({ testAccuracy }) => testAccuracy!),
    [0, 1],
  );
  const change = sameOf(changes) ?? (changes.length > 0 ? meanOf(changes, [-1, 1]) : undefined);
  return {
    metric,
    ...(change && { change, effect: effectOf('testAccuracy', change) }),
    seeds: seedsOf(known),
  };
}

/** One value as it is, several by their mean. */
function meanOf(metrics: readonly Metric[], range: readonly [number, number]): Metric {
  const [only] = metrics as [Metric];
  const { value, low, high, method } = metrics.length === 1 ? only : overSeeds(metrics, range).mean;
  const round = (limit: number | null) => (limit === null ? null : roundSignificant(limit));
  return { value: roundSignificant(value), low: round(low), high: round(high), method };
}

/** The ratio is that of the means over seeds that both times are known of. */
function trainingOf(
  target: readonly StudyAudit[],
  all: readonly StudyAudit[],
  trainings: Readonly<Record<string, number>>,
): MatrixColumn['training'] {
  const secondsOf = ({ id }: StudyAudit) => (Object.hasOwn(trainings, id) ? trainings[id] : undefined);
  const known = target.filter((audit) => secondsOf(audit) !== undefined);
  if (known.length === 0) return undefined;
  const total = (audits: readonly StudyAudit[]) =>
    audits.reduce((sum, audit) => sum + (secondsOf(audit) ?? 0), 0);
  const undefended = undefendedAudits(all);
  const pairs = known.flatMap((audit) => {
    const from = undefended.get(placeKey(audit));
    return from && secondsOf(from) !== undefined ? [{ audit, from }] : [];
  });
  const [before, after] = [total(pairs.map(({ from }) => from)), total(pairs.map(({ audit }) => audit))];
  const tooShort = Math.min(before, after) < LEAST_SECONDS * pairs.length;
  return {
    seconds: total(known) / known.length,
    ...(pairs.length > 0 && (tooShort ? { tooShort } : { ratio: roundSignificant(after / before) })),
  };
}

/** The first of each key. */
function distinctBy<T>(values: readonly T[], keyOf: (value: T) => string): T[] {
  const first = new Map<string, T>();
  for (const value of values) {
    const key = keyOf(value);
    if (!first.has(key)) first.set(key, value);
  }
  return [...first.values()];
}
