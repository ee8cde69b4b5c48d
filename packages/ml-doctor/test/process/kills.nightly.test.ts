/** Two hundred kills, in forty audits, at moments never tried before. */

import { beforeAll, describe, it } from 'vitest';
import { killAndFinish, undisturbed } from './killing.ts';

const AUDITS = 40;
const KILLS = 5;

let expected: string;
beforeAll(async () => {
  expected = await undisturbed();
});

describe('audits killed by SIGKILL', () => {
  const first = Date.now();
  it.each(Array.from({ length: AUDITS }, (_, i) => first + i))(
    `five times each, seed %d`,
    async (seed) => killAndFinish(seed, KILLS, expected),
    600_000,
  );
});
