/** Attribute inference from pictures in a whole audit; nightly, as decoding the faces takes most of its time. */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { attackChoice, runTiny, tinyWith } from '../../test/audit/tiny-audit.ts';
import { BASELINE } from '../evaluate/attribute/evidence.ts';

const shared = fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
const faces = existsSync(join(shared, 'utkface'));

describe('an audit of faces', () => {
  it.skipIf(!faces)(
    `guesses gender from the embedding of a classifier of races${faces ? '' : ' (skipped: no UTKFace beside this checkout)'}`,
    async () => {
      const store = mkdtempSync(join(tmpdir(), 'ml-doctor-attribute-faces-'));
      try {
        const { report } = await runTiny({
          store,
          config: tinyWith({
            attacks: [
              attackChoice('attribute/embedding'),
              attackChoice('attribute/embedding', { attribute: 'age' }),
            ],
            model: 'simple-cnn',
            data: {
              catalog: 'utkface-64px',
              split: 'ml-doctor-2022',
              recordsPerRole: 1000,
              overlap: 'allow',
            },
            training: { epochs: 10 },
          }),
          places: { dataDir: shared },
        });
        expect(report.holes).toEqual([]);
        const [gender, age] = ['gender', 'age'].map((name) =>
          report.results.find(({ attribute }) => attribute?.name === name),
        );
        expect(gender?.attribute).toMatchObject({ kind: 'binary', categories: ['male', 'female'] });
        expect(age?.attribute).toMatchObject({ kind: 'continuous' });
        for (const result of [gender, age])
          expect(result?.baselines.map(({ name }) => name)).toEqual(Object.values(BASELINE));
        // What was never asked for is in the embedding: that is what Overlearning is about.
        expect(gender?.metrics['accuracyGain']?.low).toBeGreaterThan(0.05);
        expect(age?.metrics['errorReduction']?.low).toBeGreaterThan(0);
      } finally {
        rmSync(store, { recursive: true, force: true });
      }
    },
  );
});
