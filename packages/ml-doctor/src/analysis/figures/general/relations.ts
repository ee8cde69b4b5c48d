/** Every relation that targets show: of each attack with each other, and with how much the models overfit. */

import { AuditError } from '../../../errors.ts';
import { signed } from '../../../report/format.ts';
import { gridChart } from '../../charts/grid.ts';
import { scatterChart } from '../../charts/scatter.ts';
import type { Evidence, Target } from '../../evidence/evidence.ts';
import { isUndefended, targetText } from '../../evidence/facts.ts';
import { refuseMixed } from '../../evidence/mixed.ts';
import type { Figure, FigureKind, Hole, Table } from '../../figure.ts';
import { beyond } from '../../relations/beyond.ts';
import { attackQuantities, OVERFITTING, TEST_ACCURACY } from '../../relations/quantities.ts';
import { neededText, type Quantity, type Relation, relate } from '../../relations/relate.ts';

/** Scatter plots: the rest is in the grid. */
const SHOWN = 4;

export const relations: FigureKind = {
  name: 'relations',
  title: 'How attacks go together, and with what',
  needs: 'six targets or more with the same attacks',
  build: (evidence) => build(evidence),
};

function build({ targets }: Evidence): Figure {
  refuseMixed(targets);
  const attacks = attackQuantities(targets);
  if (attacks.length === 0)
    throw new AuditError(
      'MLD_EVIDENCE_MISSING',
      'no target has the result of an attack',
      'Add attacks to the study, or run it again where tasks failed.',
    );
  const quantities = [OVERFITTING, TEST_ACCURACY, ...attacks];
  const pairs = quantities.flatMap((y, i) =>
    quantities
      .slice(0, i)
      // The one is made from the other.
      .filter((x) => x !== OVERFITTING || y !== TEST_ACCURACY)
      .map((x): Pair => ({ x, y, found: tryRelate(targets, x, y) })),
  );
  const found = pairs.flatMap((pair) => (pair.found instanceof AuditError ? [] : pair.found));
  const few = pairs.flatMap(({ found, ...pair }) => (found instanceof AuditError ? { ...pair, found } : []));
  if (found.length === 0) throw few[0]?.found;
  const strongest = found
    .filter(({ pearson }) => pearson !== null)
    .sort((a, b) => sureness(b) - sureness(a))
    .slice(0, SHOWN);
  const defended = targets.filter((target) => !isUndefended(target)).length;
  return {
    name: relations.name,
    title: relations.title,
    finding: findingOf(found, targets.length),
    charts: [gridOf(quantities, found), ...strongest.map(scatterOf)],
    tables: [tableOf(found)],
    comparisons: [],
    notes: [
      'Targets that share a data set or an architecture are not independent, so the intervals are narrower than they should be. “Leaving out a data set” shows what one data set makes of a correlation.',
      `Of ${found.length} relations one in twenty looks sure where there is none. Figures that are measured on few records draw correlations towards 0.`,
      '“Beyond overfitting” is what two attacks have in common once a straight line on overfitting is taken from both: partial correlation. Overfitting is measured too, so a little of it stays.',
      ...(defended > 0
        ? [
            `${defended} of ${targets.length} targets are defended: relations also show what defences do to both figures.`,
          ]
        : []),
    ],
    holes: [...lacking(targets, quantities), ...refusals(targets, quantities, few, found)],
  };
}

interface Pair<Found = Relation | AuditError> {
  readonly x: Quantity;
  readonly y: Quantity;
  readonly found: Found;
}

function tryRelate(targets: readonly Target[], x: Quantity, y: Quantity): Relation | AuditError {
  try {
    return relate(targets, x, y);
  } catch (error) {
    if (error instanceof AuditError && error.code === 'MLD_TARGETS_FEW') return error;
    throw error;
  }
}

/** How far the interval stays from 0; below 0 where it holds it. */
function sureness({ pearson }: Relation): number {
  const { low, high } = pearson ?? { low: null, high: null };
  return low === null || high === null ? -1 : Math.max(low, -high);
}

function findingOf(found: readonly Relation[], targets: number): string {
  const sure = found.filter((relation) => sureness(relation) > 0).sort((a, b) => sureness(b) - sureness(a));
  const [first] = sure;
  const of = `Of ${found.length} relations over ${targets} targets`;
  if (first === undefined) return `${of} none can be told from chance. ${neededText()}`;
  return `${of} ${sure.length} ${sure.length === 1 ? 'has an interval' : 'have intervals'} without 0; the surest is ${first.x.name} with ${first.y.name}, r = ${correlationText(first)}.`;
}

