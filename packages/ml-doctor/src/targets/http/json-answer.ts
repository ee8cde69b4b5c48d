/** The text of a response as JSON, with words for what is none. */
import { answerFault } from './faults.ts';

/** Answers of models are flat; deeper ones are there to exhaust whoever walks them. */
const MOST_DEPTH = 64;

/** Something of a response, short and without secrets, for a message. */
export type Quote = (text: string) => string;

/** @throws {AuditError} MLD_ENDPOINT_ANSWER */
export const parseAnswer = (text: string, quote: Quote): unknown => {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') throw answerFault('answered with an empty body');
  if (trimmed.startsWith('<'))
    throw answerFault(
      `answered with HTML or XML instead of JSON: ${quote(trimmed)}`,
      'Give the address of the prediction itself; a web page often means a login or a proxy in between.',
    );
  if (deeperThan(trimmed, MOST_DEPTH))
    throw answerFault(`answered with JSON nested more than ${MOST_DEPTH} deep`);
  try {
    return JSON.parse(trimmed);
  } catch {
    // Python writes these words, which no JSON has.
    if (/[[:,\s-](?:NaN|Infinity)\s*[\],}]/.test(trimmed))
      throw answerFault(
        `answered with NaN or Infinity: ${quote(trimmed.slice(Math.max(0, trimmed.search(/NaN|Infinity/) - 40)))}`,
        'Find out which input makes the model answer so; a posterior is a number from 0 to 1.',
      );
    throw answerFault(`answered with what is no JSON: ${quote(trimmed)}`);
  }
};

const deeperThan = (text: string, most: number): boolean => {
  let depth = 0;
  let inside = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inside) {
      if (c === 0x5c) i += 1;
      else if (c === 0x22) inside = false;
    } else if (c === 0x22) inside = true;
    else if (c === 0x5b || c === 0x7b) {
      depth += 1;
      if (depth > most) return true;
    } else if (c === 0x5d || c === 0x7d) depth -= 1;
  }
  return false;
};
