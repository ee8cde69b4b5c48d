/**
 * What was trained at a service, and what is being trained: on disk before it is waited for, so that a run that was
 * killed waits on, and nobody pays twice. One file per training; as many files as trainings are allowed.
 */
import { createHash } from 'node:crypto';
import { link, readdir, readFile, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AuditError } from '../../errors.ts';
import { makeFolders, syncFolder, writeFileAtomically, writeSynced } from '../../files/atomic-write.ts';
import { unwritable } from '../../files/system-error.ts';
import { temporaryPath } from '../../files/temporaries.ts';
import type { ServiceChoice, TrainingData } from './service.ts';
import type { Notes } from './trainer.ts';

export interface LedgerEntry {
  /** Says service, name and data: {@link trainingKey}. */
  readonly key: string;
  /** For people. */
  readonly name: string;
  readonly label: string;
  /** `starting`: it is open whether the service has heard of it. */
  readonly state: 'starting' | 'running' | 'done' | 'failed';
  readonly job?: string;
  readonly endpoint?: string;
  readonly notes?: Notes;
  readonly reason?: string;
}

export interface Place {
  readonly number: number;
  readonly entry: LedgerEntry;
}

const FILE = /^training-(\d{5,})\.json$/;
const fileOf = (number: number): string => `training-${String(number).padStart(5, '0')}.json`;

/** Equal for the same records, classes and name at the same service with the same settings. */
export const trainingKey = (
  { kind, url, settings }: ServiceChoice,
  name: string,
  data: TrainingData,
): string => {
  const { recordShape, classes, labels, values } = data;
  const hash = createHash('sha256');
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  hash.update(JSON.stringify([kind, url, sorted, name, recordShape, classes, labels.length]));
  for (const part of [labels, values])
    hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  return hash.digest('hex');
};

const current =
  (key: string) =>
  ({ entry }: Place): boolean =>
    entry.key === key && entry.state !== 'failed';

export class TrainingLedger {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The place of the training with this key, from an earlier run, or a new one with state `starting`. A training that
   * failed keeps its place, and the next attempt gets another.
   *
   * @throws {AuditError} MLD_BUDGET when all `limit` places are taken; MLD_STORE_CORRUPT; MLD_OUTPUT_UNWRITABLE
   */
  async take(key: string, name: string, limit: number): Promise<Place & { readonly again: boolean }> {
    const taken = await this.#places();
    const known = taken.find(current(key));
    if (known !== undefined) return { ...known, again: true };
    const used = new Set(taken.map(({ number }) => number));
    for (let number = 1; number <= limit; number++) {
      if (used.has(number)) continue;
      const label = `mld-${key.slice(0, 32)}-${number}`;
      const entry: LedgerEntry = { key, name, label, state: 'starting' };
      if (await this.#claim(number, entry)) return { number, entry, again: false };
      // Another process was faster; perhaps for the same training.
      const theirs = await this.#read(number);
      if (theirs?.key === key) return { number, entry: theirs, again: true };
    }
    throw new AuditError(
      'MLD_BUDGET',
      `"${name}" would be training ${limit + 1} at the service; ${limit} ${limit === 1 ? 'is' : 'are'} allowed and all are used`,
      'Allow more trainings, or ask for fewer shadow models.',
    );
  }

  /** The entry of this key that has not failed, if any. @throws {AuditError} MLD_STORE_CORRUPT */
  async find(key: string): Promise<LedgerEntry | undefined> {
    return (await this.#places()).find(current(key))?.entry;
  }

  async write({ number, entry }: Place): Promise<void> {
    await writeFileAtomically(join(this.#folder, fileOf(number)), `${JSON.stringify(entry, null, 2)}\n`);
  }

  /** For a training that was never started. */
  async free({ number }: Place): Promise<void> {
    await rm(join(this.#folder, fileOf(number)), { force: true });
  }

  /** False when the place is taken. */
  async #claim(number: number, entry: LedgerEntry): Promise<boolean> {
    const path = join(this.#folder, fileOf(number));
    const temporary = temporaryPath(this.#folder);
    try {
      await makeFolders(this.#folder);
      await writeSynced(temporary, `${JSON.stringify(entry, null, 2)}\n`);
      // Unlike a rename this fails where a file is: of two processes one gets the place.
      const claimed = await link(temporary, path).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'EEXIST') return false;
          throw error;
        },
      );
      await syncFolder(this.#folder);
      return claimed;
    } catch (error) {
      throw unwritable(path, error);
    } finally {
      await unlink(temporary).catch(() => undefined);
    }
  }

  async #places(): Promise<readonly Place[]> {
    const names = await readdir(this.#folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw unwritable(this.#folder, error);
    });
    const places: Place[] = [];
    for (const name of names.sort()) {
      const [, number] = FILE.exec(name) ?? [];
      if (number === undefined) continue;
      const entry = await this.#read(Number(number));
      if (entry !== undefined) places.push({ number: Number(number), entry });
    }
    return places;
  }

  async #read(number: number): Promise<LedgerEntry | undefined> {
    const path = join(this.#folder, fileOf(number));
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw unwritable(path, error);
    });
    if (text === undefined) return undefined;
    const entry = entryFrom(text);
    if (entry === undefined)
      throw new AuditError(
        'MLD_STORE_CORRUPT',
        `${path} is damaged; it says which training at the service was paid for`,
        'Restore the file, or delete it: its training is then paid for again.',
      );
    return entry;
  }
}

const STATES: readonly string[] = ['starting', 'running', 'done', 'failed'];

const entryFrom = (text: string): LedgerEntry | undefined => {
  try {
    const entry = JSON.parse(text) as LedgerEntry;
    const whole =
      [entry.key, entry.name, entry.label].every((field) => typeof field === 'string') &&
      STATES.includes(entry.state) &&
      (entry.state !== 'done' || typeof entry.endpoint === 'string') &&
      (entry.state === 'starting' || entry.state === 'failed' || typeof entry.job === 'string');
    return whole ? entry : undefined;
  } catch {
    return undefined;
  }
};
