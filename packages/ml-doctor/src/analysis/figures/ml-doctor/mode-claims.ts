/** Claims about modes and data sets: differences of published bars, and of ours where targets have both. */

import type { Metric } from '../../../report/schema.ts';
import type { Target } from '../../evidence/evidence.ts';
import { figureOf, modeOf } from '../../evidence/modes.ts';
import type { Comparison } from '../../figure.ts';
import { attackFigure } from '../../published/ml-doctor-2022/attacks.ts';
import {
  PAPER_DATA,
  PAPER_MODELS,
  type PaperData,
  type PaperMode,
} from '../../published/ml-doctor-2022/names.ts';
import { dataStandIn } from '../../published/stand-ins.ts';
import { judge } from './claims.ts';
import { grouped } from './targets.ts';

interface Options {
  /** Of the paper: `Fig. 2`. */
  readonly where: string;
  readonly within?: number;
}

/** One mode less another on the same target. */
export function betweenModes(
  targets: readonly Target[],
  [one, other]: readonly [PaperMode, PaperMode],
  options: Options,
): Comparison {
  const published = PAPER_DATA.flatMap((data) =>
    PAPER_MODELS.flatMap((model) =>
      differenceOf(attackFigure(one, model, data), attackFigure(other, model, data)),
    ),
  );
  const ours = targets.flatMap((target) => differenceOf(figureOn(target, one), figureOn(target, other)));
  return judge({ what: `${one} less ${other}`, published, ours, ...options });
}

/** A mode on one data set less the same on another, under the same architecture with the same training. */
export function betweenData(
  targets: readonly Target[],
  mode: PaperMode,
  [one, other]: readonly [PaperData, PaperData],
  options: Options,
): Comparison {
  const published = PAPER_MODELS.flatMap((model) =>
    differenceOf(attackFigure(mode, model, one), attackFigure(mode, model, other)),
  );
  const on = (data: PaperData, among: readonly Target[]) =>
    among.find((target) => dataStandIn(target)?.for === data);
  const ours = grouped(targets, ({ model }) => model).flatMap((among) => {
    const [first, second] = [on(one, among), on(other, among)];
    return differenceOf(first && figureOn(first, mode), second && figureOn(second, mode));
  });
  return judge({ what: `${mode} on ${name(one)} less on ${name(other)}`, published, ours, ...options });

  function name(data: PaperData): string {
    const ids = new Set(
      targets.flatMap((target) => {
        const found = dataStandIn(target);
        return found?.for === data && found.unlike !== undefined ? [target.data.name] : [];
      }),
    );
    return ids.size === 0 ? data : `${data} (ours: ${[...ids].join(', ')})`;
  }
}

function figureOn(target: Target, mode: PaperMode): Metric | undefined {
  return figureOf(target, modeOf(mode));
}

function differenceOf(a: { value: number } | undefined, b: { value: number } | undefined): number[] {
  return a === undefined || b === undefined ? [] : [a.value - b.value];
}
