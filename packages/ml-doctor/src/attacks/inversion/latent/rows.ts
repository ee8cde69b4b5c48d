/** The latent vectors of a search: one for every restart of every wanted reconstruction, each with draws of its own. */
import { type RandomStream, stream } from 'onnx-grad';
import { copiesOf } from '../starts.ts';

export interface LatentRow {
  /** Place in the list of wanted reconstructions. */
  readonly of: number;
  readonly label: number;
  /** Random numbers of this row alone: they depend on seed, class, number within the class and restart. */
  readonly draws: (purpose: string) => RandomStream;
}

/**
 * One after another, the restarts of a reconstruction together. A row is the same whatever other classes are wanted and
 * however many reconstructions and restarts there are.
 */
export const latentRows = (
  wanted: Int32Array,
  restarts: number,
  seed: number,
  attack: string,
): readonly LatentRow[] => {
  const copies = copiesOf(wanted);
  return [...wanted].flatMap((label, of) =>
    Array.from({ length: restarts }, (_, restart) => ({
      of,
      label,
      draws: (purpose: string) => stream(seed, attack, purpose, label, copies[of] as number, restart),
    })),
  );
};

/** Standard normal latent vectors of these rows, `rows × latent`, cut to ± `clip`. */
export const firstLatents = (rows: readonly LatentRow[], latent: number, clip = Infinity): Float32Array => {
  const z = new Float32Array(rows.length * latent);
  rows.forEach((row, i) => {
    row.draws('latent').normal(z.subarray(i * latent, (i + 1) * latent));
  });
  return z.map((value) => Math.max(-clip, Math.min(clip, value)));
};
