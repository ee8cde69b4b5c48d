/** What knowledge distillation changes of every attack: Table 4 of ML-Doctor. */

import { canonicalText } from '../../../report/canonical.ts';
import type { Evidence, Target } from '../../evidence/evidence.ts';
import { MODES } from '../../evidence/modes.ts';
import type { Comparison, FigureKind } from '../../figure.ts';
import { TABLE_3, TABLE_4 } from '../../published/ml-doctor-2022/defended.ts';
import { PAPER_DATA, type PaperMode } from '../../published/ml-doctor-2022/names.ts';
import { changeOf } from './changes.ts';
import { judge } from './claims.ts';
import { defenceTable, type Place, placesOf } from './defended.ts';
import { distilledColumn } from './private-cells.ts';

const MEMBERSHIP = MODES.filter(({ name }) => name.startsWith('MemInf'));

export const table4: FigureKind = {
  name: 'ml-doctor-2022/table-4',
  title: 'Attacks on distilled targets',
  source: 'Liu et al., USENIX Security 2022, Table 4',
  needs: 'targets with distillation and attacks of ML-Doctor, and the same targets undefended',
  build: (evidence) =>
    defenceTable<'distillation'>(evidence, {
      ...{ kind: table4, defense: 'distillation', model: 'VGG19', where: 'Table 4' },
      published: TABLE_4,
      columns: ['distillation'],
      heads: { none: 'none', distillation: 'distilled' },
      beside: (target) => distilledColumn(target),
      notes: [
        'The paper distils VGG19 and trains SimpleCNN with DP-SGD: which lowers membership inference less is there also a matter of the architecture. Compared are changes, a mode on a data set each.',
      ],
      claims: lessThanPrivate,
    }),
};

/**
 * Distillation lowers membership inference less than private training does: its change lies above. Of the same
 * architecture where there is one, else as in the paper of another on the same data.
 */
function lessThanPrivate(evidence: Evidence, places: readonly Place[]): readonly Comparison[] {
  const privately = placesOf(evidence, 'dp-sgd');
  const ours = places.flatMap(({ base, defended }) => {
    const data = canonicalText(defended[0].data);
    const other =
      privately.find((place) => base !== undefined && place.base === base) ??
      privately.find((place) => canonicalText(place.defended[0].data) === data);
    return MEMBERSHIP.flatMap((mode) => {
      const [here, there] = [
        meanChange(evidence, defended, mode),
        other && meanChange(evidence, other.defended, mode),
      ];
      return here === undefined || there === undefined ? [] : [here - there];
    });
  });
  if (ours.length === 0) return [];
  const published = PAPER_DATA.flatMap((data) =>
    MEMBERSHIP.flatMap(({ name }) => {
      const [four, three] = [TABLE_4[name as PaperMode][data], TABLE_3[name as PaperMode][data]];
      if (four === undefined || three === undefined) return [];
      const privateChange = (three.epsilon1.value + three.epsilon2.value) / 2 - three.none.value;
      return [four.distillation.value - four.none.value - privateChange];
    }),
  );
  const what = 'change of MemInf under distillation less that under dp-sgd';
  return [judge({ what, where: 'Tables 3 and 4', published, ours })];
}

function meanChange(
  evidence: Evidence,
  targets: readonly Target[],
  mode: (typeof MODES)[number],
): number | undefined {
  const changes = targets.flatMap((target) => changeOf(evidence, target, mode)?.value ?? []);
  return changes.length === 0 ? undefined : changes.reduce((sum, one) => sum + one, 0) / changes.length;
}
