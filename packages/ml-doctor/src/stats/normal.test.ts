import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erf, erfc, erfcx } from './error-function.ts';
import { normalCdf, normalLogCdf, normalLogPdf, normalQuantile } from './normal.ts';

/** Expected values were computed with 50 decimal digits by another program (mpmath). */
function expectRelative(found: number, expected: number, tolerance = 1e-15): void {
  expect(Math.abs(found - expected), `${found} for ${expected}`).toBeLessThanOrEqual(
    tolerance * Math.abs(expected),
  );
}

describe('erf, erfc, erfcx', () => {
  it.each([
    [0.4, 0.42839235504666845, 0.5716076449533315, 0.6707877852947616],
    [0.5, 0.5204998778130465, 0.4795001221869535, 0.6156903441929259],
    [1, 0.8427007929497149, 0.15729920705028513, 0.427583576155807],
    [2.5, 0.999593047982555, 0.0004069520174449589, 0.2108063640611436],
    [6, 1.0, 2.1519736712498913e-17, 0.09277656780053835],
    [20, 1, 5.395865611607901e-176, 0.02817434874105132],
    [26, 1, 5.663192408856143e-296, 0.021683584850562907],
  ])('are right at %d', (x, e, c, cx) => {
    expectRelative(erf(x), e);
    expectRelative(erf(-x), -e);
    expectRelative(erfc(x), c);
    expectRelative(erfc(-x), 1 + e);
    expectRelative(erfcx(x), cx);
  });

  it('reach their limits', () => {
    expect([erf(0), erfc(0), erfcx(0)]).toEqual([0, 1, expect.closeTo(1, 15)]);
    expect([erf(Infinity), erfc(Infinity), erfc(-Infinity), erfcx(Infinity)]).toEqual([1, 0, 2, 0]);
    expectRelative(erfcx(1e100), 1e-100 / Math.sqrt(Math.PI));
  });
});

describe('normalCdf and normalLogCdf', () => {
  it.each([
    [-37, 5.725571222524577e-300],
    [-20, 2.7536241186062337e-89],
    [-8, 6.220960574271784e-16],
    [-3, 0.0013498980316300946],
    [-1, 0.15865525393145705],
    [0, 0.5],
    [0.25, 0.5987063256829237],
    [2, 0.9772498680518208],
  ])('P(Z ≤ %d)', (x, expected) => expectRelative(normalCdf(x), expected));

  it.each([
    [-1e10, -5e19],
    [-1000, -500007.8266948122],
    [-100, -5005.524208694205],
    [-40, -804.6084420137538],
    [-5, -15.064998393988725],
    [-0.5, -1.1759117615936185],
    [0.5, -0.3689464152886564],
    [3, -0.0013508099647481938],
    [8, -6.220960574271786e-16],
  ])('log P(Z ≤ %d)', (x, expected) => expectRelative(normalLogCdf(x), expected));

  it('has the density as its derivative', () => {
    for (const x of [-6, -2, -0.3, 0, 0.7, 3]) {
      const h = 1e-5;
      const slope = (normalCdf(x + h) - normalCdf(x - h)) / (2 * h);
      expectRelative(slope, Math.exp(normalLogPdf(x)), 2e-8);
    }
  });
});

describe('normalQuantile', () => {
  it.each([
    [0.975, 1.959963984540054],
    [0.025, -1.9599639845400543],
    [0.995, 2.5758293035489004],
    [0.9999, 3.719016485455709],
    [1e-300, -37.0470962993612],
    [5e-324, -38.467405617144344],
    [0.4999999999, -2.506628482030354e-10],
  ])('of %d', (p, expected) => expectRelative(normalQuantile(p), expected, 3e-16));

  it('is exact in the middle and open at the ends', () => {
    expect([0, 0.5, 1].map(normalQuantile)).toEqual([-Infinity, 0, Infinity]);
    expect([-0.1, 1.1, NaN].map(normalQuantile)).toEqual([NaN, NaN, NaN]);
  });

  it('inverts the distribution function', () => {
    fc.assert(
      fc.property(fc.double({ min: -37, max: 5, noNaN: true }), (x) => {
        // Where P(Z ≤ x) is near 1, its own rounding moves x by up to 1e-16 / density.
        expect(Math.abs(normalQuantile(normalCdf(x)) - x)).toBeLessThan(
          1e-14 + 2e-16 / Math.exp(normalLogPdf(Math.max(x, 0))),
        );
      }),
      { numRuns: 300 },
    );
  });
});
