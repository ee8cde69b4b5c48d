/** The shape of `figures.json` (`ml-doctor/figures@1`): figures over many targets beside the published ones, with the files of each. */

import { z } from 'zod';
import { canonicalValue, toCanonicalJson } from '../../report/canonical.ts';
import { metricSchema } from '../../report/schema.ts';
import type { Built } from '../build-figures.ts';
import { AGREEMENTS } from '../figure.ts';
import { COMPARISONS, chartFiles, filesOf, tableFiles } from './file-names.ts';

export const FIGURES_SCHEMA_ID = 'ml-doctor/figures@1';

const text = z.string().min(1);
/** Names become names of files. */
const id = z.string().regex(/^[A-Za-z0-9](-?[A-Za-z0-9])*$/);
const file = z
  .string()
  .regex(/^figures\/[A-Za-z0-9][A-Za-z0-9.-]*$/)
  .describe('Relative to the folder of figures.json');
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]*(\/[a-z0-9][a-z0-9.-]*)*$/)
  .describe('ml-doctor-2022/figure-9, relations');

const cellSchema = z.union([z.string(), z.number(), metricSchema, z.null()]);
const tableFilesSchema = z.strictObject({ csv: file, md: file, tex: file });

const tableSchema = z.strictObject({
  id,
  caption: text,
  columns: z
    .array(
      z.strictObject({
        key: text,
        label: z.string(),
        digits: z
          .number()
          .int()
          .min(0)
          .max(20)
          .optional()
          .describe('After the point where printed; 3 when absent'),
      }),
    )
    .min(1),
  rows: z
    .array(z.record(z.string(), cellSchema))
    .describe('Cells by the keys of the columns; what is null or absent is not known'),
  files: tableFilesSchema,
});

const comparisonSchema = z.strictObject({
  what: text,
  published: z.strictObject({
    value: z.number(),
    low: z.number(),
    high: z.number(),
    where: text.describe('Table 3, Fig. 9'),
  }),
  ours: metricSchema.nullable().describe('Null where it was not measured'),
  agreement: z.enum(AGREEMENTS),
  reason: text,
});

const holeSchema = z.strictObject({ what: text, code: text, message: text, hint: z.string() });

const figureSchema = z.strictObject({
  name,
  title: text,
  finding: text,
  charts: z.array(
    z.strictObject({
      ...{ id, title: text, description: text },
      files: z.strictObject({ spec: file.describe('vega-lite, with its numbers'), svg: file }),
    }),
  ),
  tables: z.array(tableSchema),
  comparisons: z.array(comparisonSchema),
  comparisonFiles: tableFilesSchema.optional().describe('Absent where nothing is compared'),
  notes: z.array(text),
  holes: z.array(holeSchema).describe('What could not be shown'),
});

export const figuresSchema = z
  .strictObject({
    schema: z.literal(FIGURES_SCHEMA_ID),
    title: text,
    command: text.describe('Command that gives these figures again'),
    tool: z.strictObject({ name: text, version: text }),
    sources: z
      .array(
        z.strictObject({
          name: text,
          seeds: z.array(z.number().int().nonnegative()),
          version: text,
          command: text,
        }),
      )
      .describe('The studies that the numbers come from'),
    figures: z.array(figureSchema),
    refused: z
      .array(holeSchema.extend({ what: name, title: text }))
      .describe('Figures that cannot be made of these studies'),
  })
  .superRefine(({ figures }, context) => {
    const refuse = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const taken = new Set<string>();
    figures.forEach((figure, at) => {
      for (const file of filesOf(figure)) {
        // Names that differ in case alone are one file on some systems.
        const key = file.toLowerCase();
        if (taken.has(key)) refuse(['figures', at], `${file} would be written twice`);
        taken.add(key);
      }
      figure.tables.forEach(({ id, columns, rows }, table) => {
        if (id === COMPARISONS) refuse(['figures', at, 'tables', table], `${id} is the table of comparisons`);
        const keys = new Set(columns.map(({ key }) => key));
        if (keys.size < columns.length) refuse(['figures', at, 'tables', table], 'two columns have one key');
        const stray = rows.flatMap((row) => Object.keys(row)).find((key) => !keys.has(key));
        if (stray !== undefined) refuse(['figures', at, 'tables', table], `no column for ${stray}`);
      });
    });
  });

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

export type FiguresReport = DeepReadonly<z.infer<typeof figuresSchema>>;
export type FigureEntry = FiguresReport['figures'][number];
export type TableEntry = FigureEntry['tables'][number];

/** Figures with what they cannot tell of themselves. */
export interface Analysis extends Built {
  readonly about: {
    readonly title: string;
    readonly command: string;
    /** Of the program that makes the figures. */
    readonly version: string;
    /** The studies with all their audits, also those that no figure takes. */
    readonly sources: readonly {
      readonly name: string;
      readonly study: {
        readonly command: string;
        readonly tool: { readonly version: string };
        readonly audits: readonly { readonly seed: number }[];
      };
    }[];
  };
}

/**
 * Figures as they are once written and read back: all that is rendered is rendered from this.
 *
 * @throws Error starting `internal:` when a figure breaks the schema.
 */
export function figuresReport({ figures, refused, about }: Analysis): FiguresReport {
  const { title, command, version, sources } = about;
  const report = {
    ...{ schema: FIGURES_SCHEMA_ID, title, command, tool: { name: 'ml-doctor', version } },
    sources: sources.map(({ name, study }) => ({
      ...{ name, seeds: [...new Set(study.audits.map(({ seed }) => seed))].sort((a, b) => a - b) },
      ...{ version: study.tool.version, command: study.command },
    })),
    figures: figures.map((figure) => ({
      ...figure,
      charts: figure.charts.map(({ id, title, description }) => ({
        ...{ id, title, description, files: chartFiles(figure.name, id) },
      })),
      tables: figure.tables.map((table) => ({ ...table, files: tableFiles(figure.name, table.id) })),
      ...(figure.comparisons.length > 0 && { comparisonFiles: tableFiles(figure.name, COMPARISONS) }),
    })),
    refused,
  };
  return canonicalValue<FiguresReport>(figuresSchema, report, 'figures');
}

/** `figures.json` as text, by the rules of `report.json`. */
export function figuresToJson(analysis: Analysis): string {
  return toCanonicalJson(figuresSchema, figuresReport(analysis), 'figures');
}

/** JSON Schema (draft 2020-12) of `figures.json`. Keeps every rule but intervals, unique files and keys of columns. */
export function figuresJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(figuresSchema);
  return { $schema, $id: FIGURES_SCHEMA_ID, title: 'ML-Doctor figures', ...rest };
}
