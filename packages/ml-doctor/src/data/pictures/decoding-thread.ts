/** Entry point of a thread that decodes pictures: takes some at a time until none is left. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { elements } from '../dataset.ts';
import { loadSharp } from '../formats/jpeg.ts';
import { CONTROL, type DecodingJob, type Fault, stopBefore } from './decoding-job.ts';
import { BrokenPicture, PictureBytes } from './picture-bytes.ts';
import { MAX_PIXELS, type PictureDecoder, pictureDecoder } from './picture-decoder.ts';
import { turboDecoder } from './turbo-decoder.ts';

/** Pictures that a thread has in hand: while the library works at one, this thread sees to the others. */
const IN_HAND = 4;

const job = workerData as DecodingJob;
const { control, shape, published, output, chunk } = job;
const length = elements(shape);

const sharp = await loadSharp();
// No picture comes twice.
sharp.cache(false);
await decodeAll(pictureDecoder(sharp, await turboDecoder(MAX_PIXELS), shape, published));

async function decodeAll(decode: PictureDecoder): Promise<void> {
  const bytes = new PictureBytes(job);
  const toFile = typeof output === 'string';
  const descriptor = toFile ? openSync(output, 'r+') : -1;
  const target = toFile ? new Uint8Array(chunk * length) : new Uint8Array(output);
  try {
    for (;;) {
      const first = Atomics.add(control, CONTROL.next, chunk);
      const end = () => Math.min(first + chunk, Atomics.load(control, CONTROL.end));
      if (first >= end()) return;
      if (toFile) target.fill(0);
      const base = toFile ? first : 0;
      let next = first;
      const work = async () => {
        while (next < end()) {
          const picture = next++;
          try {
            await decode(bytes.of(picture), target, (picture - base) * length);
          } catch (error) {
            tell(picture, error);
          }
          Atomics.add(control, CONTROL.done, 1);
        }
      };
      await Promise.all(Array.from({ length: Math.min(IN_HAND, chunk) }, work));
      if (toFile) write(descriptor, target.subarray(0, Math.max(0, end() - first) * length), first);
    }
  } finally {
    bytes.close();
    if (toFile) closeSync(descriptor);
  }
}

function write(descriptor: number, bytes: Uint8Array, first: number): void {
  try {
    for (let done = 0; done < bytes.length; )
      done += writeSync(descriptor, bytes, done, bytes.length - done, first * length + done);
  } catch (error) {
    post({ picture: first, kind: 'unwritable', what: '', ...codeOf(error) });
    stopBefore(control, first);
  }
}

function tell(picture: number, error: unknown): void {
  const broken = error instanceof BrokenPicture;
  const { code } = codeOf(error);
  // A fault of ours ends the thread, and is told of as it is.
  if (!broken && code === undefined) throw error;
  if (!(broken && job.skipBroken)) stopBefore(control, picture);
  if (broken) post({ picture, kind: 'broken', what: error.message });
  else post({ picture, kind: 'unreadable', what: '', ...codeOf(error) });
}

function codeOf(error: unknown): { readonly code?: string } {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return typeof code === 'string' ? { code } : {};
}

function post(fault: Fault): void {
  (parentPort as MessagePort).postMessage(fault);
}
