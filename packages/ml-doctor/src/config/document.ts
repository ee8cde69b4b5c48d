/** Text in YAML 1.2, of which JSON is a part, to values with their places. */

import { Composer, type CST, type Document, isScalar, Parser } from 'yaml';
import { MAX_DEPTH, type PlacedValue, placedValue } from './placed-value.ts';
import type { Positions } from './positions.ts';
import { syntaxError } from './syntax-error.ts';

/** In UTF-16 code units. Reading takes some seconds per million, and a study of 100,000 tasks fits into a thousand. */
export const MAX_LENGTH = 1 << 19;

/** @throws {AuditError} MLD_CONFIG at the first thing that is no YAML or could be read in two ways */
export function readDocument(text: string, positions: Positions): PlacedValue {
  if (text.length > MAX_LENGTH)
    throw positions.error(
      0,
      `a configuration has at most ${MAX_LENGTH} characters, this file ${text.length}`,
      'Check that this is the configuration and not data.',
    );
  refuseControlCharacters(text, positions);
  const tokens = [...new Parser().parse(text)];
  // The composer recurses, so its input is measured first: an exhausted stack can end the process, not only throw.
  for (const token of tokens) refuseDepth(token, positions);
  const composer = new Composer({ stringKeys: true, uniqueKeys: false });
  const [first, second] = composer.compose(tokens, true, text.length);
  const document = first as Document.Parsed;
  const [fault] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (fault !== undefined) throw syntaxError(fault, text, positions);
  if (second !== undefined)
    throw positions.error(
      second.range[0],
      'a second document begins here',
      'Keep one configuration in a file; remove the line "---" and what does not belong.',
    );
  const version = document.directives.yaml;
  if (version.explicit === true && version.version !== '1.2')
    throw positions.error(
      0,
      `the file asks for YAML ${version.version}`,
      'Remove its line %YAML: a configuration is YAML 1.2, where yes and no are words.',
    );
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.source === ''))
    throw positions.error(
      0,
      text.trim() === '' ? 'the file is empty' : 'the file says nothing',
      'Write a configuration; `ml-doctor init` makes one to start from.',
    );
  return placedValue(contents, positions);
}

function refuseControlCharacters(text: string, positions: Positions): void {
  const found = /(?![\t\n\r])\p{Cc}|\r(?!\n)/u.exec(text);
  if (found === null) return;
  const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  throw positions.error(
    found.index,
    `the control character U+${code} stands here`,
    'Save the file as plain text in UTF-8, its lines ending in LF or CR LF.',
  );
}

function refuseDepth(root: CST.Token, positions: Positions): void {
  const open: [token: CST.Token | null | undefined, depth: number][] = [[root, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [token, depth] = next;
    if (!token) continue;
    if (depth > MAX_DEPTH)
      throw positions.error(
        token.offset,
        'values are nested too deeply',
        `Keep to ${MAX_DEPTH} levels; a configuration needs fewer than ten.`,
      );
    if ('value' in token && token.type === 'document') open.push([token.value, depth + 1]);
    if ('items' in token)
      for (const item of token.items) open.push([item.key, depth + 1], [item.value, depth + 1]);
  }
}
