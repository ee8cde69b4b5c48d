/** What holds of every attack's definition, whatever its family. */

import { describe, expect, it } from 'vitest';
import { type AttackName, attackOf, attacks } from './registry.ts';

const names = Object.keys(attacks) as AttackName[];

describe('the registry', () => {
  it('has attacks, and refuses a name it does not know', () => {
    for (const name of ['membership/los-threshold', '', 'toString', '__proto__'])
      expect(() => attackOf(name)).toThrow(
        expect.objectContaining({ code: 'MLD_USAGE', hint: expect.stringContaining(names[0]!) }),
      );
  });

  it('holds every attack under its own name and in its family', () => {
    for (const name of names)
      expect(attackOf(name)).toMatchObject({ name, family: name.replace(/\/.*/, '') });
  });
});

describe.each(names)('%s', (name) => {
  const definition = attackOf(name);
  const defaults = definition.configure();

  it('has title and source', () => {
    expect(definition.title.trim()).not.toBe('');
    expect(definition.source).toMatch(/\b(19|20)\d\d\b/);
  });

  it('has complete defaults that are JSON, accepted when given back', () => {
    expect(JSON.parse(JSON.stringify(defaults.params))).toEqual(defaults.params);
    expect(definition.configure(defaults.params)).toMatchObject({
      params: defaults.params,
      needs: defaults.needs,
      ...(defaults.family === 'membership' && { references: defaults.references }),
    });
    expect(definition.configure({}).params).toEqual(defaults.params);
  });

  it('refuses parameters that are unknown, out of range or of another type, and names them', () => {
    const refusal = (parameter: string) =>
      expect.objectContaining({
        code: 'MLD_USAGE',
        message: expect.stringMatching(new RegExp(`${name}[^]*${parameter}`)),
      });
    expect(() => definition.configure({ nonsense: 1 })).toThrow(refusal('nonsense'));
    for (const [parameter, value] of Object.entries(defaults.params)) {
      const wrong = typeof value === 'number' ? [-1, Number.NaN, '3'] : ['no such value', -7, {}];
      for (const bad of wrong)
        expect(() => definition.configure({ [parameter]: bad }), `${parameter} ${bad}`).toThrow(
          refusal(parameter),
        );
    }
    expect(() => definition.configure(7)).toThrow(expect.objectContaining({ code: 'MLD_USAGE' }));
  });
});
