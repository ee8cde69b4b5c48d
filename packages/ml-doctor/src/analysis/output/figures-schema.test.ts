/** The published schema of figures, their bytes, and what they refuse. */

import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sampleAnalysis } from '../../../test/analysis/sample-figures.ts';
import type { Figure } from '../figure.ts';
import { figuresJsonSchema, figuresReport, figuresSchema, figuresToJson } from './figures-schema.ts';
import { filesOf } from './file-names.ts';

const PUBLISHED = new URL('../../../schema/figures-1.schema.json', import.meta.url);

describe('figures.json', () => {
  const analysis = sampleAnalysis();
  const text = figuresToJson(analysis);

  it('is read as it was written, and begins with its schema', () => {
    expect(text).toMatch(/^\{\n "schema": "ml-doctor\/figures@1",\n/);
    expect(figuresSchema.parse(JSON.parse(text))).toEqual(figuresReport(analysis));
    expect(figuresToJson(sampleAnalysis())).toBe(text);
  });

  it('names studies with each seed once, and the files of every figure', () => {
    const { sources, figures } = figuresReport(analysis);
    expect(sources).toEqual([
      {
        name: 'targets',
        seeds: [0, 1],
        version: '0.1.0',
        command: 'ml-doctor study presets/small/targets.yaml',
      },
    ]);
    expect(filesOf(figures[1]!)).toEqual([
      ...['vl.json', 'svg'].map((kind) => `figures/ml-doctor-2022-figure-9-pearson.${kind}`),
      ...['csv', 'md', 'tex'].map((kind) => `figures/ml-doctor-2022-figure-9-comparisons.${kind}`),
    ]);
  });

  const [first] = analysis.figures as [Figure];
  const table = first.tables[0]!;
  it.each<[string, Partial<Figure>]>([
    ['a name that leaves the folder', { name: '../up' }],
    ['the same figure twice', { name: 'relations', charts: analysis.figures[2]!.charts }],
    ['a table that would be taken for the comparisons', { tables: [{ ...table, id: 'comparisons' }] }],
    ['a table that would be another in its file', { tables: [table, { ...table, id: 'TARGETS' }] }],
    ['a cell that no column shows', { tables: [{ ...table, rows: [{ stray: 1 }] }] }],
    [
      'two columns of one key',
      { tables: [{ ...table, columns: [table.columns[0]!, table.columns[0]!], rows: [] }] },
    ],
    ['a number that is none', { tables: [{ ...table, rows: [{ overfitting: Number.NaN }] }] }],
  ])('refuses %s', (_, spoilt) => {
    const figures = [{ ...first, ...spoilt }, ...analysis.figures.slice(1)];
    expect(() => figuresReport({ ...analysis, figures })).toThrow(/^internal: figures breaks its schema/);
  });

  it('is published as it is: run with UPDATE_SCHEMA=1, then format, to write it anew', () => {
    const current = JSON.stringify(figuresJsonSchema(), null, 2);
    if (process.env.UPDATE_SCHEMA === '1') writeFileSync(PUBLISHED, `${current}\n`);
    expect(JSON.parse(readFileSync(PUBLISHED, 'utf8'))).toEqual(JSON.parse(current));
  });
});
