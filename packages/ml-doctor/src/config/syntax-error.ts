/** What the YAML reader finds wrong, in words for people who do not read specifications. */

import type { YAMLError } from 'yaml';
import type { AuditError } from '../errors.ts';
import type { Positions } from './positions.ts';

type Words = readonly [what: string, hint: string];

const BRACKET: Words = [
  'a list or mapping that was opened with [ or { is not closed properly',
  'Close it with ] or }, and indent its lines more than the key before it.',
];

/** Codes whose own words speak of the reader's insides. */
const WORDS: Readonly<Partial<Record<YAMLError['code'], Words>>> = {
  BLOCK_AS_IMPLICIT_KEY: [
    'a second `key: value` begins inside a value',
    'Start it on its own line, as far in as its neighbours; quote a text that holds a colon and a space.',
  ],
  MULTILINE_IMPLICIT_KEY: [
    'this line is no `key: value`',
    'Put a space after the colon, and indent neighbours alike.',
  ],
  TAB_AS_INDENT: ['a tab indents this line', 'Indent with spaces.'],
  BAD_SCALAR_START: ['a text cannot begin with this character', 'Put the text in quotes.'],
  BLOCK_IN_FLOW: [
    'a comma is missing after this value, or a list with - stands inside [ ] or { }',
    'Inside brackets put commas between entries, and write lists as [ a, b ].',
  ],
  TAG_RESOLVE_FAILED: [
    'this value carries a tag',
    'Remove the tag: a configuration holds plain texts, numbers, lists and mappings.',
  ],
  NON_STRING_KEY: ['a key must be a plain text', 'Write the key out.'],
};

export function syntaxError(
  { code, message, pos }: YAMLError,
  text: string,
  positions: Positions,
): AuditError {
  const [what, hint] = wordsFor(code, message);
  // At the end of the file the fault is after its last character, not on the empty line that follows.
  const offset = Math.min(pos[0], text.trimEnd().length);
  return positions.error(offset, what, hint);
}

function wordsFor(code: YAMLError['code'], message: string): Words {
  if (/must be sufficiently indented|must end with a/.test(message)) return BRACKET;
  const own = WORDS[code];
  if (own !== undefined) return own;
  const plain = message
    .replace(/"quote$/, '" quote')
    .replace(/\s+/g, ' ')
    .replace(/\p{C}/gu, '')
    .slice(0, 120);
  return [
    plain.charAt(0).toLowerCase() + plain.slice(1),
    'Correct the line or the one before it: indentation, brackets, commas and quotes.',
  ];
}
