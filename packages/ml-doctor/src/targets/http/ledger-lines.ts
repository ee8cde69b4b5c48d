/** The lines of a ledger: one JSON object each, after eight digits of its checksum. */
import { createHash } from 'node:crypto';
import { AuditError } from '../../errors.ts';

export type Entry =
  /** So many records are about to be sent. */
  | { readonly sent: number }
  /** What a target (`of`) answered about an input (`key`): float32, little-endian, as base64. */
  | { readonly of: string; readonly key: string; readonly row: string }
  /** Inputs that were asked about again, and how much the answers differed. */
  | { readonly of: string; readonly asked: number; readonly differing: number; readonly largest: number }
  /** The first line. */
  | { readonly ledger: 1 };

export const toLine = (entry: Entry): string => {
  const text = JSON.stringify(entry);
  return `${checksum(text)} ${text}\n`;
};

/**
 * @param line without its line break
 * @throws {AuditError} MLD_STORE_CORRUPT
 */
export const fromLine = (line: string, number: number, path: string): Entry => {
  const text = line.slice(9);
  if (line[8] !== ' ' || checksum(text) !== line.slice(0, 8))
    throw damaged(path, `line ${number} is not as it was written`);
  const entry = JSON.parse(text) as Entry;
  if ((number === 1) !== 'ledger' in entry || ('ledger' in entry && entry.ledger !== 1))
    throw damaged(path, 'it is no ledger of this version');
  return entry;
};

export const damaged = (path: string, what: string): AuditError =>
  new AuditError(
    'MLD_STORE_CORRUPT',
    `the ledger ${path} is damaged: ${what}`,
    'Restore the file from a copy, or move it away: then everything in it is asked, and paid, again.',
  );

export const packRow = (row: Float32Array): string => {
  const bytes = Buffer.allocUnsafe(4 * row.length);
  row.forEach((value, i) => {
    bytes.writeFloatLE(value, 4 * i);
  });
  return bytes.toString('base64');
};

export const unpackRow = (text: string): Float32Array => {
  const bytes = Buffer.from(text, 'base64');
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => bytes.readFloatLE(4 * i));
};

const checksum = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
