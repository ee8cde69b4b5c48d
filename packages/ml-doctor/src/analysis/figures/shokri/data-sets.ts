/** How well models learn data sets, and how precise the attack on them is: Table II of Shokri et al. */

import { AuditError } from '../../../errors.ts';
import { barChart } from '../../charts/bars.ts';
import { accuracyOf, membersOf } from '../../evidence/facts.ts';
import type { FigureKind } from '../../figure.ts';
import { compare } from '../../published/compare.ts';
import { TABLE_2, type Table2Data } from '../../published/shokri-2017/targets.ts';
import { type Attacked, attackedOf, isPlain, metricOf, targetLabels } from './attacked.ts';
import { alike, failures, needed } from './needed.ts';
import { googleSetting, standsFor, unlikeText } from './setting.ts';
import { three } from './words.ts';

export const dataSets: FigureKind = {
  name: 'shokri-2017/table-2',
  title: 'Accuracy of models and precision of the shadow-model attack by data set',
  source: 'Shokri et al., S&P 2017, Table II',
  needs: 'undefended targets with membership/shokri',
  build: (evidence) => {
    const all = needed(attackedOf(evidence).filter(isPlain), dataSets);
    const labelOf = targetLabels(all);
    const rows = all.flatMap((attacked) => {
      const precision = metricOf(attacked, 'precision');
      return precision === undefined
        ? []
        : [{ attacked, precision, label: labelOf(attacked), published: publishedOf(attacked) }];
    });
    if (rows.length === 0)
      throw new AuditError(
        'MLD_EVIDENCE_MISSING',
        `${dataSets.name}: the attack called nobody a member, on no target`,
        'Train longer, or on fewer records: a model that overfits is what the attack finds.',
      );
    alike(rows);
    const ordered = [...rows].sort((a, b) => a.precision.value - b.precision.value);
    const [least, most] = [ordered[0] as (typeof rows)[number], ordered.at(-1) as (typeof rows)[number]];
    const finding = `The precision of the attack lies between ${three(least.precision)} on ${least.label} and ${three(most.precision)} on ${most.label}.`;
    return {
      name: dataSets.name,
      title: dataSets.title,
      finding,
      charts: [
        barChart(
          { id: 'precision', title: 'Precision of the attack by target', description: finding },
          {
            y: { label: 'precision', domain: [0, 1] },
            bars: rows.map(({ label, precision: { value, low, high } }) => ({
              ...{ category: label, group: 'precision', value },
              ...(low !== null && high !== null && { low, high }),
            })),
            reference: 0.5,
          },
        ),
      ],
      tables: [
        {
          id: 'targets',
          caption:
            'Accuracy of the models and precision of the attack; published are models of Google’s service.',
          columns: [
            { key: 'target', label: 'Target' },
            { key: 'records', label: 'Training records', digits: 0 },
            { key: 'train', label: 'Train accuracy' },
            { key: 'test', label: 'Test accuracy' },
            { key: 'precision', label: 'Precision' },
            { key: 'recall', label: 'Recall' },
            { key: 'publishedData', label: 'Published, of' },
            { key: 'publishedTrain', label: 'Published train accuracy' },
            { key: 'publishedTest', label: 'Published test accuracy' },
            { key: 'published', label: 'Published precision' },
          ],
          rows: rows.map(({ attacked, label, precision, published }) => ({
            target: label,
            records: membersOf(attacked.target),
            train: accuracyOf(attacked.target, 'trainAccuracy') ?? null,
            test: accuracyOf(attacked.target, 'testAccuracy') ?? null,
            precision,
            recall: metricOf(attacked, 'recall') ?? null,
            publishedData: published ? standsFor(attacked.target.data.name) : null,
            publishedTrain: published?.trainAccuracy?.value ?? null,
            publishedTest: published?.testAccuracy.value ?? null,
            published: published?.precision.value ?? null,
          })),
        },
      ],
      comparisons: rows.flatMap(({ attacked, label, precision, published }) => {
        if (published === undefined) return [];
        const unlike = unlikeText(googleSetting(standsFor(attacked.target.data.name)), attacked);
        return [
          compare(`precision, ${label}`, published.precision, precision, {
            nothing: 0.5,
            ...(unlike !== undefined && { unlike }),
          }),
        ];
      }),
      notes: ['The published targets were trained by Google’s service; nobody knows how.'],
      holes: failures(evidence),
    };
  },
};

function publishedOf({ target }: Attacked) {
  const name = standsFor(target.data.name);
  return Object.hasOwn(TABLE_2, name) ? TABLE_2[name as Table2Data] : undefined;
}
