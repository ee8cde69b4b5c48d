/** XML 1.0 that is well-formed whatever the texts are. */

export type XmlNode = XmlElement | string;

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly XmlNode[];
}

export function element(
  name: string,
  attributes: XmlElement['attributes'] = {},
  children: readonly XmlNode[] = [],
): XmlElement {
  return { name, attributes, children };
}

/** A whole document, one element a line, ending in a line feed. */
export function xmlDocument(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${print(root, '')}\n`;
}

function print({ name, attributes, children }: XmlElement, indent: string): string {
  const opening = [
    name,
    ...Object.entries(attributes).map(([key, value]) => `${key}="${xmlText(String(value))}"`),
  ].join(' ');
  if (children.length === 0) return `${indent}<${opening}/>`;
  const inner = `${indent}  `;
  // Text is put on no line of its own, as its white space would count.
  if (children.every((child) => typeof child === 'string'))
    return `${indent}<${opening}>${children.map(xmlText).join('')}</${name}>`;
  const lines = children.map((child) =>
    typeof child === 'string' ? inner + xmlText(child) : print(child, inner),
  );
  return `${indent}<${opening}>\n${lines.join('\n')}\n${indent}</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/**
 * Text for content and attributes. What XML 1.0 has no way to write (section 2.2: most control characters, halves of
 * surrogate pairs, U+FFFE and U+FFFF) is left out; white space becomes spaces, as attributes would have it.
 */
export function xmlText(text: string): string {
  return text
    .replace(/\s/g, ' ')
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '')
    .replace(/[&<>"']/g, (char) => ENTITIES[char]!);
}
