/** The version of this program. */
import { readFileSync } from 'node:fs';

/** From package.json, which lies two folders up in the sources and in the built package alike. */
export function toolVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
