/** The ten ways of attack of ML-Doctor (Liu et al. 2022, Table 1), and the figure that each is told by. */

import { AuditError } from '../../errors.ts';
import { canonicalText } from '../../report/canonical.ts';
import type { Metric, Result } from '../../report/schema.ts';
import { rangeOf } from '../../report/study/metric-range.ts';
import type { Run, Target } from './evidence.ts';
import { averaged, targetText } from './facts.ts';

/** An attack under a threat model, with the figure that speaks for it. */
export interface Mode {
  /** `MemInf <B,S>`, as in the paper. */
  readonly name: string;
  readonly attack: string;
  readonly access: 'black-box' | 'white-box';
  readonly auxiliary: 'none' | 'shadow' | 'partial';
  /** Name of the metric in reports. */
  readonly metric: string;
  /** In words, for axes: `membership inference <B,S>, balanced accuracy`. */
  readonly label: string;
}

const ACCESS = { B: 'black-box', W: 'white-box' } as const;
const AUXILIARY = { S: 'shadow', P: 'partial', N: 'none' } as const;

const mode = (
  family: string,
  [access, auxiliary]: readonly [keyof typeof ACCESS, keyof typeof AUXILIARY],
  attack: string,
  metric: string,
  words: string,
): Mode => ({
  name: `${family} <${access},${auxiliary}>`,
  ...{ attack, metric },
  access: ACCESS[access],
  auxiliary: AUXILIARY[auxiliary],
  label: words.replace(',', ` <${access},${auxiliary}>,`),
});

const membership = (threat: readonly [keyof typeof ACCESS, keyof typeof AUXILIARY]): Mode =>
  mode(
    ...(['MemInf', threat, 'membership/shadow-classifier', 'balancedAccuracy'] as const),
    'membership inference, balanced accuracy',
  );
const attribute = (threat: readonly [keyof typeof ACCESS, keyof typeof AUXILIARY]): Mode =>
  mode('AttrInf', threat, 'attribute/embedding', 'accuracy', 'attribute inference, accuracy');
const stealing = (threat: readonly [keyof typeof ACCESS, keyof typeof AUXILIARY]): Mode =>
  mode('ModSteal', threat, 'stealing/posterior-matching', 'agreement', 'model stealing, agreement');

/** In the order of Tables 3 and 4. The paper's membership accuracy is on as many members as non-members. */
export const MODES: readonly Mode[] = [
  membership(['B', 'S']),
  membership(['B', 'P']),
  membership(['W', 'P']),
  membership(['W', 'S']),
  mode('ModInv', ['W', 'S'], 'inversion/secret-revealer', 'judgeAccuracy', 'model inversion, judge accuracy'),
  mode('ModInv', ['W', 'N'], 'inversion/mi-face', 'mseNormalised', 'model inversion, MSE'),
  attribute(['W', 'S']),
  attribute(['W', 'P']),
  stealing(['B', 'S']),
  stealing(['B', 'P']),
];

/** @param name as `MemInf <B,S>` */
export function modeOf(name: string): Mode {
  const found = MODES.find((one) => one.name === name);
  if (found === undefined) throw new Error(`internal: no mode ${name}`);
  return found;
}

/**
 * The results of a target, one for each seed that has it; attacks on copies are not meant.
 * @throws {AuditError} MLD_EVIDENCE_MIXED where a target has the attack with several sets of options, under one seed or
 *   under two
 */
export function resultsOf(target: Target, mode: Mode): readonly Result[] {
  const found = target.runs.flatMap((run) => resultOf(target, run, mode) ?? []);
  if (new Set(found.map(({ params }) => canonicalText(params))).size > 1)
    throw new AuditError(
      'MLD_EVIDENCE_MIXED',
      `${targetText(target)} has ${mode.attack} ${threatOf(mode)} with other options under another seed`,
      'Run all seeds of a target with one set of options.',
    );
  return found;
}

/** The figure over all seeds of the target; undefined where a seed lacks it. */
export function figureOf(target: Target, mode: Mode): Metric | undefined {
  const results = resultsOf(target, mode);
  if (results.length < target.runs.length) return undefined;
  return averaged(
    results.map(({ metrics }) => metrics[mode.metric]),
    rangeOf(mode.metric),
  );
}

function resultOf(target: Target, { report }: Run, mode: Mode): Result | undefined {
  const found = report.results.filter(
    ({ attack, threatModel, through }) =>
      attack === mode.attack &&
      threatModel.access === mode.access &&
      threatModel.auxiliary === mode.auxiliary &&
      through === undefined,
  );
  if (found.length > 1)
    throw new AuditError(
      'MLD_EVIDENCE_MIXED',
      `${targetText(target)} has ${mode.attack} ${threatOf(mode)} ${found.length} times, with other options`,
      'Name it once in the study that the figure is made of.',
    );
  return found[0];
}

/** `<B,S>`. */
const threatOf = ({ name }: Mode): string => name.split(' ')[1] as string;
