/** The study's published schema, its bytes, and what it refuses. */

import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { reversed } from '../../../test/report/reversed.ts';
import { sampleAbout, sampleAudits, sampleStudy } from '../../../test/report/sample-study.ts';
import { MOVER } from '../../stats/mover.ts';
import { type StudyReport, studyJsonSchema, studySchema, studyToJson } from './study-schema.ts';
import { summariseStudy } from './summarise-study.ts';

const PUBLISHED = new URL('../../../schema/study-1.schema.json', import.meta.url);

/** Two audits, free to be spoilt. */
function draft() {
  const grid = { data: ['digits'], models: ['mlp'], defenses: [{ name: 'none', params: {} }], seeds: [0, 1] };
  return studySchema.parse(summariseStudy(sampleAudits(grid), sampleAbout()));
}
type Draft = ReturnType<typeof draft>;

describe('summariseStudy', () => {
  it('takes of every report what the study says of it', () => {
    const { study, audits } = sampleStudy();
    expect(study.audits.map(({ id }) => id)).toEqual(audits.map(({ id }) => id));
    const at = audits.findIndex(({ id }) => id.includes('dp-sgd'));
    const { report, id } = audits[at]!;
    const undefended = study.audits.find(
      ({ defense, seed }) => defense.name === 'none' && seed === report.seed,
    )!;
    expect(study.audits[at]).toEqual({
      id,
      report: `audits/${id}/report.json`,
      data: { name: 'fashion-mnist-10k', params: { split: 'ml-doctor-2022' } },
      model: { name: 'simple-cnn', params: { epochs: 60 } },
      defense: { name: 'dp-sgd', params: { epsilon: 8 } },
      seed: report.seed,
      trainAccuracy: report.target.trainAccuracy,
      testAccuracy: report.target.testAccuracy,
      testAccuracyChange: { from: undefended.id, metric: expect.objectContaining({ method: MOVER }) },
      results: report.results.map(
        ({
          id: question,
          attack,
          threatModel,
          params,
          references,
          queries,
          metrics,
          verdict: { level },
        }) => ({
          ...{ id: question, attack, threatModel, params, references, queries, metrics, level },
          change: { from: undefended.id, metrics: expect.objectContaining({ auc: expect.anything() }) },
        }),
      ),
      holes: 0,
    });
    expect(study.audits.slice(0, 3).map(({ results, holes }) => [results.length, holes])).toEqual([
      [1, 1],
      [0, 1],
      [2, 0],
    ]);
  });

  it('takes over that a split is shifted', () => {
    const [audit] = sampleStudy().audits.slice(2);
    audit!.report.results[0]!.verdict.reason = 'shifted-split';
    const [{ results }] = summariseStudy([audit!], sampleAbout()).audits as [StudyReport['audits'][number]];
    expect(results.map(({ reason }) => reason)).toEqual(['shifted-split', undefined]);
  });

  it('has a name only if one is given', () => {
    expect(Object.keys(summariseStudy([], sampleAbout()))).not.toContain('name');
    expect(summariseStudy([], { ...sampleAbout(), name: 'Grid' }).name).toBe('Grid');
  });
});

describe('studyToJson', () => {
  const { study } = sampleStudy();

  it('does not depend on the order in which keys were set, and is read as it was written', () => {
    const text = studyToJson(study);
    expect(studyToJson(reversed(study) as StudyReport)).toBe(text);
    expect(studyToJson(studySchema.parse(JSON.parse(text)))).toBe(text);
    expect(text).toMatch(/^\{\n "schema": "ml-doctor\/study@1",\n/);
  });

  it('refuses to write what readers would refuse', () => {
    expect(() => studyToJson({ ...study, command: '' })).toThrow(
      /^internal: study breaks its schema at command/,
    );
  });
});

describe('the study schema', () => {
  it.each<[string, (study: Draft) => void]>([
    [
      'an id that leaves the folder',
      (s) => Object.assign(s.audits[0]!, { id: '../up', report: 'audits/../up/report.json' }),
    ],
    ['a hidden id', (s) => Object.assign(s.audits[0]!, { id: '.a', report: 'audits/.a/report.json' })],
    ['a report elsewhere', (s) => Object.assign(s.audits[0]!, { report: '/etc/passwd' })],
    ['the same audit twice', (s) => s.audits.push(s.audits[0]!)],
    [
      'ids that are one folder where case does not count',
      (s) => {
        const id = s.audits[0]!.id.toUpperCase();
        s.audits.push({ ...s.audits[0]!, id, report: `audits/${id}/report.json` });
      },
    ],
    ['the same question twice', (s) => s.audits[0]!.results.push(s.audits[0]!.results[0]!)],
    ['an unknown key', (s) => Object.assign(s.audits[0]!, { host: 'x' })],
  ])('refuses %s', (_, spoil) => {
    const study = draft();
    expect(studySchema.safeParse(study).success).toBe(true);
    spoil(study);
    expect(studySchema.safeParse(study).success).toBe(false);
  });

  it('is published as it is: run with UPDATE_SCHEMA=1, then format, to write it anew', () => {
    const current = JSON.stringify(studyJsonSchema(), null, 2);
    if (process.env.UPDATE_SCHEMA === '1') writeFileSync(PUBLISHED, `${current}\n`);
    expect(JSON.parse(readFileSync(PUBLISHED, 'utf8'))).toEqual(JSON.parse(current));
  });

  it('publishes closed objects, all keys but the name required', () => {
    const schema = studyJsonSchema() as { required: string[]; additionalProperties: boolean };
    expect(schema.additionalProperties).toBe(false);
    expect(schema.required).toEqual(Object.keys(summariseStudy([], sampleAbout())));
  });
});
