import { describe, expect, it } from 'vitest';
import type { AttributeFacts } from '../../../data/sensitive.ts';
import { tabular } from './tabular.ts';

const gender: AttributeFacts = {
  name: 'gender',
  kind: 'binary',
  categories: ['Female', 'Male'],
  inRecord: true,
};
const age: AttributeFacts = { name: 'age', kind: 'continuous', inRecord: true };

describe('attribute/tabular', () => {
  it.each([
    [{}, { method: 'learned', auxiliary: 'shadow' }],
    [
      { method: 'learned', auxiliary: 'partial' },
      { method: 'learned', auxiliary: 'partial' },
    ],
    [
      { method: 'fredrikson', attribute: 'sex' },
      { method: 'fredrikson', auxiliary: 'shadow', attribute: 'sex' },
    ],
    [{ method: 'confidence' }, { method: 'confidence' }],
    [
      { method: 'label-only', bins: 4 },
      { method: 'label-only', bins: 4 },
    ],
  ])('%j has the options of its method and no others', (given, settled) => {
    const { params } = tabular.configure(given);
    expect(params).toEqual(settled);
    expect(tabular.configure(params).params).toEqual(settled);
  });

  it.each([
    [{ method: 'learned', bins: 10 }, 'bins'],
    [{ method: 'confidence', auxiliary: 'shadow' }, 'auxiliary'],
    [{ method: 'label-only', auxiliary: 'partial' }, 'auxiliary'],
    [{ method: 'fredrikson', bins: 1 }, 'bins'],
    [{ method: 'fredrikson', auxiliary: 'none' }, 'auxiliary'],
    [{ method: 'csmia' }, 'method'],
  ])('%j is refused', (given, names) => {
    expect(() => tabular.configure(given)).toThrow(
      expect.objectContaining({ code: 'MLD_USAGE', message: expect.stringContaining(names) }),
    );
  });

  it.each([
    ['fredrikson', { auxiliary: 'partial', output: 'label', inputs: 'any' }, 'known'],
    ['confidence', { auxiliary: 'none', output: 'posteriors', inputs: 'any' }, 'none'],
    ['label-only', { auxiliary: 'none', output: 'label', inputs: 'any' }, 'none'],
    ['learned', { auxiliary: 'partial', output: 'posteriors' }, 'all'],
  ])('%s needs no more than it says', (method, needs, answers) => {
    const auxiliary = needs.auxiliary === 'none' ? {} : { auxiliary: 'partial' };
    const attack = tabular.configure({ method, ...auxiliary });
    expect(attack.needs).toEqual({ access: 'black-box', record: 'rest', ...needs });
    expect(attack.answers).toBe(answers);
  });

  it('asks about a record once for every candidate', () => {
    const queries = (given: object, attribute: AttributeFacts) =>
      tabular.configure(given).queries({ attribute, recordShape: [9] });
    for (const method of ['fredrikson', 'confidence', 'label-only']) {
      expect(queries({ method }, gender)).toEqual({ asked: 2, known: 0 });
      expect(queries({ method }, age)).toEqual({ asked: 10, known: 0 });
      expect(queries({ method, bins: 7 }, age)).toEqual({ asked: 7, known: 0 });
    }
    expect(queries({ method: 'learned' }, age)).toEqual({ asked: 0, known: 0 });
  });

  it('refuses bins where every category is tried anyway', () => {
    const check = (attribute: AttributeFacts) =>
      tabular.configure({ method: 'confidence', bins: 7 }).check({ attribute, recordShape: [9] });
    check(age);
    expect(() => check(gender)).toThrow(
      expect.objectContaining({ code: 'MLD_ATTACK_UNSUITED', message: expect.stringContaining('bins: 7') }),
    );
  });

  it('refuses pictures, and values of what the model is not given', () => {
    const check = (method: string, inRecord: boolean, recordShape: readonly number[]) =>
      tabular.configure({ method }).check({ attribute: { ...gender, inRecord }, recordShape });
    for (const method of ['fredrikson', 'confidence', 'label-only', 'learned']) {
      check(method, true, [9]);
      expect(() => check(method, true, [3, 8, 8])).toThrow(
        expect.objectContaining({
          code: 'MLD_ATTACK_UNSUITED',
          message: expect.stringContaining('[3, 8, 8]'),
          hint: expect.stringContaining('attribute/embedding'),
        }),
      );
      if (method === 'learned') check(method, false, [9]);
      else
        expect(() => check(method, false, [9])).toThrow(
          expect.objectContaining({
            code: 'MLD_ATTACK_UNSUITED',
            message: expect.stringContaining("the model is not given 'gender'"),
            hint: expect.stringMatching(/method: learned.*attribute\/embedding/),
          }),
        );
    }
  });
});
