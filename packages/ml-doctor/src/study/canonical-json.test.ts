import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, sha256 } from './canonical-json.ts';

describe('canonicalJson', () => {
  test('writes what RFC 8785 writes', () => {
    // The example of the RFC's section 3.2.2, with its expected output.
    const value = {
      // biome-ignore lint/correctness/noPrecisionLoss: the literal is the RFC's
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test('any JSON value comes back as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // JSON.stringify turns -0 into 0, as canonical JSON does.
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 300 },
    );
  });

  test('the order in which members were set does not matter', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.infiniteStream(fc.nat()),
        (object, order) => {
          const shuffled = Object.entries(object)
            .map((entry) => [order.next().value as number, entry] as const)
            .sort(([a], [b]) => a - b)
            .map(([, entry]) => entry);
          expect(canonicalJson(Object.fromEntries(shuffled))).toBe(canonicalJson(object));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('the order of a list matters, and minus zero is zero', () => {
    expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
    expect(canonicalJson([-0])).toBe('[0]');
  });

  test('a value that occurs twice is not a cycle', () => {
    const shared = { a: 1 };
    expect(canonicalJson([shared, shared])).toBe('[{"a":1},{"a":1}]');
  });

  test.each([
    ['$.a[1]', 'NaN', { a: [0, Number.NaN] }],
    ['$', 'Infinity', Number.POSITIVE_INFINITY],
    ['$', '-Infinity', Number.NEGATIVE_INFINITY],
    ['$.a', 'undefined', { a: undefined }],
    ['$[0]', 'undefined', new Array(1)],
    ['$.b', 'bigint', { b: 1n }],
    ['$.f', 'function', { f: () => 1 }],
    ['$', 'an instance of Date', new Date(0)],
    ['$.m', 'an instance of Map', { m: new Map() }],
    ['$', 'an instance of Float32Array', new Float32Array(2)],
  ])('refuses at %s %s', (path, found, value) => {
    expect(() => canonicalJson(value)).toThrow(`internal: ${path} is ${found}, which JSON cannot hold`);
  });

  test('refuses a cycle', () => {
    const loop: { self?: unknown } = {};
    loop.self = { inner: loop };
    expect(() => canonicalJson(loop)).toThrow('$.self.inner is a reference to one of its own ancestors');
  });
});

test('sha256 gives the published digests', () => {
  // FIPS 180-4 examples: "abc" and the empty message.
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha256(new Uint8Array())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});
