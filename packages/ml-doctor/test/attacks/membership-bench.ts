/** Targets of known leakage, for tests of membership attacks: tables of logits instead of models. */

import { stream } from 'onnx-grad';
import type { Reference } from '../../src/attacks/membership/membership-attack.ts';
import type { Records } from '../../src/targets/access.ts';
import { type OutputTable, savedOutputs } from '../../src/targets/saved-outputs.ts';

export interface World {
  /** The target's saved outputs on all records, members and not, in ascending order of ids. */
  readonly table: OutputTable;
  readonly records: Records;
  /** 1 for a member, parallel to the records. */
  readonly truth: Uint8Array;
  readonly references: readonly Reference[];
}

export interface WorldOptions {
  readonly seed: number;
  /** Members, and as many non-members; the shadow model has both once more. */
  readonly size?: number;
  readonly classes?: number;
  /** What a member's logit gains at its label, target and shadow model alike; 0 is a model that leaks nothing. */
  readonly lead: number;
}

/** Logits are standard normal, plus 1 at the label of every record and `lead` at that of members. */
export function world({ seed, lead, size = 150, classes = 5 }: WorldOptions): World {
  const all = 4 * size;
  const noise = stream(seed, 'logits').normal(new Float32Array(all * classes));
  const labels = Int32Array.from(stream(seed, 'labels').integers(new Uint32Array(all), classes));
  // Roles by a random order, so that neither ids nor order say anything.
  const order = stream(seed, 'roles').permutation(all);
  const role = (index: number) => order.slice(index * size, (index + 1) * size);
  const [members, nonMembers, shadowMembers, shadowNonMembers] = [0, 1, 2, 3].map(role) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  const isMember = new Set([...members, ...shadowMembers]);
  const tableOf = (ids: Uint32Array): OutputTable => {
    const logits = new Float32Array(ids.length * classes);
    ids.forEach((id, row) => {
      logits.set(noise.subarray(id * classes, (id + 1) * classes), row * classes);
      logits[row * classes + labels[id]!]! += 1 + (isMember.has(id) ? lead : 0);
    });
    return { ids, logits, classes };
  };
  const recordsOf = (ids: Uint32Array): Records => ({
    ids,
    labels: Int32Array.from(ids, (id) => labels[id]!),
  });
  const candidates = Uint32Array.from([...members, ...nonMembers]).sort();
  return {
    table: tableOf(candidates),
    records: recordsOf(candidates),
    truth: Uint8Array.from(candidates, (id) => (isMember.has(id) ? 1 : 0)),
    references: [
      {
        model: savedOutputs(tableOf(Uint32Array.from([...shadowMembers, ...shadowNonMembers]))),
        members: recordsOf(shadowMembers),
        nonMembers: recordsOf(shadowNonMembers),
      },
    ],
  };
}
