/** Data sets as a configuration names them: an id of the catalogue, of pictures with the pixels a side: `celeba@64`. */
import { z } from 'zod';
import { catalog } from './catalog/catalog.ts';
import { catalogEntry } from './catalog-entry.ts';
import { parseDataName } from './data-name.ts';

/** Fewer show nothing, more are not what the papers' models were made for. */
export const PIXELS = { least: 8, most: 256 } as const;
const RANGE = '(?:[89]|[1-9]\\d|1\\d\\d|2[0-4]\\d|25[0-6])';

const ids = () => Object.values(catalog).map(({ id }) => id);

const pattern = (others: readonly string[]): RegExp => {
  const [pictures, rest] = [true, false].map((are) =>
    Object.values(catalog).flatMap(({ id, kind }) => ((kind === 'pictures') === are ? [id] : [])),
  ) as [string[], string[]];
  return new RegExp(`^(?:${[...others, ...rest].join('|')}|(?:${pictures.join('|')})(?:@${RANGE})?)$`);
};

/** A data set by name, or one of `others`; what is read says nothing that is so anyhow. */
export const dataNames = (others: readonly string[] = []) =>
  z
    .string()
    .regex(pattern(others), 'there is no data set of this name')
    .overwrite((name) => (others.includes(name) ? name : usualDataName(name)))
    .meta({ examples: [...others, ...ids()] });

/** As {@link dataNames}, kept as written: for rules, in which `celeba` is celeba in any pixels. */
export const dataNamesAsWritten = () =>
  z
    .string()
    .regex(pattern([]), 'there is no data set of this name')
    .meta({ title: 'data set', examples: ids() });

/** Pixels that pictures have anyhow are left out; what is no name of the catalogue stays as it is. */
export const usualDataName = (name: string): string => {
  const { id, pixels } = parseDataName(name);
  const entry = Object.values(catalog).find((one) => one.id === id);
  return pixels !== undefined && pixels === entry?.pixels?.usual ? id : name;
};

/** Why a data set is not to be had in the pixels that its name asks for. @throws {AuditError} MLD_DATA_UNKNOWN */
export const pixelsFault = (name: string): readonly [what: string, hint: string] | undefined => {
  const { id, pixels } = parseDataName(name);
  if (pixels === undefined) return undefined;
  if (catalogEntry(name).kind !== 'pictures')
    return [`the records of ${id} are no pictures: they have no pixels`, 'Remove the pixels.'];
  if (pixels >= PIXELS.least && pixels <= PIXELS.most) return undefined;
  return [
    `${id} cannot be read in ${pixels} pixels a side`,
    `Choose from ${PIXELS.least} to ${PIXELS.most} pixels a side.`,
  ];
};