const correlationText = ({ pearson }: Relation): string => {
  if (pearson === null) return 'none';
  const { value, low, high } = pearson;
  return `${signed(value, 2)} (${signed(low ?? -1, 2)} to ${signed(high ?? 1, 2)})`;
};

function gridOf(quantities: readonly Quantity[], found: readonly Relation[]) {
  const known = quantities.filter((one) => found.some(({ x, y }) => x === one || y === one));
  return gridChart(
    {
      id: 'pairs',
      title: 'Pearson correlation of every pair',
      description: `Correlations over targets, −1 to 1: ${found.map((one) => `${one.x.name} and ${one.y.name} ${correlationText(one)}`).join('; ')}.`,
    },
    {
      domain: [-1, 1],
      legend: 'Pearson r',
      fields: known.flatMap((row, i) =>
        known.slice(0, i).map((column) => {
          const pair = found.find(({ x, y }) => x === column && y === row);
          const value = pair?.pearson?.value ?? null;
          return {
            ...{ row: row.name, column: column.name, value },
            text: value === null ? '' : signed(value, 2),
          };
        }),
      ),
    },
  );
}

function scatterOf(relation: Relation, index: number) {
  const { x, y, points, line } = relation;
  return scatterChart(
    {
      id: `relation-${index + 1}`,
      title: `${y.name} against ${x.name}`,
      description: `${points.length} targets; r = ${correlationText(relation)}.`,
    },
    {
      x: { label: x.label },
      y: { label: y.label },
      points: points.map((point) => ({
        ...{ x: point.x.value, y: point.y.value },
        ...(point.y.low !== null && { low: point.y.low }),
        ...(point.y.high !== null && { high: point.y.high }),
        series: point.target.data.name,
        shape: point.target.model.name,
      })),
      ...(line && { line }),
    },
  );
}

function tableOf(found: readonly Relation[]): Table {
  return {
    id: 'correlations',
    caption: 'Correlations over targets',
    columns: [
      { key: 'first', label: 'one' },
      { key: 'second', label: 'other' },
      { key: 'targets', label: 'targets', digits: 0 },
      { key: 'pearson', label: 'Pearson', digits: 2 },
      { key: 'spearman', label: 'Spearman', digits: 2 },
      { key: 'beyond', label: 'Pearson beyond overfitting', digits: 2 },
      { key: 'least', label: 'least, leaving out a data set', digits: 2 },
      { key: 'most', label: 'most, leaving out a data set', digits: 2 },
    ],
    rows: found.map((relation) => {
      const { x, y, points, pearson, spearman, leavingOut } = relation;
      return {
        ...{ first: x.name, second: y.name, targets: points.length, pearson, spearman },
        beyond: x === OVERFITTING || x === TEST_ACCURACY ? null : beyond(relation, OVERFITTING),
        least: leavingOut?.least ?? null,
        most: leavingOut?.most ?? null,
      };
    }),
  };
}

/** Figures that some targets have and others do not. */
function lacking(targets: readonly Target[], quantities: readonly Quantity[]): Hole[] {
  return quantities.flatMap((quantity) => {
    const without = targets.filter((target) => quantity.of(target) === undefined);
    if (without.length === 0) return [];
    return [
      {
        what: quantity.name,
        code: 'MLD_EVIDENCE_MISSING' as const,
        message: `${without.length} of ${targets.length} targets lack it: ${without.map(targetText).join('; ')}`,
        hint: 'They are left out of its relations. Add it to the study where it suits the data.',
      },
    ];
  });
}

/** One for each figure that has no relation at all, and one for each other pair. */
function refusals(
  targets: readonly Target[],
  quantities: readonly Quantity[],
  few: readonly Pair<AuditError>[],
  found: readonly Relation[],
): Hole[] {
  const related = new Set(found.flatMap(({ x, y }) => [x, y]));
  const hole = (what: string, { code, hint }: AuditError, message: string): Hole => ({
    ...{ what, code, message, hint },
  });
  const alone = quantities.flatMap((quantity) => {
    const refused = few.find(({ x, y }) => x === quantity || y === quantity)?.found;
    if (related.has(quantity) || refused === undefined) return [];
    const having = targets.filter((target) => quantity.of(target) !== undefined).length;
    const message = `${having} of ${targets.length} targets have it, too few together with any other figure`;
    return [hole(quantity.name, refused, message)];
  });
  const pairs = few.flatMap(({ x, y, found: refused }) =>
    related.has(x) && related.has(y) ? [hole(`${x.name} and ${y.name}`, refused, refused.message)] : [],
  );
  return [...alone, ...pairs];
}
