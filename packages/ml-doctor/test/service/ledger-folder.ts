/** A place for a ledger of trainings. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that is gone after the test. */
export const ledgerFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'mld-service-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'ledger');
};
