/** The matrix on the page: well-formed whatever the texts are, and nothing told by colour alone. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileText, structureOf } from '../../../../test/report/page-structure.ts';
import { type HandMade, handMade, UNDEFENDED } from '../../../../test/report/sample-matrix.ts';
import { sampleRun } from '../../../../test/report/sample-report.ts';
import { sampleStudy } from '../../../../test/report/sample-study.ts';
import { renderStudyHtml } from '../study-html.ts';
import { studySchema } from '../study-schema.ts';
import { effectText } from './matrix-format.ts';
import { matrixSection } from './matrix-section.ts';

const TARGETS: readonly HandMade[] = [
  { id: 'a', defense: UNDEFENDED, attack: 0.7, accuracy: 0.9 },
  { id: 'b', defense: { name: 'l2', params: {} }, attack: 0.6, accuracy: 0.8 },
  { id: 'c', defense: { name: 'dropout', params: {}, adaptive: false }, attack: 0.75, accuracy: 0.9 },
  { id: 'd', defense: { name: 'top-k', params: {} }, holes: 1 },
];
const section = (targets: readonly HandMade[], trainings?: Record<string, number>) =>
  matrixSection(handMade(targets), trainings && { ...sampleRun(), trainings }).text;

/** Text of each cell of each row. */
const cellsOf = (page: string) =>
  [...page.matchAll(/<tr><th scope="row">[\s\S]*?<\/tr>/g)].map(([row]) =>
    row
      .split(/<\/t[hd]>/)
      .slice(0, -1)
      .map((cell) =>
        cell
          .replace(/<[^>]*>/g, '|')
          .replaceAll('\u00a0', ' ')
          .replace(/[|\s]*\|[|\s]*/g, '|'),
      ),
  );

