import { describe, expect, it } from 'vitest';
import { AuditError } from '../errors.ts';
import { buildFigures } from './build-figures.ts';
import type { Evidence } from './evidence/evidence.ts';
import type { Figure, FigureKind } from './figure.ts';

const evidence: Evidence = { sources: [], targets: [] };
const kind = (name: string, build: () => Figure): FigureKind => ({
  name,
  title: `${name}!`,
  needs: '',
  build,
});
const figure: Figure = {
  ...{ name: 'a', title: 'A', finding: 'x', charts: [], tables: [], comparisons: [], notes: [], holes: [] },
};

describe('figures from evidence', () => {
  it('keeps those that can be made and says why the others cannot', () => {
    const few = new AuditError('MLD_TARGETS_FEW', '2 targets', 'Add some.');
    const built = buildFigures([
      { evidence, kind: kind('a', () => figure) },
      {
        evidence,
        kind: kind('b', () => {
          throw few;
        }),
      },
      { evidence, kind: kind('c', () => figure) },
    ]);
    expect(built.figures).toHaveLength(2);
    expect(built.refused).toEqual([
      { what: 'b', title: 'b!', code: 'MLD_TARGETS_FEW', message: '2 targets', hint: 'Add some.' },
    ]);
  });

  it('does not take a fault of ours for a want of evidence', () => {
    const broken = kind('a', () => {
      throw new TypeError('no');
    });
    expect(() => buildFigures([{ kind: broken, evidence }])).toThrow(TypeError);
  });
});
