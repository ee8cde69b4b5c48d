/** What was found on a stolen copy keeps its level and its words; its advice speaks of the theft. */

import { describe, expect, it } from 'vitest';
import { LEVELS, type Verdict } from '../schema.ts';
import { verdictThrough } from './through.ts';

const through = { attack: 'stealing/knockoff', params: {}, queries: 1500 };
const verdict = (level: Verdict['level']): Verdict => ({
  level,
  sentence: 'Members lie closer.',
  advice: ['Do not publish the weights.'],
});

describe('verdictThrough', () => {
  it.each(LEVELS)('keeps what was found: %s', (level) => {
    const { advice, ...found } = verdictThrough(verdict(level), through);
    expect(found).toEqual({ level, sentence: 'Members lie closer.' });
    const leaks = ['low', 'moderate', 'high'].includes(level);
    // The attacker got the weights from answers: that they were not published did not help.
    expect(advice.includes('Do not publish the weights.')).toBe(!leaks);
    expect(advice.join().includes('1,500 queries')).toBe(leaks);
    expect(advice.join().includes('stealing/knockoff')).toBe(leaks);
  });
});
