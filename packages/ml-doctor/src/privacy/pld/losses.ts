/** The privacy loss of one step: a random number, as points with masses. */
import { normalCdf, normalQuantile } from '../../stats/normal.ts';
import { logRatio, whereLogRatio } from '../log-ratio.ts';

/** Whether the record is in the data that the step runs on (`remove` takes it away for the neighbour) or not. */
export type Direction = 'add' | 'remove';

export interface Losses {
  readonly values: Float64Array;
  readonly masses: Float64Array;
  /** Mass of what is left out above, to be counted as a loss of ∞. */
  readonly infinite: number;
}

export interface OneStep {
  readonly q: number;
  readonly sigma: number;
  readonly direction: Direction;
  /** At most this mass is left out above. */
  readonly tail: number;
}

/** Gauss–Legendre points and weights on [−1, 1]. */
const GAUSS = [
  [-0.906179845938664, 0.23692688505618908],
  [-0.5384693101056831, 0.47862867049936647],
  [0, 0.5688888888888889],
  [0.5384693101056831, 0.47862867049936647],
  [0.906179845938664, 0.23692688505618908],
] as const;

/** Widest stretch, in σ, on which the five points are exact to the last digits. */
const PANEL = 0.25;

/** The sums z on which nearly all mass lies, and the masses beyond. */
const rangeOf = ({ q, sigma, direction, tail }: OneStep) => {
  const reach = -normalQuantile(tail / 2) * sigma;
  if (direction === 'add') return { from: -reach, to: reach, below: tail / 2, above: tail / 2 };
  const to = Math.max(reach, 1 - normalQuantile(Math.min(0.5, tail / (2 * q))) * sigma);
  const beyond = (z: number): number => (1 - q) * normalCdf(z / sigma) + q * normalCdf((z + 1) / sigma);
  const below = (1 - q) * normalCdf(-reach / sigma) + q * normalCdf((-reach - 1) / sigma);
  // The mixture mirrored: P(Z > to) is that of −Z, whose second mean is −1.
  return { from: -reach, to, below, above: beyond(-to) };
};

/** Density of the noisy sum, over that stretch's own data. */
const densityOf = ({ q, sigma, direction }: OneStep) => {
  const scale = 1 / (sigma * Math.sqrt(2 * Math.PI));
  const normal = (z: number): number => scale * Math.exp(-0.5 * (z / sigma) ** 2);
  return direction === 'add' ? normal : (z: number): number => (1 - q) * normal(z) + q * normal(z - 1);
};

/** Points and masses for integrals of smooth functions of the loss; not a bound. */
export const lossPoints = (step: OneStep): Losses => {
  const { from, to, above, below } = rangeOf(step);
  const density = densityOf(step);
  const panels = Math.ceil((to - from) / (PANEL * step.sigma));
  const half = (to - from) / panels / 2;
  const values = new Float64Array(panels * GAUSS.length);
  const masses = new Float64Array(values.length);
  const sign = step.direction === 'add' ? -1 : 1;
  let at = 0;
  for (let panel = 0; panel < panels; panel++)
    for (const [node, weight] of GAUSS) {
      const z = from + (2 * panel + 1 + node) * half;
      values[at] = sign * logRatio(z, step.q, step.sigma);
      masses[at++] = weight * half * density(z);
    }
  return { values, masses, infinite: step.direction === 'add' ? below : above };
};

/** Losses on a lattice, `values[i]` = (`first` + i) · `spacing`. */
export interface Lattice extends Losses {
  readonly first: number;
  readonly spacing: number;
}

/**
 * The losses moved to whole multiples of `spacing` so that no hockey-stick divergence falls: connect-the-dots
 * (Doroshenko et al., PoPETs 2022). The mass of every cell goes to its two ends, such that both data sets keep theirs:
 * of mass with loss l, (1 − e^{c−l})/(1 − e^{−spacing}) goes to the upper end of a cell that begins at c.
 */
export const lossLattice = (step: OneStep, spacing: number): Lattice => {
  const { q, sigma, direction } = step;
  const { from, to, below, above } = rangeOf(step);
  const density = densityOf(step);
  const firstCell = Math.floor(logRatio(from, q, sigma) / spacing);
  const cells = Math.ceil(logRatio(to, q, sigma) / spacing) - firstCell + 1;
  /** By the lattice of the logarithm of densities, which is the loss, or less it. */
  const masses = new Float64Array(cells + 1);
  const whole = Math.expm1(-spacing);
  const add = direction === 'add';
  let z = from;
  for (let cell = 0; cell < cells && z < to; cell++) {
    const start = (firstCell + cell) * spacing;
    const end = Math.min(to, whereLogRatio(start + spacing, q, sigma));
    if (!(end > z)) continue;
    const panels = Math.ceil((end - z) / (PANEL * sigma));
    const half = (end - z) / panels / 2;
    let [upper, lower] = [0, 0];
    for (let panel = 0; panel < panels; panel++)
      for (const [node, weight] of GAUSS) {
        const at = z + (2 * panel + 1 + node) * half;
        const into = Math.min(spacing, Math.max(0, logRatio(at, q, sigma) - start));
        const mass = weight * half * density(at);
        const up = Math.expm1(add ? into - spacing : -into) / whole;
        upper += mass * up;
        lower += mass * (1 - up);
      }
    masses[cell] = (masses[cell] as number) + (add ? upper : lower);
    masses[cell + 1] = (masses[cell + 1] as number) + (add ? lower : upper);
    z = end;
  }
  if (add) {
    // What lies above the range has the least losses: it goes to the cell's upper end, where they are not less.
    masses[cells - 1] = (masses[cells - 1] as number) + above;
    masses.reverse();
  } else masses[1] = (masses[1] as number) + below;
  const first = add ? -(firstCell + cells) : firstCell;
  const values = Float64Array.from(masses, (_, i) => (first + i) * spacing);
  return { first, spacing, values, masses, infinite: add ? below : above };
};
