/** Takes out of a store what a check found damaged, so that the next run computes it anew. */

import { blobFault } from './blob-fault.ts';
import { filesOf, damagedPictures as findDamagedPictures } from './decoded.ts';
import type { FolderStore } from './folder-store.ts';
import { removeEach, removeFiles, removeUnusableRecords } from './remove.ts';
import { startTidying, storeBusy, type Waiting } from './sessions.ts';
import { removeIf } from './take-aside.ts';
import type { Tally } from './tally.ts';
import type { StoreCheck } from './verify.ts';

/** What went. */
export interface Repair {
  /** Records that cannot be used, or that refer to a blob which is missing or damaged. */
  readonly records: Tally;
  readonly blobs: Tally;
  /** Files of decoded pictures. */
  readonly pictures: Tally;
}

/**
 * Looks again at each thing before deleting it: what has been written anew since the check stays. Blobs that no record
 * refers to any more are left to `gcStore`. Throws `MLD_STORE_BUSY` when others are at work on the store,
 * `MLD_OUTPUT_UNWRITABLE`, and the signal's reason.
 */
export async function repairStore(
  store: FolderStore,
  { damagedRecords, damagedBlobs, damagedPictures }: StoreCheck,
  waiting: Waiting = {},
): Promise<Repair> {
  const { signal } = waiting;
  const session = await startTidying(store.folder, waiting);
  try {
    const [user] = session.users;
    if (user !== undefined) throw storeBusy(store.folder, user, 'nothing can be repaired now');
    const blobs = await removeEach(
      damagedBlobs,
      ({ path, sha256 }) => removeIf(path, async (aside) => (await blobFault(aside, sha256)) !== undefined),
      signal,
    );
    // With those blobs gone, the records that refer to them are unusable.
    const users = damagedBlobs.flatMap(({ neededBy }) => neededBy.map(({ key }) => key));
    const keys = new Set([...damagedRecords.map(({ key }) => key), ...users]);
    const records = await removeUnusableRecords(store, [...keys], signal);
    const still = damagedPictures.length > 0 ? await findDamagedPictures(store.folder, { signal }) : [];
    const pictures = await removeFiles(
      still.flatMap(({ path }) => filesOf(path)),
      signal,
    );
    return { records, blobs, pictures };
  } finally {
    await session.close();
  }
}
