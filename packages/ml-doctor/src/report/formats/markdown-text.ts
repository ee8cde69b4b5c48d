/** GitHub-flavoured Markdown that no text from outside can break out of. */

import { printable } from '../plain-text.ts';

/**
 * Text for a line or a cell of a table. What means something to Markdown or HTML becomes a numeric character reference,
 * which is text to both. Mentions and references to issues are looked for in the finished page, where a reference would
 * be a sign again, so that a word joiner follows these signs; bare addresses get no link as their colon or dot is a reference.
 */
export function markdownText(text: string): string {
  // In one pass, so that no reference is taken for text.
  return printable(text).replace(ACTIVE, (found) => {
    if (found === '@' || found === '#') return `${reference(found)}${JOINER}`;
    if (/^gh-/i.test(found)) return `${found}${JOINER}`;
    if (/^www\./i.test(found)) return `${found.slice(0, -1)}${reference('.')}`;
    return [...found].map((char) => (/\d/.test(char) ? char : reference(char))).join('');
  });
}

/** Marks of emphasis, code, links, HTML, tables and formulas anywhere; those of lists and rules where a line begins. */
const ACTIVE = /[\\`*_[\]<>|~&$@#]|^\s*[-+](?=[-+\s]|$)|^\s*\d+[.)](?=\s|$)|:(?=\/\/)|\bwww\.|\bGH-(?=\d)/gi;

const JOINER = '&#8288;';

function reference(char: string): string {
  return char === ' ' ? char : `&#${char.codePointAt(0)};`;
}

/** A fenced block; its fence is longer than any in the text. Control characters go, line breaks stay. */
export function codeBlock(text: string, language: string): string {
  const plain = text.replace(/\r\n?|[\u2028\u2029]/g, '\n').replace(/(?!\n)\p{C}/gu, '');
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}${language}\n${plain.replace(/\n+$/, '')}\n${fence}`;
}

/** A table; every cell is made safe. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(' | ')} |`;
  return [line(header), `|${header.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}
