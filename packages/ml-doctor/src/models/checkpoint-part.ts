/** One checkpoint for a training of several phases: each phase has a part of it to itself. */
import type { TrainingCheckpoint } from './train-on.ts';

/**
 * The part of a checkpoint that belongs to one phase. The others stay as they are when it is saved, so that a phase
 * that is over need not be run again: its last state is where it goes on from.
 */
export const checkpointPart = (whole: TrainingCheckpoint, name: string): TrainingCheckpoint => ({
  seconds: whole.seconds,
  load: async () => partsOf(await whole.load()).get(name),
  save: async (bytes) => {
    const parts = partsOf(await whole.load());
    await whole.save(joined(new Map([...parts, [name, bytes]])));
  },
});

/** Marks a checkpoint of parts; a plain one begins with other bytes. */
const MAGIC = 'MLDPARTS';
/** Magic, then the length of the table of contents. */
const HEAD = MAGIC.length + 4;

/** The table of contents is JSON, `[name, length][]`; the parts follow in its order. */
const joined = (parts: ReadonlyMap<string, Uint8Array>): Uint8Array => {
  const contents = Buffer.from(JSON.stringify([...parts].map(([name, bytes]) => [name, bytes.length])));
  const head = Buffer.alloc(HEAD);
  head.write(MAGIC, 'latin1');
  head.writeUInt32LE(contents.length, MAGIC.length);
  return Buffer.concat([head, contents, ...parts.values()]);
};

/** None of what is no checkpoint of parts: another training's is no help, and is ignored. */
const partsOf = (bytes: Uint8Array | undefined): ReadonlyMap<string, Uint8Array> => {
  const file = Buffer.from(bytes ?? []);
  if (file.length < HEAD || file.toString('latin1', 0, MAGIC.length) !== MAGIC) return new Map();
  let end = HEAD + file.readUInt32LE(MAGIC.length);
  const contents = lengthsIn(file.toString('utf8', HEAD, end));
  return new Map(
    contents.map(([name, length]) => {
      const start = end;
      end += length;
      return [name, file.subarray(start, end)];
    }),
  );
};

/** None where the text is damaged. A part that is cut short is refused by who goes on from it. */
const lengthsIn = (contents: string): readonly (readonly [string, number])[] => {
  try {
    return JSON.parse(contents);
  } catch {
    return [];
  }
};
