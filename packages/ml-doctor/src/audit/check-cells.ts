/** What cannot work, said once and at its place in the configuration before anything runs. */

import type { ConfigSource } from '../config/config.ts';
import type { Dataset } from '../data/dataset.ts';
import { roleSize } from '../data/split.ts';
import { AuditError } from '../errors.ts';
import { architecture } from '../models/architectures.ts';
import type { Cell } from './cell.ts';
import { type Datasets, splitRef } from './plan-cells.ts';

/** For configurations that no file holds: the message alone. */
export const unwrittenSource: ConfigSource = {
  fault: (_path, what, hint, code = 'MLD_CONFIG') => new AuditError(code, what, hint),
};

/**
 * @throws {AuditError} `MLD_CONFIG` for a model that does not suit the records, `MLD_SPLIT` for more records per role
 *   than there are
 */
export const checkCells = (cells: readonly Cell[], datasets: Datasets, source: ConfigSource): void => {
  const checked = new Set<string>();
  for (const cell of cells) {
    const { catalog, recordsPerRole } = cell.data;
    const data = datasets.get(catalog) as Dataset;
    const pair = `${catalog} ${recordsPerRole} ${cell.model.model}`;
    if (checked.has(pair)) continue;
    checked.add(pair);
    refuseAt(cell.origin.data, source, 'MLD_SPLIT', () => roleSize(data.size, splitRef(cell)));
    const advice =
      cells.length > 1
        ? ` To leave out this combination: exclude: [{ data: ${catalog}, model: ${cell.model.model} }].`
        : '';
    refuseAt(
      cell.origin.model,
      source,
      'MLD_CONFIG',
      () =>
        architecture(cell.model.model).build({
          recordShape: data.recordShape,
          classes: data.classes.length,
          seed: cell.seed,
        }),
      `${catalog}: `,
      advice,
    );
  }
};

const refuseAt = (
  path: Cell['origin']['data'],
  source: ConfigSource,
  code: 'MLD_SPLIT' | 'MLD_CONFIG',
  act: () => unknown,
  before = '',
  advice = '',
): void => {
  try {
    act();
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    throw source.fault(path, before + error.message, error.hint + advice, code);
  }
};
