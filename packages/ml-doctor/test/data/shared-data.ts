/** Where real data sets that are not part of the package lie, beside the checkout: where there is none, tests skip. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A folder to give as `dataDir`. */
export const sharedData: string = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));

/** Whether a file, or a folder, is there; a line says so where it is not. */
export function hasShared(name: string): boolean {
  const there = existsSync(`${sharedData}${name}`);
  if (!there) console.warn(`skipped: ${sharedData}${name} is not on this machine`);
  return there;
}
