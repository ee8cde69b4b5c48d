/** Every bad input of the corpus is refused once, at its place, in words that help. */

import { describe, expect, it } from 'vitest';
import { BAD_INPUTS, COUNTED } from '../../test/config/bad-inputs.ts';
import { AuditError } from '../errors.ts';
import { parseConfig } from './load-config.ts';

const errorOf = (text: string): AuditError => {
  try {
    parseConfig(text, 'conf/audit.yaml');
  } catch (error) {
    if (error instanceof AuditError) return error;
    throw error;
  }
  throw new Error(`accepted: ${text.slice(0, 500)}`);
};

/** By counting characters one at a time. */
const placeOfMark = (text: string): string => {
  let [line, column] = [1, 1];
  for (const character of text.slice(0, text.indexOf('▸')).split('')) {
    if (character === '\n') [line, column] = [line + 1, 1];
    else column++;
  }
  return `${line}:${column}`;
};

describe('a bad configuration', () => {
  it.each(BAD_INPUTS.map((input) => [input.title, input] as const))('with %s', (_, input) => {
    const error = errorOf(input.text.replace('▸', ''));
    const shown = `${error.code} ${error.message} | ${error.hint}`;
    if (input.text.includes('▸')) expect(shown).toContain(`conf/audit.yaml:${placeOfMark(input.text)}: `);
    expect(error.code).toBe(input.code ?? 'MLD_CONFIG');
    for (const part of input.says) expect(error.message).toContain(part);
    for (const part of input.hints) expect(error.hint).toContain(part);
    expect(shown).not.toMatch(/[\p{Cc}\p{Bidi_C}]|undefined|\[object/u);
    expect(shown.length).toBeLessThan(400);
    expect(error.hint).toMatch(/[.?]$/);
  });

  it.each(COUNTED)('is wrong at %s', (_, text, place) => {
    expect(errorOf(text).message).toMatch(new RegExp(`^conf/audit\\.yaml:${place}: `));
  });

  it('is told of its first problem in the order of the file, and how many there are', () => {
    const text = 'seed: -1\ndata: adlut\ntarget: { train: { model: mlp, epochs: 0 } }\nattacks: [a, b]\n';
    const { message } = errorOf(text);
    expect(message).toMatch(/^conf\/audit\.yaml:1:7: seed must be .* \(and 4 more problems\)$/);
    const reordered = text.split('\n').slice(1).concat('seed: -1').join('\n');
    expect(errorOf(reordered).message).toMatch(/audit\.yaml:1:7: there is no data set "adlut" \(and 4 more/);
  });

  it('is not told that a key is missing which is there with a typing error', () => {
    const { message, hint } = errorOf('dta: adult\ntarget: { train: { model: mlp } }\nattackss: [x]\n');
    expect(message).toMatch(/:1:1: unknown key "dta" at the top \(and 1 more problem\)$/);
    expect(hint).toBe('Did you mean "data"?');
  });
});
