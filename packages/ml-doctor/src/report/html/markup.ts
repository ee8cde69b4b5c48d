/** HTML that cannot be injected into: every value put into a template is escaped unless it is markup itself. */

/** A piece of finished markup; made by {@link html} and {@link verbatim} only. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Content = Markup | string | number | null | undefined | false | readonly Content[];

/**
 * Template tag. Strings and numbers are escaped for text and quoted attributes alike (never put one into a style, a
 * script or a URL), lists are joined, and null, undefined and false leave nothing.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(parts.reduce((text, part, i) => text + render(values[i - 1]) + part));
}

function render(content: Content): string {
  if (content instanceof Markup) return content.text;
  if (content === null || content === undefined || content === false) return '';
  if (typeof content === 'string' || typeof content === 'number') return escapeHtml(String(content));
  return content.map(render).join('');
}

/** Text that is meant to be copied: every space stays the space it is. */
export function verbatim(text: string): Markup {
  return new Markup(escapeMarkup(text));
}

/** Escapes for text and quoted attributes; drops characters HTML does not allow and keeps a number with its percent sign. */
export function escapeHtml(text: string): string {
  return escapeMarkup(text).replace(/(\d) %/g, '$1\u00a0%');
}

function escapeMarkup(text: string): string {
  return text.replace(CONTROLS, '').replace(/[&<>"'`]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** C0 and C1 controls but tab, line feed and return; the two non-characters XML refuses. */
const CONTROLS = /[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu;
