/** Pictures in CIFAR's binary files. */

import { AuditError } from '../../../errors.ts';
import { CIFAR_SHAPE, cifarFile, eachCifarRecord } from '../../formats/cifar-binary.ts';
import { type RecordSource, valueTaker } from './source.ts';

const CLASSES = { 1: 10, 2: 100 } as const;

/**
 * CIFAR-100 gives its fine classes as labels unless `label` is `coarse`; both can be attributes.
 *
 * @throws {AuditError} those of {@link cifarFile}; MLD_DATA_INVALID for a label or an attribute that there is not
 */
export async function cifarSource(
  path: string,
  choice: { readonly label?: string; readonly attributes: readonly string[]; readonly signal?: AbortSignal },
): Promise<RecordSource> {
  const { attributes, signal } = choice;
  const found = await cifarFile(path, signal);
  const names = found.labelBytes === 1 ? ['label'] : ['coarse', 'fine'];
  const label = choice.label ?? names.at(-1)!;
  for (const name of [label, ...attributes]) {
    if (names.includes(name)) continue;
    throw new AuditError(
      'MLD_DATA_INVALID',
      `${path}: has no '${name}'; its records have ${names.join(' and ')}`,
      'Choose one of these, or leave it out.',
    );
  }
  return {
    path,
    format: 'cifar',
    records: found.records,
    notes: [`${path}: CIFAR-${CLASSES[found.labelBytes]} records, labels from '${label}'`],
    form: async () => ({ shape: CIFAR_SHAPE, bytes: true, layout: 'channels-first' }),
    async read(rows, x) {
      const takers = names.map(() => valueTaker(rows));
      let slot = 0;
      await eachCifarRecord(
        path,
        found,
        (row, labels, pixels) => {
          if (rows[slot] === row) x.set(pixels, slot++ * pixels.length);
          for (const [i, taker] of takers.entries()) taker.visit(labels[i]!, row);
        },
        signal,
      );
      const taker = takers[names.indexOf(label)]!;
      // The number of classes is that of the data set, also where a file lacks some.
      if (label !== 'coarse') taker.others.add(CLASSES[found.labelBytes] - 1);
      return {
        labels: taker.drawn,
        others: taker.others,
        attributes: Object.fromEntries(attributes.map((name) => [name, takers[names.indexOf(name)]!.drawn])),
      };
    },
  };
}
