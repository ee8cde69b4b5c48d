/** What holds of every attack's and defence's definition, whatever its family. */

import type { Attack } from '../../../attacks/registry.ts';
import type { Defense } from '../../../defenses/defense.ts';
import { type Check, check, codeOf } from '../check.ts';

const SOURCE_LENGTH = 64;

export const definitionContract = (one: Attack | Defense): readonly Check[] => [
  check('has a title and a source', (findings) => {
    for (const text of [one.title, one.source])
      findings.must(/^\S.*\S$/.test(text), 'a line of text without spaces around it', text);
    findings.must(
      one.source.length <= SOURCE_LENGTH,
      `a source of at most ${SOURCE_LENGTH} characters`,
      one.source,
    );
    if ('family' in one)
      findings.must(/\b(19|20)\d\d\b/.test(one.source), 'a source with its year', one.source);
  }),
  check('has complete defaults that are JSON, accepted when given back', (findings) => {
    const { params } = one.configure();
    const text = JSON.stringify(params);
    findings.must(JSON.stringify(JSON.parse(text)) === text, 'JSON', text);
    for (const given of [{}, params]) {
      const again = JSON.stringify(one.configure(given).params);
      findings.must(again === text, text, again);
    }
  }),
  check(
    'refuses parameters that are unknown, out of range or of another type, and names them',
    async (findings) => {
      const refused = (given: unknown, parameter: string) =>
        findings.mustThrow(
          () => one.configure(given),
          `MLD_USAGE for ${parameter}, ${JSON.stringify(given)}`,
          (error) => codeOf(error) === 'MLD_USAGE' && String(error).includes(parameter),
        );
      await refused({ nonsense: 1 }, 'nonsense');
      for (const [parameter, value] of Object.entries(one.configure().params)) {
        const wrong = typeof value === 'number' ? ['3', {}] : ['no such value', -7, {}];
        if (typeof value === 'string' && !isChoice(one, parameter)) wrong.shift();
        for (const bad of wrong) await refused({ [parameter]: bad }, parameter);
      }
      for (const given of [7, null, []]) await refused(given, one.name);
    },
  ),
];

/** Of free text any text is right. */
const isChoice = (one: Attack | Defense, parameter: string): boolean => {
  try {
    one.configure({ [parameter]: 'no such value' });
    return false;
  } catch {
    return true;
  }
};