describe('matrixSection', () => {
  it('shows figure, interval, change with interval, and what it means, in words', () => {
    const rows = cellsOf(section(TARGETS, { a: 10, b: 25, c: 12 }));
    expect(rows).toEqual([
      [
        '|membership/loss-threshold|Balanced accuracy|black-box, no data, posteriors|',
        '|70 %|69 % to 71 %|',
        '|60 %|59 % to 61 %|−10.0 points|−11.4 to −8.6|▼ protects|',
        '|75 %|74 % to 76 %|+5.0 points|+3.6 to +6.4|▲ exposes more|',
        '|failed',
      ],
      [
        '|Test accuracy|of the model itself|',
        '|90 %|89 % to 91 %|',
        '|80 %|79 % to 81 %|−10.0 points|−11.4 to −8.6|▼ less accurate|',
        '|90 %|89 % to 91 %|±0.0 points|−1.4 to +1.4|≈ may be chance|',
        '|80 %|79 % to 81 %|−10.0 points|−11.4 to −8.6|▼ less accurate|',
      ],
      ['|Training time|as measured, undefended 1 ×|', '|10 s', '|2.5 × (25 s)', '|1.2 × (12 s)', '|unknown'],
    ]);
  });

  it.each([
    ['auc', 'better', -0.1, '▼ protects'],
    ['auc', 'worse', 0.1, '▲ exposes more'],
    ['mse', 'better', 0.1, '▲ protects'],
    ['mse', 'worse', -0.1, '▼ exposes more'],
    ['testAccuracy', 'better', 0.1, '▲ more accurate'],
    ['testAccuracy', 'worse', -0.1, '▼ less accurate'],
    ['mse', 'undecided', 0.1, '≈ may be chance'],
  ] as const)(
    'has an arrow where %s went, and a word for what that means: %s of %d',
    (name, verdict, value, text) => {
      expect(effectText(name, { verdict, strength: 2 }, { value })).toBe(text);
    },
  );

  it('colours by what the change means, and marks who does not know of the defence', () => {
    const page = section(TARGETS);
    const classes = [...page.matchAll(/<td class="([^"]*)" data-label="([^"]*)"/g)].map(
      ([, ...both]) => both,
    );
    expect(classes).toEqual([
      ['m-better s-2', 'l2'],
      ['m-worse s-1', 'dropout'],
      ['m-missing', 'top-k'],
      ['m-worse s-3', 'l2'],
      ['m-undecided s-1', 'dropout'].map((text) => text.replace(' s-1', '')),
      ['m-worse s-3', 'top-k'],
    ]);
    expect(page.match(/attackers do not know of it/g)).toHaveLength(1);
    expect(page).not.toContain('<th scope="row">Training time');
    expect(page).toContain('square-and-add');
  });

  it('has claims with alarms, and says what a defence does not touch', () => {
    const study = studySchema.parse(
      handMade(TARGETS.slice(0, 3), [{ from: 'a', audit: 'b', metrics: 'same' }]),
    );
    study.audits[1]!.privacy = { epsilon: 3.145, delta: 1e-5 };
    study.audits[2]!.privacy = { epsilon: null, delta: 1e-5 };
    const shown = () => matrixSection(study, { ...sampleRun(), trainings: { a: 1, b: 1.5, c: 4 } }).text;
    const [, claims, accuracy, times] = cellsOf(shown());
    expect(claims).toEqual([
      '|Claimed ε|of the training, at most|',
      ...['|none', '|3.15 at delta 0.00001', '|no bound'],
    ]);
    expect(accuracy![2]).toBe('|80 %|79 % to 81 %|±0.0 points|exactly|= not touched by this defence|');
    expect(shown()).toContain('<td class="m-same" data-label="l2"');
    expect(times!.slice(2)).toEqual(['|too short to compare (1.5 s)', '|too short to compare (4.0 s)']);
    expect(shown()).not.toContain('refuted');
    const [result] = study.audits[1]!.results;
    result!.level = 'high';
    expect(shown()).not.toContain('refuted');
    result!.attack = 'membership/one-run-audit';
    expect(shown().match(/<td class="m-alarm" data-label="l2">3.15[^/]*refuted/g)).toHaveLength(1);
    structureOf(shown());
  });

  it.each([
    [1, false],
    [2, true],
    [4, true],
    [5, false],
  ])('warns of few seeds: %i', (count, warned) => {
    const seeds = Array.from({ length: count }, (_, seed) =>
      TARGETS.slice(0, 2).map((target) => ({ ...target, id: `${target.id}${seed}`, seed })),
    ).flat();
    const page = section(seeds);
    expect(page.includes(`With only ${count} seeds`)).toBe(warned);
    if (count === 2) expect(page).toContain('with 1 degree of freedom: 12.7 standard errors');
    if (count === 4) expect(page).toContain('with 3 degrees of freedom: 3.2 standard errors');
  });

  it('says how many seeds a figure lacks', () => {
    const seeds = [...TARGETS.slice(0, 2), { ...TARGETS[1]!, id: 'x', seed: 1, holes: 1 }].map((target) => {
      const { attack, ...rest } = target;
      return target.id === 'x' ? rest : { ...rest, ...(attack !== undefined && { attack }) };
    });
    expect(cellsOf(section(seeds))[0]![2]).toContain('▼ protects|1 of 2 seeds|');
  });

  it('stands above the table of the study, and only where defences are compared', () => {
    const page = renderStudyHtml(sampleStudy().study, sampleRun());
    structureOf(page);
    expect(page.indexOf('What each defence buys')).toBeLessThan(page.indexOf('<h2>Findings'));
    expect(page.match(/<details class="matrix" open>/g)).toHaveLength(4);
    expect(section(TARGETS.slice(0, 1))).toBe('');
  });

  it('keeps its structure whatever the texts are', () => {
    const withText = (text: string) => {
      const study = studySchema.parse(handMade(TARGETS));
      for (const audit of study.audits) {
        audit.data.name = text;
        audit.model.name = text;
        if (audit.defense.name !== 'none') audit.defense.name = `${text}${audit.id}`;
        for (const result of audit.results) {
          result.attack = `membership/${text}`;
          for (const metric of Object.values(result.change?.metrics ?? {})) metric.method = text;
        }
      }
      return structureOf(matrixSection(study, undefined).text);
    };
    const plain = withText('x');
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(withText(text)).toEqual(plain);
      }),
    );
  });
});
