/** What can be run and should not be is said before it is, once, at its place in the file. */

import { expect, it } from 'vitest';
import { parseConfig } from '../../config/load-config.ts';
import { loadDataset } from '../../data/load-dataset.ts';
import { expandGrid } from '../expand-grid.ts';
import { warnCells } from './warn-cells.ts';

const warnings = async (defenses: string) => {
  const loaded = parseConfig(
    `data: [{ catalog: fashion-mnist-10k, recordsPerRole: 100 }]
models: [mlp]
defenses:
${defenses}
attacks: [membership/loss-threshold]
seeds: [0, 1]
`,
    'study.yaml',
  );
  if (loaded.kind !== 'study') throw new Error('no study');
  const data = new Map([['fashion-mnist-10k', await loadDataset('fashion-mnist-10k')]]);
  return warnCells(expandGrid(loaded.config), data, loaded.source);
};

it('a delta that protects nobody', async () => {
  expect(await warnings('  - none\n  - dp-sgd: { delta: 0.01 }\n  - dp-sgd: { delta: 0.009 }')).toEqual([
    {
      code: 'MLD_PRIVACY',
      message: expect.stringMatching(/^study\.yaml:5:5: delta = 0\.01 is not below 1\/100/),
    },
  ]);
  expect(await warnings('  - none\n  - dropout')).toEqual([]);
});
