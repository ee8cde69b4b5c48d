/** An audit that is killed at random moments ends with the report of one that was not. */

import { beforeAll, describe, it } from 'vitest';
import { killAndFinish, undisturbed } from './killing.ts';

let expected: string;
beforeAll(async () => {
  expected = await undisturbed();
});

describe('an audit killed by SIGKILL', () => {
  it('five times, finishes with the same report, redoes nothing and leaves no orphan', async () => {
    await killAndFinish(20_220_810, 5, expected);
  }, 180_000);
});
