/** Which files belong to a figure, relative to the folder they are all written to. */

/** Id of the table of comparisons, beside those of the figure's own tables. */
export const COMPARISONS = 'comparisons';

export const FOLDER = 'figures';

/** `ml-doctor-2022/figure-9` as `ml-doctor-2022-figure-9`. */
export const slugOf = (figure: string): string => figure.replaceAll('/', '-');

const base = (figure: string, part: string): string => `${FOLDER}/${slugOf(figure)}-${part}`;

export function chartFiles(figure: string, chart: string) {
  const name = base(figure, chart);
  return { spec: `${name}.vl.json`, svg: `${name}.svg` };
}

export function tableFiles(figure: string, table: string) {
  const name = base(figure, table);
  return { csv: `${name}.csv`, md: `${name}.md`, tex: `${name}.tex` };
}

interface Parts {
  readonly charts: readonly { readonly files: Readonly<Record<string, string>> }[];
  readonly tables: readonly { readonly files: Readonly<Record<string, string>> }[];
  readonly comparisonFiles?: Readonly<Record<string, string>> | undefined;
}

export function filesOf({ charts, tables, comparisonFiles }: Parts): string[] {
  return [...charts, ...tables]
    .flatMap(({ files }) => Object.values(files))
    .concat(Object.values(comparisonFiles ?? {}));
}
