/** The contract of every architecture that learns by gradients, at the smallest pictures each takes; more at night. */
import { describe, expect, it } from 'vitest';
import {
  buildFor,
  DIRECTIONAL_TOLERANCE,
  directionalError,
  expectFallingLoss,
  expectShape,
  isHeavy,
  networks,
} from '../../../test/models/architecture-contract.ts';

const RECORDS = 4;

describe.each(networks.filter((one) => !isHeavy(one)))('$name', (architecture) => {
  const sizes = [16, 28, 32, 64];
  const size = sizes.find((pixels) => buildFor(architecture, [3, pixels, pixels])) as number;

  it.each([1, 3])('takes pictures of %d channels', (channels) => {
    for (const pixels of [28, 32, 64]) {
      const recordShape = [channels, pixels, pixels];
      const model = buildFor(architecture, recordShape);
      expect(model !== undefined).toBe(pixels >= size);
      if (model) expectShape(model, recordShape);
    }
  });

  it('has the gradients that differences of its loss say', async () => {
    const model = buildFor(architecture, [3, size, size])!;
    expect(await directionalError(model, RECORDS)).toBeLessThan(DIRECTIONAL_TOLERANCE);
  });

  it('learns a batch', async () => {
    await expectFallingLoss(buildFor(architecture, [1, size, size])!, RECORDS);
  });
});
