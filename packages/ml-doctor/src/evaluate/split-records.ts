/** The records of a split as its check sees them: inputs, labels, truth, and the block each is judged in. */
import { stream } from 'onnx-grad';

export interface SplitData {
  /** Row-major, `width` numbers a record, normalised as the model gets them. Finite. */
  readonly inputs: Float32Array;
  readonly width: number;
  /** Class of each record, 0 upwards. */
  readonly labels: Int32Array;
  /** 1 for a member, 0 for a non-member. */
  readonly truth: ArrayLike<number>;
}

/** Places of records, each group's in random order, with the block of each. */
export interface Blocks {
  readonly places: Uint32Array;
  /** Parallel to `places`, 0 to `BLOCKS` - 1; members and non-members are spread evenly. */
  readonly block: Uint8Array;
  /** Parallel to `places`. */
  readonly member: Uint8Array;
  readonly members: number;
}

export const BLOCKS = 5;

/** At most `most` members and as many non-members, drawn at random, in blocks drawn at random. */
export function drawBlocks(truth: ArrayLike<number>, seed: number, most: number): Blocks {
  const groups = [0, 1].map((kind) => {
    const all: number[] = [];
    for (let i = 0; i < truth.length; i++) if (truth[i] === kind) all.push(i);
    const order = stream(seed, 'split check', kind).sample(all.length, Math.min(most, all.length));
    return order.map((i) => all[i]!);
  }) as [Uint32Array, Uint32Array];
  const [others, members] = groups;
  const size = others.length + members.length;
  const [places, block, member] = [new Uint32Array(size), new Uint8Array(size), new Uint8Array(size)];
  let at = 0;
  groups.forEach((group, kind) => {
    group.forEach((place, i) => {
      places[at] = place;
      block[at] = Math.floor((i * BLOCKS) / group.length);
      member[at] = kind;
      at++;
    });
  });
  return { places, block, member, members: members.length };
}
