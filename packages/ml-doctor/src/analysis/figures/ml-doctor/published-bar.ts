/** A mode of attack on an undefended target beside the published bar. */

import type { Target } from '../../evidence/evidence.ts';
import { figureOf, type Mode, resultsOf } from '../../evidence/modes.ts';
import type { Comparison } from '../../figure.ts';
import { compare } from '../../published/compare.ts';
import { attackFigure } from '../../published/ml-doctor-2022/attacks.ts';
import type { PaperData, PaperMode, PaperModel } from '../../published/ml-doctor-2022/names.ts';
import { yardstick } from '../../published/ml-doctor-2022/yardsticks.ts';
import { dataStandIn, modelStandIn } from '../../published/stand-ins.ts';
import { unlikePaper } from '../../published/unlike.ts';
import type { Names } from './targets.ts';
import { unlikeAttack } from './unlike-attack.ts';

/** A target of the paper. */
export interface PaperTarget {
  readonly data: PaperData;
  readonly model: PaperModel;
}

/** What a target of ours stands for; undefined where its data or its architecture stands for none. */
export function paperTarget(target: Target): PaperTarget | undefined {
  const [data, model] = [dataStandIn(target)?.for, modelStandIn(target)?.for];
  return data && model && { data, model };
}

/** Undefined where the paper has no such bar. */
export function againstBar(target: Target, mode: Mode, names: Names): Comparison | undefined {
  const theirs = paperTarget(target);
  const name = mode.name as PaperMode;
  const published = theirs && attackFigure(name, theirs.model, theirs.data);
  if (theirs === undefined || published === undefined) return undefined;
  const unlike = unlikeText(target, mode, theirs);
  return compare(
    `${mode.name} on ${theirs.model}, ${theirs.data} (ours: ${names.whole(target)})`,
    published,
    figureOf(target, mode) ?? null,
    { ...yardstick(name, theirs.data, published.value), ...(unlike !== undefined && { unlike }) },
  );
}

/** What the target and the attack on it are unlike the paper's in. */
export function unlikeText(target: Target, mode: Mode, theirs: PaperTarget): string | undefined {
  const [result] = resultsOf(target, mode);
  const all = [unlikePaper(target, theirs), result && unlikeAttack(result)].filter(
    (one) => one !== undefined,
  );
  return all.length === 0 ? undefined : all.join('; ');
}
