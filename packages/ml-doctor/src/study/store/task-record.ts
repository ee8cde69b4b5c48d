/** The record of a finished task: its JSON form, and the checks on reading it back. */

import { z } from 'zod';
import { AuditError } from '../../errors.ts';
import { canonicalJson, type Json, sha256 } from '../canonical-json.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
// JSON.parse made it, so it is JSON; checking every number of a long curve again would only take time.
const json = z.custom<Json>((value) => value !== undefined);

/** What a blob may be called: safe as a file name and as an object member. */
export const blobName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);

const blobRef = z.strictObject({ sha256: digest, bytes: z.int().min(0) });

const taskRecord = z.strictObject({
  schema: z.literal('ml-doctor/task@1'),
  key: digest,
  kind: z.string(),
  label: z.string(),
  seed: z.int().min(0),
  /** How much work it was, to estimate others like it. */
  effort: z.strictObject({ like: z.string(), units: z.number().positive() }).optional(),
  params: json,
  inputs: z.array(digest).readonly(),
  result: json,
  blobs: z.record(blobName, blobRef).readonly(),
  /** Time its handler took. */
  seconds: z.number().min(0),
  /** ISO 8601, UTC. */
  finishedAt: z.iso.datetime(),
  runtime: z.strictObject({
    node: z.string(),
    onnxruntime: z.string(),
    device: z.string(),
    threads: z.int().min(1),
    host: z.string(),
  }),
});

/** Where a blob is, and how long it is. */
export type BlobRef = Readonly<z.infer<typeof blobRef>>;

/** Everything kept of a finished task except the bytes of its blobs. */
export type TaskRecord = Readonly<z.infer<typeof taskRecord>>;

/** A member that cannot come from anywhere else: of the members before it only blobs are objects, with other contents. */
const CHECKSUM = /,"checksum":"([0-9a-f]{64})"/;

/** One line of canonical JSON that carries, as a member of its own, the SHA-256 of the line without it. */
export function encodeRecord(record: TaskRecord): string {
  const text = canonicalJson(record);
  const blobs = `{"blobs":${canonicalJson(record.blobs)}`;
  return `${blobs},"checksum":"${sha256(text)}"${text.slice(blobs.length)}\n`;
}

/**
 * @param path where the text was read, for the message.
 *
 * Throws `MLD_STORE_CORRUPT` when the text is cut short, changed by as little as one digit, or of another task.
 */
export function decodeRecord(text: string, key: string, path: string): TaskRecord {
  const { record, fault } = inspectRecord(text, key);
  if (record === undefined) throw corruptRecord(path, fault);
  return record;
}

/** A record, or what is wrong with it, to read on after its name. */
export type Inspection =
  | { readonly record: TaskRecord; readonly fault?: never; readonly unreadable?: never }
  /** `unreadable` when nothing is known of what it says: then the error that tells. */
  | { readonly record?: never; readonly fault: string; readonly unreadable?: AuditError };

/** As {@link decodeRecord}, for those who go on after a damaged record. */
export function inspectRecord(text: string, key: string): Inspection {
  if (!text.endsWith('}\n')) return { fault: 'is not whole' };
  const found = CHECKSUM.exec(text);
  // The very text is hashed, so nothing needs to be written out again to compare.
  const rest =
    found === null ? '' : text.slice(0, found.index) + text.slice(found.index + found[0].length, -1);
  if (found?.[1] !== sha256(rest)) return { fault: 'does not match its checksum' };
  const checked = taskRecord.safeParse(JSON.parse(rest));
  if (!checked.success)
    return { fault: `is not a record of this version (${z.prettifyError(checked.error)})` };
  if (checked.data.key !== key) return { fault: `belongs to task ${checked.data.key}` };
  return { record: checked.data };
}

/** The error for a record that cannot be used. */
export function corruptRecord(path: string, what: string, cause?: unknown): AuditError {
  return new AuditError(
    'MLD_STORE_CORRUPT',
    `the task record ${path} ${what}`,
    `Delete ${path} and run again: only that task is computed anew.`,
    { cause },
  );
}
