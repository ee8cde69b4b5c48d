/** What defences change, as tasks: each defended target, and each attack on it, beside the undefended one's. */

import { roleSizes } from '../../data/split.ts';
import { canonicalJson, type Json } from '../../study/canonical-json.ts';
import { dataRef, type SplitRef } from '../../study/kinds/data-ref.ts';
import type { PlanBuilder, TaskRef } from '../../study/plan.ts';
import type { Cell } from '../cell.ts';
import type { PlannedAttack } from './plan-attack.ts';
import type { Datasets, PlannedCell } from './plan-cells.ts';
import { attackedRecords } from './plan-membership.ts';

/** A target's accuracy, or an attack that is made on it, with and without its defence. */
export interface PlannedChange {
  /** Of the undefended cell and of the defended one. */
  readonly from: string;
  readonly to: string;
  /** On the defended target; absent where its own accuracy is compared. */
  readonly attack?: PlannedAttack;
  /** Absent where both figures come from the very same task, so that nothing can have changed. */
  readonly comparison?: TaskRef;
}

/** Members, and non-members, that can be resampled. */
const FEWEST = 2;

/**
 * One for the accuracy of each defended cell, and one for each of its membership attacks that the undefended cell of the
 * same data, model and seed has too; of whatever family where a defence leaves untouched what the attack meets. What is
 * left out (other families, samples of a record) is told by the two figures alone.
 *
 * @param splitOf how the records of a cell get their roles
 */
export const planChanges = (
  cells: readonly PlannedCell[],
  datasets: Datasets,
  builder: PlanBuilder,
  splitOf: (cell: Cell) => SplitRef,
): readonly PlannedChange[] => {
  const undefended = new Map(
    cells
      .filter(({ cell }) => cell.defense.name === 'none')
      .map((planned) => [placeOf(planned.cell), planned]),
  );
  return cells.flatMap((defended) => {
    const { cell } = defended;
    const from = cell.defense.name === 'none' ? undefined : undefended.get(placeOf(cell));
    const data = datasets.get(cell.data.catalog);
    if (!from || !data) return [];
    const before = new Map(from.attacks.map((attack, i) => [choiceKey(from.cell, i), attack]));
    const split = splitOf(cell);
    const accuracy: PlannedChange = {
      ...{ from: from.id, to: defended.id },
      // The answers are those of the model itself, whatever stands before it.
      ...(from.target.query.key !== defended.target.query.key && {
        comparison: builder.add({
          kind: 'compare-accuracy',
          label: `compare accuracy with and without ${cell.defense.name} (${defended.id})`,
          effort: { like: 'compare accuracy', units: roleSizes(data.size, split)['target-test'] },
          seed: cell.seed,
          params: { data: dataRef(data), split },
          inputs: [from.target.query, defended.target.query],
        }),
      }),
    };
    const changes = defended.attacks.flatMap((attack, i): PlannedChange[] => {
      const other = before.get(choiceKey(cell, i));
      if (!other) return [];
      if (other.evaluation.key === attack.evaluation.key) return [{ from: from.id, to: defended.id, attack }];
      if (attack.family !== 'membership') return [];
      // What canaries show is tested by coins of their own, not by who is in the split.
      if (attack.configured.references.pool.kind === 'canaries') return [];
      const units = attackedRecords(attack.configured, roleSizes(data.size, split));
      if (units < 2 * FEWEST) return [];
      const comparison = builder.add({
        kind: 'compare',
        label: `compare ${labelOf(cell, i)} with and without ${cell.defense.name} (${defended.id})`,
        effort: { like: 'compare membership', units },
        seed: cell.seed,
        params: { data: dataRef(data), split },
        inputs: [other.attack, attack.attack],
      });
      return [{ from: from.id, to: defended.id, attack, comparison }];
    });
    return [accuracy, ...changes];
  });
};

/** Equal for cells that differ in their defence alone. */
const placeOf = ({ data, model, offers, seed }: Cell): string =>
  canonicalJson({ data, model, offers, seed } as unknown as Json);

/** An attack as it was chosen, with the one that steals the copy it is made on. */
const choiceKey = ({ attacks }: Cell, index: number): string => {
  const { name, params, through } = attacks[index]!;
  const stolen = through === undefined ? undefined : attacks.find((other) => other.name === through);
  return canonicalJson({ name, params, ...(stolen && { through, stolen: stolen.params }) } as Json);
};

/** Of equal names the later ones are numbered, and what a copy is attacked by says of whom it was stolen. */
const labelOf = ({ attacks }: Cell, index: number): string => {
  const { name, through } = attacks[index]!;
  const before = attacks.slice(0, index).filter((other) => other.name === name).length;
  return `${name}${before > 0 ? ` #${before + 1}` : ''}${through === undefined ? '' : ` on copy by ${through}`}`;
};
