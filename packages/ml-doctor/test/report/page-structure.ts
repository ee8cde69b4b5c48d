/** For tests of pages: the tags of a page, and text that would like to become one. */

import fc from 'fast-check';

const VOID = new Set(['meta', 'img', 'br', 'wbr', 'line', 'rect', 'circle', 'path']);

/** Opening and closing tags with attribute names, in order; throws where the page is not well-formed. */
export function structureOf(page: string): string[] {
  const open: string[] = [];
  const structure: string[] = [];
  const body = page.replace(/<style>[^<]*<\/style>/, '<style></style>').replace('<!doctype html>', '');
  for (const [tag] of body.matchAll(/<[^>]*>?/g)) {
    const parsed = /^<(\/?)([A-Za-z][A-Za-z0-9]*)((?:\s+[A-Za-z][\w:-]*(?:="[^"<>]*")?)*)\s*(\/?)>$/.exec(
      tag,
    );
    if (parsed === null) throw new Error(`malformed tag ${tag.slice(0, 200)}`);
    const [, closing, name = '', attributes = '', selfClosing] = parsed;
    if (closing === '/') {
      if (open.pop() !== name) throw new Error(`unexpected </${name}>`);
    } else if (selfClosing !== '/' && !VOID.has(name)) open.push(name);
    structure.push(
      `${closing}${name} ${attributes
        .replace(/="[^"]*"/g, '')
        .trim()
        .split(/\s+/)
        .join()}`,
    );
  }
  if (open.length > 0) throw new Error(`unclosed ${open.join()}`);
  if (/&(?!#\d+;)/.test(body)) throw new Error('a bare ampersand');
  return structure;
}

/** From the heading of that name to the next one of its kind; throws where there is none. */
export function sectionOf(page: string, title: string): string {
  const from = page.indexOf(`>${title}</h2>`);
  if (from === -1) throw new Error(`no section ${title}`);
  const to = page.indexOf('<h2', from);
  return page.slice(from, to === -1 ? undefined : to);
}

/** Text that breaks out of markup that is not escaped. */
export const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        "' onload='x",
        '</style><b>',
        '<!--',
        '&lt;',
        ']]>',
        '\u0000',
        '\u001b[2J',
        '</svg>',
      ),
      fc.string({ unit: 'binary' }),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => `t${parts.join('')}`);
