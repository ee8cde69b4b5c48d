/** Model-based synthesis: which records of which class Algorithm 1 is asked for, and what becomes of failures. */
import { elements } from '../../../../data/dataset.ts';
import type { ValuesInMemory } from '../../../../data/values.ts';
import { AuditError } from '../../../../errors.ts';
import type { Synthesis } from '../../membership-attack.ts';
import type { ClimbSettings } from './attempt.ts';
import { climb, type Wanted } from './climb.ts';
import { featuresOf, recordsLike } from './features.ts';
import type { MadeRecords, SynthesisInput } from './synthesise.ts';

type ModelMethod = Extract<Synthesis, { method: 'model' }>;

/** Attempts at a record before it is given up. */
export const ATTEMPTS = 5;

/** Records of each class made first: where all of them fail, no more of that class are tried. */
export const PILOTS = 5;

/** How often a record that failed is tried again, each time as one of another class. */
export const ROUNDS = 10;

/**
 * As many records of each class, the i-th of class i modulo classes. Records that cannot be made as records of their
 * class are made as records of the classes that can, in turns; when that has failed {@link ROUNDS} times, they are
 * left out.
 *
 * @throws {AuditError} MLD_ATTACK_UNSUITED for fewer than two records
 */
export const modelBased = async (method: ModelMethod, input: SynthesisInput): Promise<MadeRecords> => {
  const { data, count, classes, progress } = input;
  const features = featuresOf(data);
  const settings = settle(method, features.length, classes);
  const made: ({ readonly record: ValuesInMemory; readonly label: number } | undefined)[] = [];
  const works = new Uint8Array(classes);
  let queries = 0;
  let found = 0;
  const attempt = async (wanted: readonly Wanted[]) => {
    const base = found;
    const climbs = await climb(wanted, ATTEMPTS, settings, features, input, (more) => {
      found = base + more;
      progress(found / count);
    });
    queries += climbs.queries;
    wanted.forEach(({ slot, label }, i) => {
      const record = climbs.records[i];
      if (!record) return;
      made[slot] = { record, label };
      works[label] = 1;
    });
  };
  const slots = Array.from({ length: count }, (_, slot) => ({ slot, label: slot % classes, trials: 0 }));
  const pilots = PILOTS * classes;
  await attempt(slots.slice(0, pilots));
  await attempt(slots.slice(pilots).filter(({ label }) => works[label]));
  const able = [...works.keys()].filter((label) => works[label]);
  for (let round = 1; round <= ROUNDS && able.length > 0; round++) {
    const missing = slots.filter(({ slot }) => !made[slot]);
    await attempt(
      missing.map(({ slot }, i) => ({
        slot,
        label: able[(i + round) % able.length] as number,
        trials: round * ATTEMPTS,
      })),
    );
  }
  const records = made.filter((one) => one !== undefined);
  if (records.length < 2) throw nothingFound(settings, classes, queries);
  progress(1);
  const length = elements(data.recordShape);
  const x = recordsLike(data, records.length * length);
  records.forEach(({ record }, i) => {
    x.set(record, i * length);
  });
  const y = Int32Array.from(records, ({ label }) => label);
  return { x, y, queries, notes: notes(classes, Math.min(classes, count), able.length, count - y.length) };
};

/** Numbers for what is left to the data, and no step larger than a record. */
export const settle = (
  { kMax, kMin, minConfidence, maxRejections, maxIterations }: ModelMethod,
  features: number,
  classes: number,
): ClimbSettings => {
  const most = Math.min(features, kMax === 'auto' ? Math.max(1, Math.ceil(features / 2)) : kMax);
  return {
    kMax: most,
    kMin: Math.min(kMin, most),
    minConfidence: minConfidence === 'auto' ? Math.min(0.8, 5 / classes) : minConfidence,
    maxRejections,
    maxIterations,
  };
};

const notes = (classes: number, wanted: number, able: number, missing: number): string[] => [
  ...(able < wanted
    ? [
        `Algorithm 1 found records of ${able} of ${classes} classes only; records of those stand in for the others.`,
      ]
    : []),
  ...(missing > 0 ? [`${missing} records fewer than wanted were made: Algorithm 1 failed on them.`] : []),
];

const nothingFound = ({ minConfidence, maxIterations }: ClimbSettings, classes: number, queries: number) =>
  new AuditError(
    'MLD_ATTACK_UNSUITED',
    `model-based synthesis found no records: in ${queries} queries the target put no random record into one of ${classes} classes with a confidence above ${minConfidence}`,
    `Lower minConfidence, raise maxIterations (${maxIterations}), or choose another shadowData.`,
  );
