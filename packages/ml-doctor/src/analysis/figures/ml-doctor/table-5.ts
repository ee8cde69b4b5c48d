/** What defences cost in accuracy: Table 5 of ML-Doctor. */

import { type Bar, barChart } from '../../charts/bars.ts';
import type { Evidence, Target } from '../../evidence/evidence.ts';
import { accuracyOf, isUndefended } from '../../evidence/facts.ts';
import { refuseMixed } from '../../evidence/mixed.ts';
import type { Comparison, FigureKind, Published } from '../../figure.ts';
import { compare } from '../../published/compare.ts';
import { TABLE_5 } from '../../published/ml-doctor-2022/accuracy.ts';
import { PAPER_DATA, type PaperModel } from '../../published/ml-doctor-2022/names.ts';
import { dataStandIn, modelStandIn } from '../../published/stand-ins.ts';
import { targetsNote, unlikePaper } from '../../published/unlike.ts';
import { change, three } from '../shokri/words.ts';
import { accuracyChangeOf } from './changes.ts';
import { judge } from './claims.ts';
import { placesOf } from './defended.ts';
import { distilledColumn, privateColumn } from './private-cells.ts';
import { bounds, type Names, namesOf, needed } from './targets.ts';
import { claimsText } from './words.ts';

const WHERE = 'Table 5';

export const table5: FigureKind = {
  name: 'ml-doctor-2022/table-5',
  title: 'Test accuracy of defended targets',
  source: 'Liu et al., USENIX Security 2022, Table 5',
  needs: 'targets with dp-sgd or distillation and attacks of ML-Doctor, and the same targets undefended',
  build: (evidence) => {
    const places = [...placesOf(evidence, 'dp-sgd'), ...placesOf(evidence, 'distillation')];
    const all = places.flatMap(({ base, defended }) => [...(base ? [base] : []), ...defended]);
    const targets = needed([...new Set(all)], table5);
    refuseMixed(targets);
    const names = namesOf(targets);
    const defended = targets.filter((target) => !isUndefended(target));
    const claims = costs(evidence, defended);
    const sentences = defended.flatMap((target) => {
      const [now, changed] = [accuracyOf(target, 'testAccuracy'), accuracyChangeOf(evidence, target)];
      return now ? [`${names.whole(target)}: ${three(now)}${changed ? `, ${change(changed)}` : ''}.`] : [];
    });
    return {
      ...{ name: table5.name, title: table5.title },
      finding: [...sentences, claimsText(claims)].filter(Boolean).join(' '),
      charts: [chartOf(targets, names)],
      tables: [
        {
          id: 'accuracy',
          caption: 'Test accuracy with 95 % intervals, and what the defence changed of it.',
          columns: [
            { key: 'data', label: 'Data set' },
            { key: 'model', label: 'Architecture' },
            { key: 'defense', label: 'Defence' },
            { key: 'accuracy', label: 'Test accuracy' },
            { key: 'change', label: 'Change' },
            { key: 'paper', label: 'Paper' },
          ],
          rows: targets.map((target) => ({
            data: names.data(target),
            model: names.model(target),
            defense: names.defense(target),
            accuracy: accuracyOf(target, 'testAccuracy') ?? null,
            change: isUndefended(target) ? null : (accuracyChangeOf(evidence, target) ?? null),
            paper: besideOf(target, targets)?.published.value ?? null,
          })),
        },
      ],
      comparisons: [...claims, ...targets.flatMap((target) => cell(target, targets, names))],
      notes: [targetsNote(targets, 'SimpleCNN or VGG19')],
      holes: [],
    };
  },
};

/** Defences cost accuracy: DP-SGD 3 to 20 points, distillation hardly any. */
function costs(evidence: Evidence, defended: readonly Target[]): readonly Comparison[] {
  const published = {
    'dp-sgd': PAPER_DATA.flatMap((data) => {
      const none = TABLE_5.SimpleCNN[data]?.value ?? Number.NaN;
      return (['SimpleCNN, epsilon1', 'SimpleCNN, epsilon2'] as const).map(
        (row) => (TABLE_5[row][data]?.value ?? Number.NaN) - none,
      );
    }),
    distillation: PAPER_DATA.map(
      (data) =>
        (TABLE_5['VGG19, distillation'][data]?.value ?? Number.NaN) -
        (TABLE_5.VGG19[data]?.value ?? Number.NaN),
    ),
  };
  return (['dp-sgd', 'distillation'] as const).flatMap((defense) => {
    const ours = defended
      .filter((target) => target.defense.name === defense)
      .flatMap((target) => accuracyChangeOf(evidence, target)?.value ?? []);
    const what = `change of the test accuracy under ${defense}`;
    return ours.length === 0 ? [] : [judge({ what, where: WHERE, published: published[defense], ours })];
  });
}

interface BesideCell {
  readonly published: Published;
  readonly model: PaperModel;
  readonly row: string;
  readonly unlike?: string | undefined;
}

function besideOf(target: Target, all: readonly Target[]): BesideCell | undefined {
  const data = dataStandIn(target)?.for;
  if (data === undefined) return undefined;
  const give = (row: keyof typeof TABLE_5, model: PaperModel, unlike?: string) => {
    const published = TABLE_5[row][data];
    return published && { published, model, row, unlike };
  };
  if (isUndefended(target)) {
    const model = modelStandIn(target)?.for;
    return model === 'SimpleCNN' || model === 'VGG19' ? give(model, model) : undefined;
  }
  if (target.defense.name === 'distillation')
    return give('VGG19, distillation', 'VGG19', distilledColumn(target).unlike);
  const same = all.filter(
    (other) =>
      other.defense.name === 'dp-sgd' &&
      other.data.name === target.data.name &&
      other.model.name === target.model.name,
  );
  const beside = privateColumn(target, same, data);
  return beside && give(`SimpleCNN, ${beside.column}`, 'SimpleCNN', beside.unlike);
}

function cell(target: Target, all: readonly Target[], names: Names): readonly Comparison[] {
  const data = dataStandIn(target)?.for;
  const beside = besideOf(target, all);
  if (data === undefined || beside === undefined) return [];
  const unlike = [unlikePaper(target, { data, model: beside.model }), beside.unlike]
    .filter(Boolean)
    .join('; ');
  const what = `test accuracy of ${beside.row} on ${data} (ours: ${names.whole(target)})`;
  const ours = accuracyOf(target, 'testAccuracy') ?? null;
  return [compare(what, beside.published, ours, unlike === '' ? {} : { unlike })];
}

function chartOf(targets: readonly Target[], names: Names) {
  const bars = targets.flatMap((target): Bar[] => {
    const metric = accuracyOf(target, 'testAccuracy');
    if (metric === undefined) return [];
    const place = { category: names.data(target), group: names.defense(target) };
    const several = new Set(targets.map(names.model)).size > 1;
    return [
      { ...place, ...(several && { panel: names.model(target) }), value: metric.value, ...bounds(metric) },
    ];
  });
  const description = 'test accuracy by data set and defence';
  return barChart(
    { id: 'accuracy', title: table5.title, description },
    { y: { label: 'test accuracy' }, bars },
  );
}
