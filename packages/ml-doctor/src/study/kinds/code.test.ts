/** A stale result is reused when a kind forgets to name code its numbers come from: followed here import by import. */

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { handlers } from './handlers.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Hold no number: messages, types and refusals. */
const withoutNumbers = [
  'ml-doctor/errors',
  'ml-doctor/files/system-error',
  'ml-doctor/files/regular-file',
  'ml-doctor/files/atomic-write',
  'ml-doctor/files/temporaries',
  'ml-doctor/files/machine',
  'ml-doctor/files/file-size',
];

/** Where the file of a kind lies, if not beside the handlers. */
const ROOM: Readonly<Record<string, string>> = {
  attack: 'attack/',
  'evaluate-attribute': 'attribute/',
  'evaluate-inversion': 'inversion/',
  explain: 'factors/',
  impute: 'attribute/',
  infer: 'attribute/',
  invert: 'inversion/',
  judge: 'inversion/',
  'record-factors': 'factors/',
  'evaluate-stealing': 'stealing/',
  steal: 'stealing/',
  'steal-without-data': 'stealing/',
  'transfer-set': 'stealing/',
};

/** What a module loads at run time: `import type` and types among names aside. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^import\s+(?!type\s)([^;]*?)\s*from '([^']+)';/gm)]
    .filter(([, names = '']) => !/^\{(\s*type\s+[^,}]+,?)+\s*\}$/.test(names))
    .map(([, , specifier = '']) => specifier);
}

function reached(entry: string): Set<string> {
  const found = new Set<string>();
  const visit = (file: string) => {
    const name = `ml-doctor/${relative(root, file).replaceAll('\\', '/').replace(/\.ts$/, '')}`;
    if (found.has(name)) return;
    found.add(name);
    for (const specifier of importsOf(file)) {
      if (specifier.startsWith('.')) visit(fileURLToPath(new URL(specifier, `file://${file}`)));
      else if (specifier === 'onnx-grad') found.add('onnx-grad');
    }
  };
  visit(`${root}study/kinds/${ROOM[entry] ?? ''}${entry}.ts`);
  return found;
}

describe.each(Object.entries(handlers))('the digest of %s', (kind, { code }) => {
  it('covers every module that it loads', () => {
    const modules = [...reached(kind)].filter((name) => !withoutNumbers.includes(name));
    // What only names a model loads nothing.
    expect(modules.length).toBeGreaterThan(kind === 'connect' ? 0 : 4);
    const covered = (name: string) => code.some((entry) => name === entry || name.startsWith(`${entry}/`));
    // Evaluation and the check of a split take random streams from onnx-grad and nothing else.
    const partly = (name: string) =>
      name === 'onnx-grad' &&
      [
        'check-split',
        'compare',
        'compare-accuracy',
        'evaluate',
        'evaluate-stealing',
        'explain',
        'saved-outputs',
      ].includes(kind) &&
      code.includes('onnx-grad/random');
    expect(modules.filter((name) => !covered(name) && !partly(name))).toEqual([]);
  });
});
