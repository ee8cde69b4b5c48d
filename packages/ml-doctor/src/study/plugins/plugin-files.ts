/** The files that a plugin consists of: itself and what it imports by relative path, and one digest of them all. */

import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { canonicalJson, sha256 } from '../canonical-json.ts';

/** Static and dynamic imports, re-exports and `require` of a relative path in quotes. */
const IMPORT = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g;

/**
 * Follows relative imports from file to file. What stands in a comment or text counts too, where such a file exists: a
 * digest may know too much, never too little. Packages and files that are read at run time are not followed.
 * @param entry absolute path
 * @returns absolute paths, the entry first
 */
export const pluginFiles = (entry: string): readonly string[] => {
  const found = new Set<string>();
  const visit = (file: string): void => {
    const real = realpathSync(file);
    if (found.has(real)) return;
    found.add(real);
    for (const [, , specifier] of readFileSync(real, 'utf8').matchAll(IMPORT)) {
      const imported = imports(dirname(real), specifier as string);
      if (imported !== undefined) visit(imported);
    }
  };
  visit(entry);
  return [...found];
};

/** As Node and tsx find a module: as written, `.js` that is `.ts`, without extension. */
const imports = (folder: string, specifier: string): string | undefined => {
  const path = join(folder, specifier.replace(/[?#].*$/, ''));
  const asTypeScript = path.replace(/\.(c|m|)js$/, '.$1ts');
  return [
    path,
    asTypeScript,
    `${path}.ts`,
    `${path}.js`,
    join(path, 'index.ts'),
    join(path, 'index.js'),
  ].find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
};

/** SHA-256 over names and contents; the same wherever the folder lies. */
export const digestOfFiles = ([entry, ...others]: readonly string[]): string => {
  const folder = dirname(entry as string);
  return sha256(
    canonicalJson(
      [entry as string, ...others]
        .map((file) => [relative(folder, file).split(sep).join('/'), sha256(readFileSync(file))] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  );
};
