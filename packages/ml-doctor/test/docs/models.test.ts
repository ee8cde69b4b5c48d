/** What docs/models.md says of the models is so: all of them, their options, their smallest pictures, their parameters. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { modelChoices } from '../../src/cli/model-facts.ts';
import { type ArchitectureName, architectures } from '../../src/models/architectures.ts';
import { trainableNumbers } from '../../src/models/train-on.ts';

/** Parameters up to which a model is built here: larger ones are counted in tests of their own. */
const QUICK = 2_000_000;
/** Up to which it is built for its smallest pictures: a second for all of them. */
const BUILT = 25_000_000;

const page = readFileSync(fileURLToPath(new URL('../../../../docs/models.md', import.meta.url)), 'utf8');
const rows = [...page.matchAll(/^\| `([\w-]+)` \|(.*)\|$/gm)].map(([, name = '', rest = '']) => {
  const [, records = '', parameters = '', , options = ''] = rest.split('|').map((cell) => cell.trim());
  return {
    name: name as ArchitectureName,
    smallest: Number(/^pictures from (\d+) pixels$/.exec(records)?.[1] ?? 0),
    any: records === 'any',
    parameters: Number(parameters.replaceAll(',', '')),
    options,
  };
});

describe('docs/models.md', () => {
  it('has a row for every model', () => {
    expect(rows.map(({ name }) => name).toSorted()).toEqual(Object.keys(architectures).toSorted());
  });

  it.each(rows)('tells of $name', ({ name, smallest, any, parameters, options }) => {
    const model = architectures[name];
    expect(options).toBe(modelChoices(model).options ?? '-');
    expect(any).toBe(smallest === 0);
    if (model.trains !== 'gradient') return;
    const build = (recordShape: readonly number[]) => model.build({ recordShape, classes: 10, seed: 0 });
    const refused = expect.objectContaining({ code: 'MLD_USAGE' });
    if (!any) expect(() => build([1, smallest - 1, smallest])).toThrow(refused);
    if (parameters <= BUILT) build(any ? [14] : [1, smallest, smallest]);
    if (parameters <= QUICK) expect(trainableNumbers(build([3, 32, 32]))).toBe(parameters);
  });
});
