/** The corpus of bad configurations. */

import type { BadInput } from './bad-input.ts';
import { BAD_NAMES } from './bad-names.ts';
import { BAD_TEXTS } from './bad-texts.ts';
import { BAD_VALUES } from './bad-values.ts';

export const BAD_INPUTS: readonly BadInput[] = [...BAD_NAMES, ...BAD_VALUES, ...BAD_TEXTS];

/** Places counted by hand: [text, place]. */
export const COUNTED: readonly (readonly [title: string, text: string, place: string])[] = [
  ['the first character', 'x', '1:1'],
  ['after CR LF', 'data: adult\r\ntarget: { train: { model: mlp } }\r\nattacks: [3]\r\n', '3:11'],
  ['after a byte order mark', '\uFEFFx: 1', '1:1'],
  [
    'after a character of two code units',
    '{name: "🎲", dta: 1, target: {train: {model: mlp}}, attacks: [membership/loss-threshold]}',
    '1:14',
  ],
  ['after characters of several bytes', 'name: "äöü", x: 1', '1:7'],
  ['in JSON indented with tabs', '{\n\t"target": {\n\t\t"train": {\n\t\t\t"model": 3\n\t\t}\n\t}\n}', '1:1'],
  ['at the end without a line feed', 'attacks: [', '1:11'],
];
