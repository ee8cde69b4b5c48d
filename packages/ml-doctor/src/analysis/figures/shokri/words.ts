/** Figures in sentences. */

import { signed } from '../../../report/format.ts';
import type { Metric } from '../../../report/schema.ts';

/** `0.737 (0.712 to 0.761)`; the value alone where there is no interval. */
export function three({ value, low, high }: Metric): string {
  return low === null || high === null
    ? value.toFixed(3)
    : `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

/** `+0.210 (+0.180 to +0.240)`. */
export function change({ value, low, high }: Pick<Metric, 'value' | 'low' | 'high'>): string {
  return low === null || high === null
    ? signed(value, 3)
    : `${signed(value, 3)} (${signed(low, 3)} to ${signed(high, 3)})`;
}
