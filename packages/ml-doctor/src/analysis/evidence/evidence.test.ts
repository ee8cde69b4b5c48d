import { describe, expect, it } from 'vitest';
import {
  around,
  type SampleTarget,
  sampleEvidence,
  sampleSource,
} from '../../../test/analysis/sample-evidence.ts';
import type { Draft } from '../../../test/report/sample-report.ts';
import { reportSchema } from '../../report/schema.ts';
import { evidenceFrom, type Target } from './evidence.ts';
import { accuracyOf, epochsOf, membersOf, overfittingOf, targetText } from './facts.ts';
import { refuseMixed } from './mixed.ts';
import { figureOf, MODES, modeOf, resultsOf } from './modes.ts';

const one = (over: Partial<SampleTarget> = {}): SampleTarget => ({
  ...{ data: 'celeba', model: 'simple-cnn', testAccuracy: 0.7, modes: { 'MemInf <B,S>': 0.6 } },
  ...over,
});
const first = (samples: readonly SampleTarget[]): Target => sampleEvidence(samples).targets[0] as Target;

describe('evidence', () => {
  it('is made of reports as they are written', () => {
    for (const report of sampleSource([one(), one({ seed: 1 })]).reports.values())
      expect(() => reportSchema.parse(report)).not.toThrow();
  });

  it('takes audits that differ in the seed alone for one target', () => {
    const { targets } = sampleEvidence([
      one({ seed: 3 }),
      one({ model: 'resnet18' }),
      one({ seed: 1 }),
      one({ defense: { name: 'l2', params: { lambda: 0.1 } } }),
      one({ defense: { name: 'l2', params: { lambda: 0.1 }, adaptive: false } }),
      one({ epochs: 5 }),
      one({ members: 7 }),
    ]);
    expect(targets.map(({ runs }) => runs.map(({ seed }) => seed))).toEqual([
      [1, 3],
      [0],
      [0],
      [0],
      [0],
      [0],
    ]);
    expect(targets.map(targetText).slice(0, 4)).toEqual([
      'simple-cnn on celeba',
      'resnet18 on celeba',
      'simple-cnn on celeba, defended by l2 (lambda 0.1)',
      'simple-cnn on celeba, defended by l2 (lambda 0.1), of which attackers do not know',
    ]);
  });

  it('has the attacks of two studies of one target, and refuses two answers to one question', () => {
    const a = sampleSource([one()], { name: 'a' });
    const more = sampleSource([one({ modes: { 'MemInf <B,S>': 0.6, 'ModSteal <B,S>': 0.9 } })], {
      name: 'b',
    });
    const [target] = evidenceFrom([a, more]).targets;
    expect(target?.runs[0].report.results.map(({ attack }) => attack)).toEqual([
      'membership/shadow-classifier',
      'stealing/posterior-matching',
    ]);
    expect(target?.runs[0].audit.results).toHaveLength(2);
    const mixed = expect.objectContaining({ code: 'MLD_EVIDENCE_MIXED' });
    const other = (sample: Partial<SampleTarget>, version = '0.1.0') =>
      evidenceFrom([a, sampleSource([one(sample)], { name: 'b', version })]);
    expect(() => other({ modes: { 'MemInf <B,S>': 0.61 } })).toThrow(mixed);
    expect(() => other({ testAccuracy: 0.71 })).toThrow(mixed);
    expect(() => other({}, '0.2.0')).toThrow(mixed);
    expect(other({ seed: 1 }).targets[0]?.runs).toHaveLength(2);
  });

  it('misses no report silently', () => {
    const source = sampleSource([one()]);
    expect(() => evidenceFrom([{ ...source, reports: new Map() }])).toThrow(
      expect.objectContaining({ code: 'MLD_REPORT_MISSING' }),
    );
  });
});

describe('facts of a target', () => {
  it('are those of its reports', () => {
    const target = first([one({ trainAccuracy: 0.95, testAccuracy: 0.7, epochs: 12, members: 345 })]);
    expect([epochsOf(target), membersOf(target)]).toEqual([12, 345]);
    expect(accuracyOf(target, 'trainAccuracy')?.value).toBe(0.95);
    const gap = overfittingOf(target)!;
    expect(gap.value).toBeCloseTo(0.25, 12);
    // Squares of .01 and .01 added.
    expect(gap.high! - gap.value).toBeCloseTo(0.01 * Math.SQRT2, 12);
  });

  it('are means over seeds', () => {
    const target = first([one({ testAccuracy: 0.6 }), one({ testAccuracy: 0.8, seed: 1 })]);
    expect(accuracyOf(target, 'testAccuracy')?.value).toBeCloseTo(0.7, 12);
    expect(overfittingOf(target)?.value).toBeCloseTo(0.3, 12);
    expect(figureOf(target, modeOf('MemInf <B,S>'))?.value).toBeCloseTo(0.6, 12);
  });

  it('are unknown where a seed lacks them', () => {
    const target = first([one(), one({ seed: 1, modes: {} })]);
    expect(resultsOf(target, modeOf('MemInf <B,S>'))).toHaveLength(1);
    expect(figureOf(target, modeOf('MemInf <B,S>'))).toBeUndefined();
    const unknown = (report: Draft): Draft => ({
      ...report,
      target: { ...report.target, testAccuracy: null },
    });
    const partly = first([one(), one({ seed: 1, report: unknown })]);
    expect(accuracyOf(partly, 'trainAccuracy')).toBeDefined();
    expect(accuracyOf(partly, 'testAccuracy')).toBeUndefined();
    expect(overfittingOf(partly)).toBeUndefined();
  });
});

