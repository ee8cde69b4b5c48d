/** The records of an audit or a study, from what a file says to complete, and back. */

import { dataName, parseDataName } from '../data/data-name.ts';
import { pixelsFault, usualDataName } from '../data/named-data.ts';
import { largestRole } from '../data/paper-roles.ts';
import { AuditError } from '../errors.ts';
import type { Json } from '../study/canonical-json.ts';
import type { ConfigPath, DataChoice } from './config.ts';
import type { Problem } from './config-source.ts';
import { type AuditInput, DEFAULT_SPLIT } from './schema.ts';

export const completeData = (input: AuditInput['data']): DataChoice => {
  if (typeof input === 'string') return { catalog: input, split: DEFAULT_SPLIT };
  const { catalog: id, pixels, split, recordsPerRole, overlap, slices = [] } = input;
  return {
    catalog: usualDataName(dataName({ id, ...(pixels !== undefined && { pixels }) })),
    split,
    ...(recordsPerRole !== undefined && { recordsPerRole }),
    ...(overlap === 'allow' && { overlap }),
    ...(slices.length > 0 && { slices }),
  };
};

export const dataToJson = ({ catalog, ...choice }: DataChoice): { readonly [key: string]: Json } => {
  const { id, pixels } = parseDataName(catalog);
  return { catalog: id, ...(pixels !== undefined && { pixels }), ...choice };
};

/** Pixels of what is no picture, a split that the data set is not known for, and more records than a role has. */
export const dataProblems = (choice: DataChoice, path: ConfigPath): Problem[] => {
  const { catalog, split, recordsPerRole } = choice;
  const fault = pixelsFault(catalog);
  if (fault) return [{ path: [...path, 'pixels'], words: () => fault }];
  const most = mostRecords(choice);
  if (most instanceof AuditError)
    return [{ path: [...path, 'split'], code: 'MLD_SPLIT', words: () => [most.message, most.hint] }];
  if (recordsPerRole === undefined || recordsPerRole <= most) return [];
  const what = split === DEFAULT_SPLIT ? 'a quarter' : `the largest role of ${split}`;
  return [
    {
      path: [...path, 'recordsPerRole'],
      code: 'MLD_SPLIT',
      words: () => [
        `a role cannot have ${recordsPerRole} records: ${what} of ${catalog} holds ${most}`,
        `The nearest valid value is ${most}.`,
      ],
    },
  ];
};

/** Of whole roles one may say how many records they have or not: the same choice. */
export const withRecords = (choice: DataChoice): DataChoice => {
  const most = mostRecords(choice);
  return most instanceof AuditError ? choice : { recordsPerRole: most, ...choice };
};

const mostRecords = ({ catalog, split }: DataChoice): number | AuditError => {
  try {
    return largestRole(catalog, split);
  } catch (error) {
    if (error instanceof AuditError) return error;
    throw error;
  }
};
