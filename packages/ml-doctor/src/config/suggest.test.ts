import { describe, expect, it } from 'vitest';
import { listed, nearName, suggestion } from './suggest.ts';

const KEYS = ['epochs', 'batchSize', 'learningRate', 'momentum', 'weightDecay', 'milestones'];

describe('nearName', () => {
  it.each([
    ['epoch', 'epochs'],
    ['Epochs', 'epochs'],
    ['epcohs', 'epochs'],
    ['batch_size', 'batchSize'],
    ['learning-rate', 'learningRate'],
    ['milestone', 'milestones'],
    ['decay', 'weightDecay'],
    ['lr', undefined],
    ['x', undefined],
    ['', undefined],
    ['optimizer', undefined],
    ['epochs'.repeat(1000), undefined],
  ])('of %j is %j', (wanted, expected) => {
    expect(nearName(wanted, KEYS)).toBe(expected);
  });

  it('is within a third of the letters and one', () => {
    expect(nearName('abcdef', ['abcxyz'])).toBe('abcxyz');
    expect(nearName('abcdef', ['abwxyz'])).toBeUndefined();
  });

  it('is not looked for when no name is so long', () => {
    expect(nearName('x'.repeat(64), ['x'.repeat(66)])).toBeDefined();
    expect(nearName('x'.repeat(65), ['x'.repeat(66)])).toBeUndefined();
  });

  it('is no part of several names', () => {
    expect(nearName('shadow', ['attack/shadow-classifier'])).toBe('attack/shadow-classifier');
    expect(nearName('shadow', ['attack/shadow-classifier', 'other/shadow-models'])).toBeUndefined();
  });
});

describe('suggestion', () => {
  it('names the near one, else all', () => {
    expect(suggestion('modle', ['model', 'data'], 'keys')).toBe('Did you mean "model"?');
    expect(suggestion('optimizer', ['model', 'data'], 'keys')).toBe('Known keys: model, data.');
  });

  it('cuts long lists', () => {
    const names = Array.from({ length: 30 }, (_, i) => `n${i}`);
    expect(listed(names)).toBe('n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11 and 18 more');
    expect(listed(names.slice(0, 12))).toMatch(/n10, n11$/);
  });
});
