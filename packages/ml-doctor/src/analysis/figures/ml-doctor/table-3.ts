/** What differentially private training changes of every attack: Table 3 of ML-Doctor. */

import { figureOf, MODES } from '../../evidence/modes.ts';
import type { FigureKind } from '../../figure.ts';
import { WITHIN } from '../../published/compare.ts';
import { TABLE_3 } from '../../published/ml-doctor-2022/defended.ts';
import { PAPER_DATA, type PaperMode } from '../../published/ml-doctor-2022/names.ts';
import { judge } from './claims.ts';
import { type DefenceTable, defenceTable, type Place } from './defended.ts';
import { type PrivateColumn, privateColumn } from './private-cells.ts';

const WHERE = 'Table 3';

export const table3: FigureKind = {
  name: 'ml-doctor-2022/table-3',
  title: 'Attacks on targets trained with DP-SGD',
  source: 'Liu et al., USENIX Security 2022, Table 3',
  needs: 'targets with dp-sgd and attacks of ML-Doctor, and the same targets undefended',
  build: (evidence) =>
    defenceTable<PrivateColumn>(evidence, {
      ...PRIVATE,
      kind: table3,
      notes: [
        'Shadow models are trained with the same defence, as those of an attacker who knows of it.',
        'To chance: within 0.05 of one half, on the mean over defended targets.',
      ],
      claims: (_, places) => toChance(places),
    }),
};

/** What the paper has of DP-SGD. */
export const PRIVATE: Omit<DefenceTable<PrivateColumn>, 'kind' | 'notes' | 'claims'> = {
  ...{ defense: 'dp-sgd', model: 'SimpleCNN', where: WHERE, published: TABLE_3, beside: privateColumn },
  columns: ['epsilon1', 'epsilon2'],
  heads: { none: 'none', epsilon1: 'DP-SGD, ε1', epsilon2: 'DP-SGD, ε2' },
};

function toChance(places: readonly Place[]) {
  const defended = places.flatMap((place) => place.defended);
  return MODES.filter(({ name }) => name.startsWith('MemInf')).flatMap((mode) => {
    const ours = defended.flatMap((target) => {
      const metric = figureOf(target, mode);
      return metric === undefined ? [] : [metric.value - 0.5];
    });
    const published = PAPER_DATA.flatMap((data) => {
      const cell = TABLE_3[mode.name as PaperMode][data];
      return cell === undefined ? [] : PRIVATE.columns.map((column) => cell[column].value - 0.5);
    });
    const what = `${mode.name} under dp-sgd less one half`;
    return ours.length === 0 ? [] : [judge({ what, where: WHERE, published, ours, within: WITHIN })];
  });
}
