import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkpointPart } from './checkpoint-part.ts';

const held = (first?: Uint8Array) => {
  let bytes = first;
  return {
    load: async () => bytes,
    save: async (next: Uint8Array) => {
      bytes = next;
    },
    seconds: 7,
  };
};

describe('checkpointPart', () => {
  it('gives each phase what it saved last, whatever the others save', async () => {
    const save = fc.tuple(fc.constantFrom('a', 'b', 'é', ''), fc.uint8Array({ maxLength: 20 }));
    await fc.assert(
      fc.asyncProperty(fc.array(save, { maxLength: 8 }), async (saves) => {
        const whole = held();
        const last = new Map<string, Uint8Array>();
        for (const [name, bytes] of saves) {
          await checkpointPart(whole, name).save(bytes);
          last.set(name, bytes);
          for (const part of ['a', 'b', 'é', '']) {
            const loaded = await checkpointPart(whole, part).load();
            expect(loaded && [...loaded]).toEqual(last.has(part) ? [...(last.get(part) ?? [])] : undefined);
          }
        }
      }),
    );
    expect(checkpointPart(held(), 'a').seconds).toBe(7);
  });

  it('finds nothing in what is no checkpoint of parts', async () => {
    const whole = held();
    await checkpointPart(whole, 'a').save(Uint8Array.of(1, 2, 3));
    const good = (await whole.load()) as Uint8Array;
    for (const bytes of [Uint8Array.of(), Uint8Array.of(10, 3, 8), good.subarray(0, 5), good.subarray(0, 15)])
      expect(await checkpointPart(held(bytes), 'a').load()).toBeUndefined();
  });
});
