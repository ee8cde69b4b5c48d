/** Child process: one training; reports the largest resident memory of the process. */
import type { Size } from './size.ts';
import { type Side, trainer } from './train.ts';

const { size, side } = JSON.parse(process.argv[2] as string) as { size: Size; side: Side };
await trainer(size)(side);
const peakMb = process.resourceUsage().maxRSS / 1024;
process.send?.(peakMb);
