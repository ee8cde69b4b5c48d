/** One spelling for every JSON value, so that equal values have equal digests. */

import { hash } from 'node:crypto';

/** A JSON value that its reader cannot change. Declare parameter types with `type`, not `interface`, to fit it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * The value as JSON text without spaces, object members sorted by UTF-16 code units, `-0` written `0`.
 *
 * Throws `internal: …` naming the path of anything JSON cannot hold exactly: NaN, infinities, undefined (also as an
 * object member or an array hole), bigint, functions, symbols, class instances, cycles.
 */
export function canonicalJson(value: unknown): string {
  return write(value, { steps: [], ancestors: [] });
}

/** Lower-case hexadecimal SHA-256; text enters as UTF-8. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/** Where the value stands that is being written: spelled out for a refusal only, as plans write millions of values. */
interface Place {
  readonly steps: (string | number)[];
  readonly ancestors: object[];
}

function write(value: unknown, place: Place): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!Number.isFinite(value)) throw refusal(place, String(value));
      return String(value);
    case 'object': {
      if (value === null) return 'null';
      const { ancestors } = place;
      if (ancestors.includes(value)) throw refusal(place, 'a reference to one of its own ancestors');
      ancestors.push(value);
      const text = Array.isArray(value) ? writeArray(value, place) : writeObject(value, place);
      ancestors.pop();
      return text;
    }
    default:
      throw refusal(place, typeof value);
  }
}

function writeArray(value: readonly unknown[], place: Place): string {
  let items = '';
  // By index, as iterators and map() disagree about holes, which must be refused.
  for (let index = 0; index < value.length; index += 1) {
    place.steps.push(index);
    items += `${index === 0 ? '' : ','}${write(value[index], place)}`;
    place.steps.pop();
  }
  return `[${items}]`;
}

function writeObject(value: object, place: Place): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    throw refusal(place, `an instance of ${value.constructor?.name ?? 'a class'}`);
  }
  let members = '';
  for (const name of Object.keys(value).sort()) {
    place.steps.push(name);
    const member = write((value as Readonly<Record<string, unknown>>)[name], place);
    members += `${members === '' ? '' : ','}${JSON.stringify(name)}:${member}`;
    place.steps.pop();
  }
  return `{${members}}`;
}

function refusal({ steps }: Place, found: string): Error {
  const path = steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return new Error(`internal: $${path} is ${found}, which JSON cannot hold`);
}
