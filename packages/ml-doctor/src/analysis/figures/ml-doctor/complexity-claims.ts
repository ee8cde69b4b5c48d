/** What ML-Doctor says of the complexity of data: their order, and how attacks go with it. */

import type { Metric } from '../../../report/schema.ts';
import { spearman } from '../../../stats/correlation/correlation.ts';
import type { Comparison, Published } from '../../figure.ts';
import { compareOrder } from '../../published/compare-order.ts';
import { attackFigure } from '../../published/ml-doctor-2022/attacks.ts';
import {
  BY_COMPLEXITY,
  PAPER_MODELS,
  type PaperData,
  type PaperMode,
} from '../../published/ml-doctor-2022/names.ts';
import { rankCorrelation } from '../../published/provenance.ts';

/** The published points with the paper's order of the data sets for their complexity. */
export function publishedRankCorrelation(mode: PaperMode): Published | undefined {
  const points = BY_COMPLEXITY.flatMap((data, place) =>
    PAPER_MODELS.flatMap((model) => {
      const figure = attackFigure(mode, model, data);
      return figure === undefined ? [] : [{ place, value: figure.value }];
    }),
  );
  const rho = spearman(
    points.map(({ place }) => place),
    points.map(({ value }) => value),
  );
  return rho === undefined
    ? undefined
    : rankCorrelation(
        rho,
        points.length,
        'recomputed from Figs. 2, 4, 5 and 6 and Tables 3 and 4, Spearman’s',
      );
}

/** Each data set less the one that the paper has before it. */
export function orderOfData(
  measured: ReadonlyMap<PaperData, { readonly name: string; readonly metric: Metric }>,
): readonly Comparison[] {
  const place = (at: number): Published => ({
    value: at,
    low: at,
    high: at,
    where: 'Fig. 6, place in the order',
  });
  return BY_COMPLEXITY.slice(1).flatMap((data, i) => {
    const simpler = BY_COMPLEXITY[i] as PaperData;
    const [first, second] = [measured.get(data), measured.get(simpler)];
    if (first === undefined || second === undefined) return [];
    return [
      compareOrder(
        `complexity of ${data} less ${simpler} (ours: ${first.name} less ${second.name})`,
        { first: place(i + 2), second: place(i + 1) },
        { first: first.metric, second: second.metric },
      ),
    ];
  });
}