describe('the modes of ML-Doctor', () => {
  it('are ten, each found by attack and threat model', () => {
    expect(MODES.map(({ name }) => name)).toEqual([
      ...['MemInf <B,S>', 'MemInf <B,P>', 'MemInf <W,P>', 'MemInf <W,S>', 'ModInv <W,S>', 'ModInv <W,N>'],
      ...['AttrInf <W,S>', 'AttrInf <W,P>', 'ModSteal <B,S>', 'ModSteal <B,P>'],
    ]);
    const figures = Object.fromEntries(MODES.map(({ name }, i) => [name, (i + 1) / 20]));
    const target = first([one({ modes: figures })]);
    for (const mode of MODES) expect(figureOf(target, mode)?.value).toBe(figures[mode.name]);
    expect(modeOf('ModSteal <B,P>').label).toBe('model stealing <B,P>, agreement');
  });

  it('are not guessed at where an attack stands twice with other options', () => {
    const target = first([
      one({
        report: (report) => ({
          ...report,
          results: [
            ...report.results,
            ...report.results.map((r) => ({ ...r, id: r.id.replace(/.$/, (c) => (c === '0' ? '1' : '0')) })),
          ],
        }),
      }),
    ]);
    expect(() => figureOf(target, modeOf('MemInf <B,S>'))).toThrow(
      expect.objectContaining({ code: 'MLD_EVIDENCE_MIXED', message: expect.stringContaining('2 times') }),
    );
    expect(figureOf(target, modeOf('MemInf <W,S>'))).toBeUndefined();
  });
});

describe('the seeds of a target', () => {
  it('are attacked with one set of options', () => {
    const other = (report: Draft): Draft => ({
      ...report,
      results: report.results.map((result) => ({ ...result, params: { ...result.params, shadows: 2 } })),
    });
    const target = first([one(), one({ seed: 1, report: other })]);
    expect(() => figureOf(target, modeOf('MemInf <B,S>'))).toThrow(
      expect.objectContaining({
        code: 'MLD_EVIDENCE_MIXED',
        message: expect.stringContaining('<B,S> with other options under another seed'),
      }),
    );
  });
});

describe('targets of one figure', () => {
  const modes = { 'MemInf <B,S>': around(0.6) };
  const mixed = (what: string) =>
    expect.objectContaining({ code: 'MLD_EVIDENCE_MIXED', message: expect.stringContaining(what) });

  it('may be many', () => {
    expect(() => refuseMixed(sampleEvidence([one(), one({ model: 'mlp' })]).targets)).not.toThrow();
    expect(() => refuseMixed([])).not.toThrow();
  });

  it('have the same seeds', () => {
    const { targets } = sampleEvidence([
      one(),
      one({ seed: 1 }),
      one({ model: 'mlp', modes }),
      one({ model: 'resnet' }),
      one({ model: 'resnet', seed: 1 }),
    ]);
    expect(() => refuseMixed(targets)).toThrow(
      mixed('mlp on celeba was audited under the seed 0, others under the seeds 0, 1'),
    );
  });

  it('are made by one version of ml-doctor and of onnxruntime', () => {
    const of = (study: { version?: string; onnxruntime?: string }) =>
      evidenceFrom([
        sampleSource([one(), one({ model: 'resnet' })], { name: 'a' }),
        sampleSource([one({ model: 'mlp' })], { name: 'b', ...study }),
      ]).targets;
    expect(() => refuseMixed(of({ version: '0.2.0' }))).toThrow(
      mixed('mlp on celeba of b is made by ml-doctor 0.2.0, others 0.1.0'),
    );
    expect(() => refuseMixed(of({ onnxruntime: '1.24.0' }))).toThrow(
      mixed('onnxruntime 1.24.0, others 1.23.2'),
    );
    const { onnxruntime: _, ...unknown } = sampleSource([one({ model: 'mlp' })]);
    expect(() => refuseMixed(evidenceFrom([sampleSource([one()]), unknown]).targets)).not.toThrow();
  });
});
