/** Families of attacks: each has its own question, its own figures and its own words. */

import { ONE_RUN } from './privacy.ts';
import type { Result } from './schema.ts';

/** In the order in which a report tells of them. */
export const FAMILIES = ['membership', 'inversion', 'attribute', 'stealing'] as const;
export type Family = (typeof FAMILIES)[number];

/** What each family asks. */
export const QUESTION: Readonly<Record<Family, string>> = {
  membership: 'Can someone find out who was in the training data?',
  inversion: 'Can someone find out what the training data looks like?',
  attribute: 'Can someone find out a hidden attribute of a person?',
  stealing: 'Can someone find out enough to copy the model?',
};

/** The family of an attack, by its name. */
export function familyOf({ attack }: Pick<Result, 'attack'>): Family {
  return FAMILIES.find((family) => attack.startsWith(`${family}/`)) ?? 'membership';
}

/** The families that occur, each with what is of it. */
export function byFamily<T>(
  items: readonly T[],
  family: (item: T) => Family,
): { readonly family: Family; readonly items: readonly T[] }[] {
  return FAMILIES.map((each) => ({
    family: each,
    items: items.filter((item) => family(item) === each),
  })).filter((group) => group.items.length > 0);
}

/**
 * What results stand in one table: those of a family, but audits of the training apart, as their figures are of another
 * model than the target and must not be read beside those of attacks on it.
 */
export const TABLES = ['membership', 'audit', 'inversion', 'attribute', 'stealing'] as const;
export type Table = (typeof TABLES)[number];

export function tableOf(result: Pick<Result, 'attack'>): Table {
  return result.attack === ONE_RUN ? 'audit' : familyOf(result);
}

/** The tables that occur, each with what stands in it. */
export function byTable<T>(
  items: readonly T[],
  table: (item: T) => Table,
): { readonly table: Table; readonly items: readonly T[] }[] {
  return TABLES.map((each) => ({
    table: each,
    items: items.filter((item) => table(item) === each),
  })).filter((group) => group.items.length > 0);
}

/** The families that occur; membership where nothing finished. */
export function familiesOf(results: readonly Pick<Result, 'attack'>[]): readonly Family[] {
  const found = FAMILIES.filter((family) => results.some((result) => familyOf(result) === family));
  return found.length > 0 ? found : ['membership'];
}

/** The questions of some families in one line; all of them begin alike. */
export function questionOf(families: readonly Family[]): string {
  const asked = FAMILIES.filter((family) => families.includes(family));
  const objects = asked.map((family) =>
    family === 'inversion' && asked.includes('membership')
      ? 'what it looks like'
      : QUESTION[family].slice(BEGINNING.length, -1),
  );
  const last = objects.pop();
  return `${BEGINNING}${objects.length === 0 ? last : `${objects.join(', ')}, or ${last}`}?`;
}

const BEGINNING = 'Can someone find out ';
