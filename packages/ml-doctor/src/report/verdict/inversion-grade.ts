/** Whether reconstructions show members, classes or nothing: the rules behind the verdict on an inversion, as conditions. */

import type { Level, Metric, Result } from '../schema.ts';

export type Metrics = Result['metrics'];
export type Baselines = Result['baselines'];

/**
 * The share of reconstructions with a member nearest, at its lower end, from which on they point out members: at even
 * odds, 3 of 4 do. The same price as that of a moderate tail of a membership attack.
 */
export const POINTS_AT_MEMBERS = 0.75;

/** At even odds a member is nearest to half of the reconstructions of nobody. */
const MORE_THAN_CHANCE = 0.5;

/** The part of the way from guessing to always right that a judge must have gone, to be worth asking. */
export const JUDGE_SKILL = 0.25;

/** Level of all tests whether members lie closer, over both of every inversion attack of an audit together. */
const SIGNIFICANCE = 0.05;

/** What was asked of the attacks of one audit. */
export interface Asked {
  /** Classes that the model tells apart. */
  readonly classes: number;
  /** Those that were reconstructed, each equally often. */
  readonly asked: number;
  /** Inversion attacks of the audit: the more tests, the likelier a chance finding. */
  readonly attacks: number;
}

/** Baselines by the names that `evaluate` gives them. */
export const START = 'unoptimised start';
/** The start of an attack whose generator the target has guided: no longer without the target. */
export const GUIDED_START = 'unoptimised sample of the guided generator';
export const AUXILIARY_BASELINES = ['class mean of auxiliary data', 'best auxiliary record'] as const;

/** How closeness to members is measured: the share, its one-sided permutation test, and how a reader calls it. */
export const CLOSENESS = [
  { share: 'memberCloser', p: 'memberCloserP', by: 'value by value' },
  { share: 'memberCloserFeatures', p: 'memberCloserFeaturesP', by: 'by the features of the judge' },
] as const;

export function levelOf(metrics: Metrics, baselines: Baselines, asked: Asked): Level {
  const closer = closerToMembers(metrics, asked);
  const shareFrom = (least: number) => closer.some(({ share }) => (metrics[share]?.low ?? 0) >= least);
  if (shareFrom(POINTS_AT_MEMBERS)) return 'high';
  if (shareFrom(MORE_THAN_CHANCE)) return 'moderate';
  if (closer.length > 0 || showsClass(metrics, baselines, asked)) return 'low';
  const excluded =
    judgeIsGood(metrics, asked.classes) &&
    asked.asked > 1 &&
    excludesClass(metrics, baselines, asked.classes) &&
    measured(metrics).length > 0 &&
    wide(metrics).length === 0;
  return excluded ? 'none-found' : 'inconclusive';
}

type Closeness = (typeof CLOSENESS)[number];

/** The measures by which members are closer, by Holm's procedure at the attack's share of the level. */
export function closerToMembers(metrics: Metrics, { attacks }: Pick<Asked, 'attacks'>): Closeness[] {
  const tests = CLOSENESS.flatMap((measure) => {
    const p = metrics[measure.p]?.value;
    return p === undefined ? [] : [{ measure, p }];
  }).sort((a, b) => a.p - b.p);
  const stop = tests.findIndex(({ p }, i) => !(p <= SIGNIFICANCE / attacks / (tests.length - i)));
  return (stop === -1 ? tests : tests.slice(0, stop)).map(({ measure }) => measure);
}

/** Measures with both the test and the share. */
export function measured(metrics: Metrics): Closeness[] {
  return CLOSENESS.filter(({ share, p }) => metrics[share] !== undefined && metrics[p] !== undefined);
}

/** Measures whose interval leaves room for reconstructions that point at members. */
export function wide(metrics: Metrics): Closeness[] {
  return measured(metrics).filter(({ share }) => (metrics[share]?.high ?? 1) >= POINTS_AT_MEMBERS);
}

/** With one class asked for, a picture of anything may be called by its name: it is the gain over the start that tells. */
export function chanceOfClass({ classes, asked }: Pick<Asked, 'classes' | 'asked'>): number {
  return 1 / (asked > 1 ? asked : classes);
}

export function showsClass(metrics: Metrics, baselines: Baselines, asked: Omit<Asked, 'attacks'>): boolean {
  const accuracy = metrics.judgeAccuracy?.low ?? 0;
  // A generator that the target has guided shows what it learnt of the target before any search: no gain is asked for.
  const guided = baselines.some(({ name }) => name === GUIDED_START);
  const gained = guided && asked.asked > 1 ? true : (gainOver(baselines, START)?.low ?? 0) > 0;
  return accuracy > chanceOfClass(asked) && gained;
}

function excludesClass(metrics: Metrics, baselines: Baselines, classes: number): boolean {
  const room = JUDGE_SKILL * (1 - 1 / classes);
  const accuracy = metrics.judgeAccuracy?.high ?? 1;
  return accuracy < 1 / classes + room || (gainOver(baselines, START)?.high ?? 1) < room;
}

export function judgeIsGood(metrics: Metrics, classes: number): boolean {
  const chance = 1 / classes;
  return (metrics.judgeOwnAccuracy?.low ?? 0) >= chance + JUDGE_SKILL * (1 - chance);
}

export function gainOver(baselines: Baselines, name: string): Metric | undefined {
  return baselines.find((baseline) => baseline.name === name)?.metrics.judgeAccuracyGain;
}
