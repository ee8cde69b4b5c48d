/** A claim of privacy against a measurement of it: when both cannot be true, and how that reads everywhere. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneRunResult, REACH, spent } from '../../test/report/sample-one-run.ts';
import { sampleReport } from '../../test/report/sample-report.ts';
import { oneRunEpsilon } from '../stats/one-run-bound.ts';
import { renderHtml } from './html/page.ts';
import {
  atLeast,
  atMost,
  claimsOf,
  digitsApart,
  fewestGuesses,
  ONE_RUN,
  privacyAlarm,
  refutes,
} from './privacy.ts';
import { type Privacy, type Report, type Result, reportSchema } from './schema.ts';
import { renderTerminal } from './terminal.ts';
import { bySeverity, headlineOf, worstResult } from './verdict/overall.ts';

const privacy = spent;

const audit = (epsilon: number, claim?: Privacy, delta = 1e-5, audited?: Privacy): Result => {
  const claims = claimsOf(claim, audited);
  return oneRunResult(epsilon, { delta, ...(claims && { claims }), ...(audited && { audited }) });
};

const reported = (claim: Privacy | undefined, ...audits: readonly Result[]): Report => {
  const report = sampleReport() as Report;
  const target = { ...report.target, ...(claim && { privacy: claim }) };
  return { ...report, target, results: [...report.results, ...audits] };
};

describe('a measurement', () => {
  it.each([
    ['above the claim, at its delta', 3.1, 1e-5, { epsilon: 3, delta: 1e-5 }, true],
    ['above it, at a larger delta', 3.1, 1e-4, { epsilon: 3, delta: 1e-5 }, true],
    ['above it, at a smaller delta', 3.1, 1e-6, { epsilon: 3, delta: 1e-5 }, false],
    ['that equals it', 3, 1e-5, { epsilon: 3, delta: 1e-5 }, false],
    ['below it', 2.9, 1e-5, { epsilon: 3, delta: 1e-5 }, false],
  ])('%s', (_, epsilon, delta, claim, expected) => {
    expect(refutes({ epsilon, delta, reach: REACH }, claim)).toBe(expected);
  });

  it('wants at least so many guesses to refute a claim: one less could not', () => {
    for (const epsilon of [0.5, 1, 3, 4.2, 5.8]) {
      const fewest = fewestGuesses(epsilon);
      const reach = (guesses: number) =>
        oneRunEpsilon({ canaries: guesses, guesses, correct: guesses, delta: 0 });
      expect(reach(fewest)).toBeGreaterThan(epsilon);
      expect(reach(fewest - 1)).toBeLessThanOrEqual(epsilon);
    }
    expect(fewestGuesses(8)).toBe(8932);
  });

  it('is rounded so that no bound grows tighter in print', () => {
    expect([atLeast(4.199), atLeast(4.2), atMost(7.991), atMost(8)]).toEqual(['4.19', '4.2', '8', '8']);
  });
});

describe('bounds in print', () => {
  it('that differ read as they lie, never closer together than they are', () => {
    expect(digitsApart(3.2, 3)).toBe(2);
    expect(digitsApart(8.004, 8)).toBe(3);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 20, noNaN: true }),
        fc.integer({ min: 4, max: 3e6 }),
        (low, gap) => {
          const high = low + gap / 1e6;
          const digits = digitsApart(high, low);
          const [upper, lower] = [Number(atMost(low, digits)), Number(atLeast(high, digits))];
          expect(lower).toBeGreaterThan(upper);
          expect(upper).toBeGreaterThanOrEqual(low - 1e-8);
          expect(lower).toBeLessThanOrEqual(high + 1e-8);
        },
      ),
    );
  });

  it('have a third digit everywhere where an alarm wants one', async () => {
    const claim = privacy(8);
    const report = reported(claim, audit(8.004, claim));
    const { sentence } = worstResult(report)!.verdict;
    expect(sentence).toContain('is at least 8.004 at delta 0.00001');
    expect(sentence).toContain('at most 8 at delta 0.00001: at 95 % confidence both cannot be true');
    const page = await renderHtml(report);
    expect(page).toContain('Measured: at least 8.004 at delta');
    expect(page).toContain('>at least 8.004<');
    expect(renderTerminal(report, { colour: false })).toMatch(/Measured +epsilon at least 8\.004 at delta/);
  });
});

describe('an alarm', () => {
  it.each([
    ['above both', 8, 8.31, 8.4, 'high'],
    ['between that of the target and that of the audited model', 8, 8.31, 8.2, 'moderate'],
    ['between that of the audited model, which it refutes, and that of the target', 8, 7.5, 7.9, 'high'],
    ['above both, the target’s being the larger', 8, 7.5, 8.1, 'high'],
    ['above the target’s, with no bound of the audited model', 8, null, 9, 'moderate'],
  ] as const)(
    'is held against the claim of the audited model: %s',
    async (_, target, own, measured, level) => {
      const [claim, audited] = [privacy(target), privacy(own, 1e-5, 3100)];
      const result = audit(measured, claim, 1e-5, audited);
      const report = reported(claim, result);
      expect(result.verdict.level).toBe(level);
      expect(privacyAlarm(report)?.claim.epsilon).toBe(level === 'high' ? own : undefined);
      expect(reportSchema.safeParse(report).error).toBeUndefined();
      const page = await renderHtml(report);
      expect(page.includes('both cannot be true')).toBe(level === 'high');
      expect(page).toContain(own === null ? 'of the audited model</th>' : `at most ${own}<`);
      expect(page).toContain('3,100 records');
      if (level === 'high')
        expect(page).toContain(`Claimed: epsilon at most ${target} at delta 0.00001 (${own} of the model`);
      expect(renderTerminal(report, { colour: false }).replaceAll(/\s+/g, ' ')).toContain(
        `Claimed epsilon at most ${target} at delta 0.00001${own === null ? '' : `; ${own} for the model that was audited`} Measured`,
      );
      if (own !== null) expect(result.verdict.sentence).toContain(`(${own} of the model that was audited)`);
    },
  );

  it('passes over a larger bound that its own model’s claim allows', () => {
    const claim = privacy(3);
    const allowed = audit(4.1, claim, 1e-5, privacy(5));
    const found = { ...audit(3.2, claim, 1e-5, privacy(3)), id: `${ONE_RUN}@black-box,none#0a1c` };
    const report = reported(claim, allowed, found);
    expect(privacyAlarm(report)).toMatchObject({ result: { id: found.id }, claim: { epsilon: 3 } });
  });

  it('is raised by the largest bound above the claim', () => {
    const claim = privacy(3);
    const [small, large] = [
      audit(3.2, claim),
      { ...audit(4.1, claim), id: `${ONE_RUN}@black-box,none#0a1c` },
    ];
    expect(privacyAlarm(reported(claim, small, large))).toMatchObject({
      result: { id: large.id },
      measured: { epsilon: 4.1 },
      claim: { epsilon: 3, delta: 1e-5 },
    });
  });

  it.each([
    ['nothing is claimed', undefined, 4.1, 1e-5],
    ['the accountant found no bound', privacy(null), 4.1, 1e-5],
    ['the bound is below the claim', privacy(8), 4.1, 1e-5],
    ['the audit’s delta is smaller', privacy(3, 1e-3), 4.1, 1e-5],
  ])('is not raised where %s', (_, claim, epsilon, delta) => {
    const result = audit(epsilon, claim, delta);
    expect(privacyAlarm(reported(claim, result))).toBeUndefined();
    expect(result.verdict.level).not.toBe('high');
  });

  it('is the verdict of the whole report, before an attack that names records', async () => {
    const claim = privacy(3);
    const report = reported(claim, audit(3.2, claim));
    const shouting = report.results.map((result) =>
      result.attack === ONE_RUN
        ? result
        : { ...result, verdict: { ...result.verdict, level: 'high' as const } },
    );
    const loud = { ...report, results: shouting };
    expect(worstResult(loud)?.attack).toBe(ONE_RUN);
    const text = renderTerminal(loud, { colour: false });
    expect(text).toContain('HIGH  The training is not as private as claimed');
    expect(text).toMatch(/Claimed +epsilon at most 3 at delta 0\.00001/);
    expect(text).toMatch(/Measured +epsilon at least 3\.2 at delta 0\.00001, 95 % confidence/);
    expect(text.split('\n').every((line) => line.length <= 80)).toBe(true);
    const page = await renderHtml(loud);
    const top = page.slice(0, page.indexOf('<nav'));
    expect(top).toContain('<h2>The training is not as private as claimed</h2>');
    expect(page).toContain('Differential privacy: claimed and measured');
    expect(page).toContain('At 95 % confidence both cannot be true.');
    expect(reportSchema.safeParse(loud).error).toBeUndefined();
  });
});

describe('without an alarm', () => {
  it('the page shows both bounds, and that a claim out of reach could not be refuted', async () => {
    const claim = privacy(8);
    const page = await renderHtml(reported(claim, audit(2.317, claim)));
    expect(page).toContain('Differential privacy: claimed and measured');
    expect(page).toContain('at most 8<');
    expect(page).toContain('at most 4.25<');
    expect(page).toContain('none found');
    expect(page).toContain('at least 2.31<');
    expect(page).not.toContain('both cannot be true');
    const { sentence, level } = audit(2.317, claim).verdict;
    expect(level).toBe('low');
    expect(sentence).toContain('at least 2.31 at delta 0.00001');
    expect(sentence).toContain(`could not refute: so many guesses can show at most ${atLeast(REACH)}`);
    expect(sentence).toContain('at least 8,932 would be needed');
  });

  it('a report without claim and audit has no such section', async () => {
    const report = reported(undefined);
    expect(await renderHtml(report)).not.toContain('Differential privacy: claimed');
    expect(renderTerminal(report, { colour: false })).not.toMatch(/Claimed|Measured/);
  });

  it.each([
    [0, undefined, 'inconclusive'],
    [0, privacy(8), 'inconclusive'],
    [0, privacy(2), 'none-found'],
    [0, privacy(2, 1e-3), 'inconclusive'],
    [0.4, undefined, 'low'],
    [2.99, undefined, 'low'],
    [3, undefined, 'moderate'],
    [3, privacy(8), 'moderate'],
    [3, privacy(2.9), 'high'],
  ] as const)('a bound of %d is graded by itself and by the claim', (epsilon, claim, level) => {
    const result = audit(epsilon, claim);
    expect(result.verdict.level).toBe(level);
    expect(result.verdict.advice.length).toBeGreaterThan(0);
    if (claim === undefined) expect(result.verdict.sentence).toContain('No differential privacy is claimed');
    if (level !== 'none-found') expect(headlineOf(result)).not.toMatch(/no leak|nothing found/i);
  });

  it('it comes after attacks on the model of the same level, the larger bound first', () => {
    const [one, other] = [audit(1), { ...audit(2), id: `${ONE_RUN}@black-box,none#0a1d` }];
    const report = reported(undefined, one, other);
    const low = report.results.map((result) => ({
      ...result,
      verdict: { ...result.verdict, level: 'low' as const },
    }));
    expect(bySeverity(low).map(({ attack }) => attack === ONE_RUN)).toEqual([false, false, true, true]);
    expect(bySeverity(low)[2]?.id).toBe(other.id);
  });
});
