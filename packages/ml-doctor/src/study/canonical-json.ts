/** One spelling for every JSON value, so that equal values have equal digests. */

import { createHash } from 'node:crypto';

/** A JSON value that its reader cannot change. Declare parameter types with `type`, not `interface`, to fit it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * The value as JSON text without spaces, object members sorted by UTF-16 code units, `-0` written `0`.
 *
 * Throws `internal: …` naming the path of anything JSON cannot hold exactly: NaN, infinities, undefined (also as an
 * object member or an array hole), bigint, functions, symbols, class instances, cycles.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$', []);
}

/** Lower-case hexadecimal SHA-256; text enters as UTF-8. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function write(value: unknown, path: string, ancestors: object[]): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw refusal(path, String(value));
      return JSON.stringify(value);
    case 'object':
      if (value === null) return 'null';
      if (ancestors.includes(value)) throw refusal(path, 'a reference to one of its own ancestors');
      ancestors.push(value);
      try {
        return Array.isArray(value)
          ? writeArray(value, path, ancestors)
          : writeObject(value, path, ancestors);
      } finally {
        ancestors.pop();
      }
    default:
      throw refusal(path, typeof value);
  }
}

function writeArray(value: readonly unknown[], path: string, ancestors: object[]): string {
  // Array.from visits holes, which map() would skip.
  return `[${Array.from(value, (item, index) => write(item, `${path}[${index}]`, ancestors)).join(',')}]`;
}

function writeObject(value: object, path: string, ancestors: object[]): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    throw refusal(path, `an instance of ${value.constructor?.name ?? 'a class'}`);
  }
  const members = Object.keys(value)
    .sort()
    .map((name) => {
      const member = (value as Readonly<Record<string, unknown>>)[name];
      return `${JSON.stringify(name)}:${write(member, `${path}.${name}`, ancestors)}`;
    });
  return `{${members.join(',')}}`;
}

function refusal(path: string, found: string): Error {
  return new Error(`internal: ${path} is ${found}, which JSON cannot hold`);
}
