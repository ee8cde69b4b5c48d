/** Values and places of a configuration as people read them in a message: one line, short, nothing that steers a terminal. */

import type { ConfigPath } from './config.ts';

const MAX_SHOWN = 60;

/** Enough of a long text to show its beginning; the rest need not be looked at. */
const MAX_READ = 1000;

/** The value as JSON, or as it is `written` in the file where that says more (`.inf`, 0x10); cut to 60 characters. */
export function shownValue(value: unknown, written?: string): string {
  if (value === null) return written === undefined || written === '' ? 'empty' : clean(written);
  if (typeof value === 'number') return clean(written ?? String(value));
  if (typeof value === 'string') return clean(quoted(value));
  return clean(json(value, MAX_SHOWN));
}

/** `attacks[1].membership/loss-threshold.epochs`. */
export function shownPath(path: ConfigPath): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return clean(text.replace(/^\./, ''), MAX_SHOWN * 2);
}

/** Like JSON.stringify, but stops when there is more than anyone will see. */
function json(value: unknown, room: number): string {
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? quoted(value) : String(value);
  const isList = Array.isArray(value);
  const parts: string[] = [];
  let used = 0;
  for (const key of Object.keys(value)) {
    if (used > room) break;
    const item = json((value as Readonly<Record<string, unknown>>)[key], room - used);
    const part = isList ? item : `${quoted(key)}: ${item}`;
    parts.push(part);
    used += part.length + 2;
  }
  return isList ? `[${parts.join(', ')}]` : `{${parts.join(', ')}}`;
}

/** Line breaks stay, as `\\n`. */
const quoted = (text: string): string => JSON.stringify(text.slice(0, MAX_READ).replace(/(?!\s)\p{C}/gu, ''));

function clean(text: string, most = MAX_SHOWN): string {
  // Characters, not code units, so that no pair is cut in two.
  const characters = Array.from(text.slice(0, MAX_READ).replace(/\s+/g, ' ').replace(/\p{C}/gu, ''));
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`;
}
