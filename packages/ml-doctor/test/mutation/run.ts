/**
 * Breaks a copy of this repository in many small ways and tells which test notices each:
 * `node --import tsx --conditions=source packages/ml-doctor/test/mutation/run.ts [NAME]`, where NAME is a part of names
 * in `mutations.ts`. Exit 1 when a mutation survives, 2 when that cannot be told.
 */
import { mutations } from './mutations.ts';
import { RepositoryCopy } from './repository-copy.ts';
import { checkUnmutated, killerOf } from './try-mutation.ts';

const wanted = process.argv[2] ?? '';
const chosen = mutations.filter(({ name }) => name.includes(wanted));
const copy = new RepositoryCopy();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    copy.remove();
    process.exit(130);
  });

try {
  if (chosen.length === 0) throw new Error(`no mutation has '${wanted}' in its name`);
  await checkUnmutated(copy, chosen);
  let survivors = 0;
  for (const mutation of chosen) {
    const killer = await killerOf(copy, mutation);
    if (killer === undefined) survivors++;
    console.log(`${mutation.name}: ${killer === undefined ? 'SURVIVED' : `killed by ${killer}`}`);
  }
  console.log(`${chosen.length - survivors} of ${chosen.length} killed`);
  process.exitCode = survivors > 0 ? 1 : 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
} finally {
  copy.remove();
}
