/** What explains the most exposed records of one model, with and without defences. */

import { defenseText } from '../../../report/identity.ts';
import { attackLabels } from '../../../report/labels.ts';
import type { Factor, FactorName } from '../../../report/schema.ts';
import { explaining, FACTOR_WORDS } from '../../../report/verdict/factor-words.ts';
import { bySeverity } from '../../../report/verdict/overall.ts';
import { barChart } from '../../charts/bars.ts';
import type { FigureKind } from '../../figure.ts';
import { missing, oneModel } from './defences.ts';

export const ownerFactors: FigureKind = {
  name: 'owner/factors',
  title: 'What explains the most exposed records',
  needs: 'one model on one data set, audited with explain: true',
  build: (evidence) => {
    const { undefended, defended, target } = oneModel(evidence);
    const rows = [undefended, ...defended].flatMap(({ defense, runs: [{ report }] }) => {
      const labelOf = attackLabels(report.results);
      return bySeverity(report.results).flatMap((result) =>
        (result.factors?.factors ?? []).map((factor) => ({
          defence: defenseText(defense),
          attack: labelOf(result),
          factor,
        })),
      );
    });
    const [first] = undefended.runs;
    const strongest = bySeverity(first.report.results).find(({ factors }) => factors !== undefined);
    if (strongest?.factors === undefined)
      throw missing(`no attack on ${target} without a defence tells of factors: explain was not set`);
    const { factors, sentence } = strongest.factors;
    const label = attackLabels(first.report.results)(strongest);
    const measured = factors.filter(({ exposure }) => exposure !== undefined);
    return {
      name: 'owner/factors',
      title: ownerFactors.title,
      finding: `${label} on ${target}: ${sentence}`,
      charts: [
        barChart(
          {
            id: 'exposure',
            title: `Correlation of each factor with the exposure of members to ${label}`,
            description:
              explaining(factors)
                .map(({ name }) => nameOf(name))
                .join(', ') || 'None explains it',
          },
          {
            y: { label: 'correlation with exposure, 95 % interval', as: 'number' },
            bars: measured.map(({ name, exposure }) => ({
              category: nameOf(name),
              group: 'members',
              value: exposure?.value ?? 0,
              ...(exposure && exposure.low !== null && { low: exposure.low }),
              ...(exposure && exposure.high !== null && { high: exposure.high }),
            })),
            reference: 0,
          },
        ),
      ],
      tables: [
        {
          id: 'factors',
          caption: `Factors of exposure of ${target}: by defence and attack`,
          columns: [
            { key: 'defence', label: 'Defence' },
            { key: 'attack', label: 'Attack' },
            { key: 'factor', label: 'More of' },
            { key: 'exposure', label: 'Correlation with exposure' },
            { key: 'members', label: 'with the score, members' },
            { key: 'nonMembers', label: 'with the score, non-members' },
            { key: 'lift', label: 'Among the most exposed, times chance' },
            { key: 'p', label: 'p (Holm)' },
            { key: 'explains', label: 'Explains' },
          ],
          rows: rows.map(({ defence, attack, factor }) => ({ defence, attack, ...cells(factor) })),
        },
      ],
      comparisons: [],
      notes: [
        'Exposure is the share of non-members with as much of the factor that a member outscores; a factor that moves the scores of everybody alike has no correlation with it.',
        'Holm’s guard holds for the factors of one attack on one model, not for all rows together.',
        ...(undefended.runs.length > 1 ? ['Of several seeds the first is shown.'] : []),
      ],
      holes: [],
    };
  },
};

const nameOf = (name: FactorName): string => FACTOR_WORDS[name].name;

const cells = ({ name, exposure, members, nonMembers, top, pValue, explains }: Factor) => ({
  factor: nameOf(name),
  exposure: exposure ?? null,
  members: members ?? null,
  nonMembers: nonMembers ?? null,
  lift: top?.lift ?? null,
  p: pValue ?? null,
  explains: explains ?? (pValue === undefined ? 'does not vary' : 'no'),
});
