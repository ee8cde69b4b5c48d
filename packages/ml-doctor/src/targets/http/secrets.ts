/** Environment variables in addresses and headers: put in when something is sent, and taken out of whatever is shown. */
import { AuditError } from '../../errors.ts';

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;
/** Headers whose literal values are secrets too, wherever they come from. */
const TELLING = /auth|key|token|secret|cookie|password|signature/i;
/** Headers that say who asks and nothing else: their values change, and the model does not. */
const CREDENTIALS =
  /(^|-)(authorization|token|secret|password|signature|cookie)$|^(x-)?api-?key$|^x-(auth|goog-api|functions)-key$|^ocp-apim-subscription-key$/i;
/** So long a piece of a secret is no chance: servers like to quote the beginning of a key. */
const PIECE = 8;

export interface Secrets {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Without any secret, however the server wrote it. */
  redact(text: string): string;
}

export const isCredential = (header: string): boolean => CREDENTIALS.test(header);

export const isTelling = (header: string): boolean => TELLING.test(header);

export const hasVariable = (text: string): boolean => text.search(VARIABLE) >= 0;

/**
 * An address as it may be shown and written: variables by name, without user and password, and without a query where
 * somebody may have put a key.
 */
export const shownUrl = (template: string): string =>
  template.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1').replace(/[?#].*$/s, '');

/** @throws {AuditError} MLD_ENDPOINT_AUTH for a variable that is not set, or that no header can hold */
export const openSecrets = (
  template: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  env: Readonly<Record<string, string | undefined>>,
): Secrets => {
  const values = new Set<string>();
  const expand = (text: string, where: string, encode = (value: string, _at: number) => value): string =>
    text.replace(VARIABLE, (_, name: string, at: number) => {
      // Files with secrets end in a line break.
      const value = env[name]?.trim();
      if (value === undefined || value === '')
        throw new AuditError(
          'MLD_ENDPOINT_AUTH',
          `the environment variable ${name}, which ${where} needs, is not set`,
          `Set ${name} before the run; it is never written to any file.`,
        );
      if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
        throw new AuditError(
          'MLD_ENDPOINT_AUTH',
          `the environment variable ${name}, which ${where} needs, holds characters that cannot be sent`,
          `Set ${name} to one line of text.`,
        );
      values.add(value);
      return encode(value, at);
    });
  const query = template.url.indexOf('?');
  const url = expand(template.url, 'the address', (value, at) =>
    query >= 0 && at > query ? encodeURIComponent(value) : value,
  );
  const headers: Record<string, string> = {};
  for (const [name, text] of Object.entries(template.headers)) {
    headers[name.toLowerCase()] = expand(text, `header ${name}`);
    if (isTelling(name)) {
      values.add(text);
      // `Bearer KEY`, and the two sides of `Basic USER:PASSWORD`.
      for (const word of headers[name.toLowerCase()]!.split(/\s+/))
        if (word.length >= PIECE) values.add(word);
    }
  }
  const [, user] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)@/i.exec(url) ?? [];
  if (user !== undefined) for (const part of [user, ...user.split(':')]) if (part) values.add(part);
  return { url, headers, redact: redactor(values) };
};

const redactor = (values: ReadonlySet<string>): ((text: string) => string) => {
  const forms = new Set<string>();
  for (const value of values) {
    if (hasVariable(value)) continue;
    for (const form of [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), base64(value)])
      forms.add(form);
    const decoded = Buffer.from(value, 'base64').toString('latin1');
    if (value.length >= PIECE && /^[\x20-\x7e]+$/.test(decoded)) forms.add(decoded);
  }
  const longest = [...forms].filter((form) => form !== '').sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const form of longest) clean = clean.replaceAll(form, '***');
    for (const form of longest) clean = withoutPieces(clean, form);
    return clean;
  };
};

const base64 = (value: string): string => Buffer.from(value).toString('base64').replace(/=+$/, '');

const withoutPieces = (text: string, secret: string): string => {
  if (secret.length <= PIECE) return text;
  let out = '';
  for (let i = 0; i < text.length; ) {
    let length = 0;
    if (secret.includes(text.slice(i, i + PIECE)) && i + PIECE <= text.length) {
      length = PIECE;
      while (i + length < text.length && secret.includes(text.slice(i, i + length + 1))) length += 1;
    }
    out += length > 0 ? '***' : text[i];
    i += Math.max(1, length);
  }
  return out;
};
