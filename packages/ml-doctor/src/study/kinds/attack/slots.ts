/** What the task of an attack is given, in the order of its inputs: the planner fills the slots, the handler reads them. */
import type { ConfiguredAttack } from '../../../attacks/membership/membership-attack.ts';
import { IDENTITY, viewKey } from '../../../data/view-key.ts';
import type { View } from '../../../data/views.ts';
import { askedSet, type NamedSet } from '../record-sets.ts';

/** `own`: the records are of the pool's own data set, another one or a synthetic one. */
export type Slot =
  | {
      readonly what: 'answers';
      readonly of: 'target' | number;
      readonly set: NamedSet;
      readonly own: boolean;
      readonly view: View;
    }
  | { readonly what: 'model'; readonly of: 'target' | number }
  | { readonly what: 'synthesis' };

/** The same attack always has the same slots. */
export const attackSlots = ({ needs, references, asks }: ConfiguredAttack): readonly Slot[] => {
  // An audit of the training reads the model that it trains, and no other.
  const target = references.pool.kind === 'canaries' ? [] : asks.views;
  const slots: Slot[] = target.map((view) => answers('target', 'candidates', view));
  if (asks.population) slots.push(answers('target', 'population'));
  if (needs.access === 'white-box' || needs.inputs === 'any') slots.push({ what: 'model', of: 'target' });
  if (references.pool.kind === 'synthetic' && references.count > 0) slots.push({ what: 'synthesis' });
  for (let of = 0; of < references.count; of++) {
    const wanted = references.asked.flatMap((asked) => {
      const { set, own } = askedSet(references.pool, asked);
      const views = asked === 'population' ? [IDENTITY] : asks.views;
      return views.map((view) => answers(of, set, view, own));
    });
    slots.push(...distinct(wanted));
    if (references.live) slots.push({ what: 'model', of });
  }
  return slots;
};

const answers = (of: 'target' | number, set: NamedSet, view: View = IDENTITY, own = false): Slot => ({
  what: 'answers',
  of,
  set,
  own,
  view,
});

const distinct = (slots: readonly Slot[]): readonly Slot[] => [
  ...new Map(
    slots.map((slot) => [
      slot.what === 'answers' ? `${slot.set} ${slot.own} ${viewKey(slot.view)}` : '',
      slot,
    ]),
  ).values(),
];
