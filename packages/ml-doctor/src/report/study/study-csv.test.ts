/** Read back with a parser of its own, the table says what the study says. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reversed } from '../../../test/report/reversed.ts';
import { sampleStudy } from '../../../test/report/sample-study.ts';
import { studyToCsv } from './study-csv.ts';
import { type StudyReport, studySchema } from './study-schema.ts';

/** RFC 4180 with line feeds, one character at a time. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i]!;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else quoted = false;
    } else if (char === '"' && cell === '') quoted = true;
    else if (char === ',' || char === '\n') {
      row.push(cell);
      cell = '';
      if (char === '\n') {
        rows.push(row);
        row = [];
      }
    } else if (char === '"' || char === '\r') throw new Error(`a bare ${JSON.stringify(char)}`);
    else cell += char;
  }
  if (quoted || cell !== '' || row.length > 0) throw new Error('the last line does not end');
  return rows;
}

function parseTable(text: string): Record<string, string>[] {
  const [header, ...rows] = parseCsv(text);
  return rows.map((row) => {
    expect(row).toHaveLength(header!.length);
    return Object.fromEntries(row.map((cell, i) => [header![i]!, cell]));
  });
}

describe('studyToCsv', () => {
  const { study } = sampleStudy();

  it('has a row per audit, attack and metric, and none for what failed', () => {
    const rows = parseTable(studyToCsv(study));
    expect(rows.filter(({ audit }) => audit !== '')).toHaveLength((48 * 2 - 3) * 3);
    expect(rows.filter(({ audit }) => audit === study.audits[0]!.id)).toHaveLength(3);
    expect(rows.filter(({ audit }) => audit === study.audits[1]!.id)).toHaveLength(0);
  });

  it('carries every number and every choice', () => {
    const rows = parseTable(studyToCsv(study));
    const audit = study.audits.at(-1)!;
    const result = audit.results.at(-1)!;
    const found = rows.filter((row) => row.audit === audit.id && row.attack === result.attack);
    expect(found.map(({ metric }) => metric)).toEqual(['auc', 'balancedAccuracy', 'tprAtFpr0.01']);
    const { auc } = result.metrics;
    const change = result.change!.metrics['auc']!;
    const [row] = found;
    expect(row).toEqual({
      audit: audit.id,
      data: 'digits',
      data_params: '{"split":"ml-doctor-2022"}',
      model: 'mlp',
      model_params: '{"epochs":60}',
      defense: 'dp-sgd',
      defense_params: '{"epsilon":8}',
      seed: '2',
      attack: 'membership/shadow-classifier',
      access: 'black-box',
      auxiliary: 'shadow',
      output: 'posteriors',
      params: '{"hidden":[64,32],"shadows":1}',
      variant: '',
      attribute: '',
      through: '',
      queries: '800',
      references: '1',
      pool: 'disjoint',
      spread: '',
      seeds: '1',
      reason: '',
      finding: '',
      metric: 'auc',
      value: String(Number(auc!.value.toPrecision(6))),
      low: String(Number(auc!.low!.toPrecision(6))),
      high: String(Number(auc!.high!.toPrecision(6))),
      method: 'simulated',
      level: result.level,
      train_accuracy: '1',
      test_accuracy: String(Number(audit.testAccuracy!.value.toPrecision(6))),
      change: String(Number(change.value.toPrecision(6))),
      change_low: String(Number(change.low!.toPrecision(6))),
      change_high: String(Number(change.high!.toPrecision(6))),
      change_method: change.method,
      adaptive: '',
    });
  });

  it('has a row per figure repeated over seeds, of no single audit', () => {
    const rows = parseTable(studyToCsv(study)).filter(({ audit }) => audit === '');
    expect(rows).toHaveLength(study.repeats.length * 3);
    const repeat = study.repeats.at(-1)!;
    const { mean, spread, seeds } = repeat.metrics.auc!;
    const [row] = rows
      .filter((each) => each.data_params === JSON.stringify(repeat.data.params) && each.metric === 'auc')
      .slice(-1);
    const text = (value: number) => String(Number(value.toPrecision(6)));
    expect(row).toMatchObject({
      ...{ data: repeat.data.name, model: repeat.model.name, defense: repeat.defense.name },
      ...{ attack: repeat.attack, seed: '', level: '', references: '', seeds: String(seeds) },
      ...{ value: text(mean.value), low: text(mean.low!), high: text(mean.high!), spread: text(spread!) },
    });
  });

  it('tells attacks of one name apart', () => {
    const [audit] = studySchema.parse(study).audits.slice(2);
    const [first] = audit!.results;
    audit!.results = [
      { ...first!, params: { k: 1 }, id: 'membership/x@black-box,none#0001' },
      { ...first!, params: { k: 2 }, id: 'membership/x@black-box,none#0002' },
    ];
    const rows = parseTable(studyToCsv({ ...study, audits: [audit!], repeats: [] }));
    expect(new Set(rows.map(({ attack, variant }) => `${attack}: ${variant}`))).toEqual(
      new Set([`${first!.attack}: k 1`, `${first!.attack}: k 2`]),
    );
  });

  it('leaves empty what is not bounded or unknown', () => {
    const [audit] = studySchema.parse(study).audits.slice(2);
    audit!.trainAccuracy = null;
    audit!.results = [
      { ...audit!.results[0]!, metrics: { auc: { value: -0.5, low: null, high: null, method: 'none' } } },
    ];
    const [row] = parseTable(studyToCsv({ ...study, audits: [audit!] }));
    expect(row).toMatchObject({
      value: '-0.5',
      low: '',
      high: '',
      train_accuracy: '',
      test_accuracy: '0.82',
    });
  });

  it('does not depend on the order in which keys were set', () => {
    expect(studyToCsv(reversed(study) as StudyReport)).toBe(studyToCsv(study));
  });

  it('gives any text back, with an apostrophe before what a spreadsheet would run', () => {
    const [audit] = study.audits.slice(2);
    const start = fc.constantFrom('', '=', '+', '-', '@', '\t', '\r', "'", '"', ',', '\n', ' =', 'a=');
    const text = fc.tuple(start, fc.string({ unit: 'binary' })).map(([a, b]) => `${a}${b}`);
    const notEmpty = text.filter((each) => each !== '');
    fc.assert(
      fc.property(notEmpty, text, notEmpty, (name, param, method) => {
        const metrics = { auc: { value: 0.5, low: null, high: null, method } };
        const hostile: StudyReport = {
          ...study,
          audits: [
            {
              ...audit!,
              data: { name, params: { text: param } },
              results: [{ ...audit!.results[0]!, metrics }],
            },
          ],
        };
        const [row] = parseTable(studyToCsv(hostile));
        const safe = (each: string) => ('=+-@\t\r'.includes(each[0]!) ? `'${each}` : each);
        expect(row!.data).toBe(safe(name));
        expect(row!.method).toBe(safe(method));
        expect(JSON.parse(row!.data_params!)).toEqual({ text: param });
      }),
    );
  });
});
