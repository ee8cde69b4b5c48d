/** Audits of models behind HTTP by the real program in the test's own process. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EndedHere, runHere } from '../process/here.ts';

export const fixture = (path: string): string =>
  fileURLToPath(new URL(`../golden/models/${path}`, import.meta.url));

/** @param data cancer, wine */
export const recordsOf = (data: string): string[] => [
  '--members',
  fixture(`data/${data}-members.csv`),
  '--non-members',
  fixture(`data/${data}-non-members.csv`),
];

export const audit = (out: string, ...flags: string[]): Promise<EndedHere> =>
  runHere(['audit', '--workers', '1', '--out', out, ...flags]);

// biome-ignore lint/suspicious/noExplicitAny: read by tests that say what they expect
export const reportIn = (out: string): any => JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));

/** Everything in a folder, as text. */
export const everythingIn = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => `${path}\n${readFileSync(path, 'latin1')}`)
    .join('\n');
