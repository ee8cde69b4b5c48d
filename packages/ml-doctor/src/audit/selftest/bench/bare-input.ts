/** The parts of an attack's input that attacks on saved answers do without. */
import type { AttackInput } from '../../../attacks/membership/membership-attack.ts';

export const bare: Pick<AttackInput<unknown>, 'population' | 'data'> = {
  population: { ids: new Uint32Array(0), labels: new Int32Array(0) },
  data: {
    recordShape: [1],
    features: 'numeric',
    inputs: () => {
      throw new Error('this attack needs no inputs');
    },
    bounds: { low: Float32Array.of(0), high: Float32Array.of(1) },
  },
};
