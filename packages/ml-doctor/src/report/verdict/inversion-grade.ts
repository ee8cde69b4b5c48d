/** Whether reconstructions show members, classes or nothing: the rules behind the verdict on an inversion, as conditions. */

import type { Level, Metric, Result } from '../schema.ts';

export type Metrics = Result['metrics'];
export type Baselines = Result['baselines'];

/**
 * The share of reconstructions with a member nearest, at its lower end, from which on they point out members: at even
 * odds, 3 of 4 do. The same price as that of a moderate tail of a membership attack.
 */
export const POINTS_AT_MEMBERS = 0.75;

/** The part of the way from guessing to always right that a judge must have gone, to be worth asking. */
export const JUDGE_SKILL = 0.25;

/** Level of the tests whether members lie closer, over both of them together. */
const SIGNIFICANCE = 0.05;

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

export function levelOf(metrics: Metrics, baselines: Baselines, classes: number, asked: number): Level {
  const closer = closerToMembers(metrics);
  if (closer.some(({ share }) => (metrics[share]?.low ?? 0) >= POINTS_AT_MEMBERS)) return 'high';
  if (closer.length > 0) return 'moderate';
  if (showsClass(metrics, baselines, asked)) return 'low';
  const excluded =
    judgeIsGood(metrics, classes) &&
    excludesClass(metrics, baselines, classes) &&
    measured(metrics).length > 0 &&
    wide(metrics).length === 0;
  return excluded ? 'none-found' : 'inconclusive';
}

type Closeness = (typeof CLOSENESS)[number];

/** The measures by which members are closer, by Holm's procedure. */
export function closerToMembers(metrics: Metrics): Closeness[] {
  const tests = CLOSENESS.flatMap((measure) => {
    const p = metrics[measure.p]?.value;
    return p === undefined ? [] : [{ measure, p }];
  }).sort((a, b) => a.p - b.p);
  const stop = tests.findIndex(({ p }, i) => !(p <= SIGNIFICANCE / (tests.length - i)));
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

export function showsClass(metrics: Metrics, baselines: Baselines, asked: number): boolean {
  const accuracy = metrics.judgeAccuracy?.low ?? 0;
  // A generator that the target has guided shows what it learnt of the target before any search: no gain is asked for.
  const guided = baselines.some(({ name }) => name === GUIDED_START);
  return accuracy > 1 / asked && (guided || (gainOver(baselines, START)?.low ?? 0) > 0);
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
