/** Whatever a file holds, it is a configuration or one error of the user with a place in the file. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FULL_AUDIT, FULL_STUDY, VALID } from '../../test/config/samples.ts';
import { AuditError } from '../errors.ts';
import { auditToJson } from './config-text.ts';
import { parseConfig } from './load-config.ts';
import { ownToJson } from './own-text.ts';
import { studyToJson } from './study-text.ts';

/** Throws for anything but a configuration or an error as users may see it; tells which. */
const outcome = (text: string): 'read' | 'refused' => {
  try {
    parseConfig(text, 'file.yaml');
    return 'read';
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    expect(error.code).toMatch(/^MLD_(CONFIG|SPLIT|THREAT_MODEL)$/);
    const [, line, column] = /^file\.yaml:([1-9]\d*):([1-9]\d*): \S/.exec(error.message) ?? [];
    const lines = text.replace(/^\uFEFF/, '').split('\n');
    expect(Number(line)).toBeLessThanOrEqual(lines.length);
    expect(Number(column)).toBeLessThanOrEqual(lines[Number(line) - 1]!.length + 1);
    expect(`${error.message} ${error.hint}`).not.toMatch(/\p{Cc}|undefined|\[object|internal/u);
    expect(error.hint).not.toBe('');
    return 'refused';
  }
};

const samples = Object.values(VALID);

/** Words and signs that mean something in YAML, JSON or a configuration. */
const piece = fc.oneof(
  fc.constantFrom(...'-:?,[]{}#&*!|>\'"%@`~\n\t \r\\/<=.0'),
  fc.constantFrom(
    '\n  ',
    '\n- ',
    ': ',
    ' #',
    '---\n',
    '...\n',
    '&a ',
    '*a',
    '<<: ',
    '!!str ',
    '? ',
    '|\n',
    '\uFEFF',
  ),
  fc.constantFrom(
    'null',
    '~',
    'true',
    '.inf',
    '.nan',
    '-0',
    '1e999',
    '0x1f',
    '__proto__',
    'constructor',
    '"\\ud800"',
  ),
  fc.constantFrom(
    'data',
    'target',
    'train',
    'model',
    'models',
    'attacks',
    'seed',
    'seeds',
    'exclude',
    'include',
  ),
  fc.constantFrom(
    'adult',
    'mlp',
    'random-forest',
    'simple-cnn',
    'none',
    'l2',
    'membership/loss-threshold',
    'epochs',
    'label',
  ),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
);

const asJson = (text: string): unknown => {
  const loaded = parseConfig(text, 'sample');
  if (loaded.kind === 'own') return ownToJson(loaded.config, loaded.config.base);
  return loaded.kind === 'audit' ? auditToJson(loaded.config) : studyToJson(loaded.config);
};

describe('whatever a file holds', () => {
  it('any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void outcome(text)));
  });

  it('any words that mean something somewhere', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => void outcome(pieces.join(''))),
      { numRuns: 1000 },
    );
  });

  it('a valid file with some places changed', () => {
    const change = fc.record({
      at: fc.nat(),
      drop: fc.nat({ max: 12 }),
      put: fc.array(piece, { maxLength: 2 }),
    });
    const tally = { read: 0, refused: 0 };
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        (sample, changes) => {
          const text = changes.reduce((before, { at, drop, put }) => {
            const start = at % (before.length + 1);
            return before.slice(0, start) + put.join('') + before.slice(start + drop);
          }, sample);
          tally[outcome(text)]++;
        },
      ),
      { numRuns: 1000 },
    );
    // Some changes are harmless and some are not, or the test would say little.
    expect(Math.min(tally.read, tally.refused)).toBeGreaterThan(5);
  });

  it('a valid value with a part exchanged for any value, in JSON', () => {
    const valid = [FULL_AUDIT, FULL_STUDY].map(asJson);
    fc.assert(
      fc.property(
        fc.constantFrom(...valid),
        fc.array(fc.nat(), { maxLength: 5 }),
        fc.oneof(fc.jsonValue(), fc.constantFrom(...valid)),
        fc.constantFrom(undefined, 1, '\t'),
        (whole, steps, other, space) =>
          void outcome(JSON.stringify(exchanged(whole, steps, other), null, space)),
      ),
      { numRuns: 1000 },
    );
  });
});

/** A copy with the part that the steps lead to exchanged. */
function exchanged(value: unknown, steps: readonly number[], other: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || typeof value !== 'object' || value === null) return other;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return other;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  (copy as Record<string, unknown>)[key] = exchanged((value as Record<string, unknown>)[key], rest, other);
  return copy;
}
