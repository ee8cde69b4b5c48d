/** The contract of every architecture that learns by gradients, for 1 and 3 channels and 28, 32 and 64 pixels. */
import { describe, expect, it } from 'vitest';
import {
  buildFor,
  DIRECTIONAL_TOLERANCE,
  directionalError,
  expectFallingLoss,
  expectShape,
  networks,
} from '../../../test/models/architecture-contract.ts';

const RECORDS = 8;
/** Forms for smaller pictures stand in for them. */
const LARGE_ONLY = ['alexnet', 'vgg19'];

describe.each(networks)('$name', (architecture) => {
  it.each([1, 3].flatMap((channels) => [28, 32, 64].map((size) => [channels, size] as const)))(
    'of %d channels at %d pixels',
    async (channels, size) => {
      const recordShape = [channels, size, size];
      const model = buildFor(architecture, recordShape);
      if (!model) {
        expect(LARGE_ONLY).toContain(architecture.name);
        expect(size).toBeLessThan(64);
        return;
      }
      expectShape(model, recordShape);
      expect(await directionalError(model, RECORDS)).toBeLessThan(DIRECTIONAL_TOLERANCE);
      await expectFallingLoss(model, RECORDS);
    },
  );
});
