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

/** One line of JSON that carries a checksum of the rest. */
export function encodeRecord(record: TaskRecord): string {
  return `${canonicalJson({ ...record, checksum: sha256(canonicalJson(record)) })}\n`;
}

/**
 * @param path where the text was read, for the message.
 *
 * Throws `MLD_STORE_CORRUPT` when the text is cut short, changed by as little as one digit, or of another task.
 */
export function decodeRecord(text: string, key: string, path: string): TaskRecord {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw corruptRecord(path, 'is not whole');
  }
  const { checksum, ...rest } = (parsed ?? {}) as { readonly checksum?: unknown };
  if (checksum !== sha256(canonicalJson(rest))) throw corruptRecord(path, 'does not match its checksum');
  const checked = taskRecord.safeParse(rest);
  if (!checked.success)
    throw corruptRecord(path, `is not a record of this version (${z.prettifyError(checked.error)})`);
  if (checked.data.key !== key) throw corruptRecord(path, `belongs to task ${checked.data.key}`);
  return checked.data;
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
