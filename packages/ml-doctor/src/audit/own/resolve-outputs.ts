/** Saved outputs as the target of an audit. */

import { basename, resolve } from 'node:path';
import type { ConfigSource } from '../../config/config.ts';
import type { OwnAuditConfig, OwnTarget } from '../../config/own-config.ts';
import { pathFrom } from '../../config/own-text.ts';
import { grouped, plural } from '../../report/format.ts';
import { readOutputsAt } from '../../study/kinds/data-ref.ts';
import { ownCell } from './own-cell.ts';
import { placed } from './placed.ts';
import type { Resolved } from './resolve-own.ts';

export const resolveOutputs = async (
  config: OwnAuditConfig,
  { file }: Extract<OwnTarget, { readonly kind: 'outputs' }>,
  source: ConfigSource,
): Promise<Resolved> => {
  const { classes, sample } = config.data;
  const place = {
    ...{ path: resolve(config.base, file), sample, seed: config.seed },
    ...(classes && { classes }),
  };
  const found = await placed(source, ['target', 'outputs'], () => readOutputsAt(place));
  const { data, sizes, answers, kind, names, notes, rows } = found;
  const taken = sizes.members + sizes.nonMembers;
  const cell = ownCell(config, {
    ...{ data, sizes, configSource: source },
    subject: { kind: 'outputs', answers, known: kind },
    name: basename(file),
    source: `saved outputs: ${pathFrom(config.base, file)} (${taken === rows ? plural(rows, 'row') : `${grouped(taken)} of ${plural(rows, 'row')}, drawn at random`})`,
    notes: [
      ...notes,
      'Of the records the answers alone are known: whether members and non-members differ without the model could not be checked. A fair non-member is of the same time and source as the members.',
      ...(taken < rows
        ? [`Of ${plural(rows, 'row')} a random sample of ${grouped(taken)} was audited (data.sample).`]
        : []),
    ],
    trainedOn: sizes.members,
    offers: { access: 'black-box', output: kind === 'loss' ? 'loss' : 'posteriors' },
    ...(names && { recordNames: (record: number) => names[record] }),
  });
  return { cell, data, places: { models: {}, outputs: place } };
};
