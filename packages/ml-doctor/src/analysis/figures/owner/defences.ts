/** What each defence would change for one model: of its worst attack, for what it costs in accuracy. */

import { AuditError } from '../../../errors.ts';
import { metricLabel, signed } from '../../../report/format.ts';
import { attackLabels, defenseLabels } from '../../../report/labels.ts';
import type { Metric } from '../../../report/schema.ts';
import { attackKey, changedOf } from '../../../report/study/changes.ts';
import { bySeverity } from '../../../report/verdict/overall.ts';
import { barChart } from '../../charts/bars.ts';
import type { Evidence, Target } from '../../evidence/evidence.ts';
import { refuseMixed } from '../../evidence/mixed.ts';
import type { FigureKind } from '../../figure.ts';

/** Figures that grow as an attack gets worse at it. */
const ERRORS: ReadonlySet<string> = new Set(['mse', 'meanAbsoluteError', 'klDivergence']);

interface Row {
  readonly defence: string;
  /** How much worse off the attack is: how much of its figure goes, or comes to it where it is an error. */
  readonly gain: Metric;
  /** Of test accuracy; above 0 where it falls. */
  readonly loss: Metric | null;
  readonly worth: Metric | null;
}

export const ownerDefences: FigureKind = {
  name: 'owner/defences',
  title: 'What each defence would change of the worst attack, and what it costs',
  needs: 'one model on one data set, undefended and with at least one defence',
  build: (evidence) => {
    const { undefended, defended, target } = oneModel(evidence);
    const [run] = undefended.runs;
    const worst = bySeverity(run.report.results)[0];
    if (worst === undefined) throw missing('no attack on the undefended model has a result');
    const key = attackKey(worst);
    const holes: string[] = [];
    const changesOf = ({ runs: [{ audit }] }: Target) =>
      audit.results.find((result) => attackKey(result) === key)?.change?.metrics;
    // One figure for all: of two there is no better one.
    const figure = changedOf(worst).find((name) => defended.some((one) => changesOf(one)?.[name])) ?? '';
    const isError = ERRORS.has(figure);
    const said = wordsFor(figure);
    const nameOf = defenseLabels(defended.map(({ defense }) => defense));
    const rows = defended.flatMap((one): Row[] => {
      const { audit } = one.runs[0];
      const metric = changesOf(one)?.[figure];
      if (metric === undefined) {
        holes.push(nameOf(one.defense));
        return [];
      }
      const gain = isError ? metric : negative(metric);
      const accuracy = audit.testAccuracyChange?.metric;
      const loss = accuracy === undefined ? null : negative(accuracy);
      return [{ defence: nameOf(one.defense), gain, loss, worth: loss && perPoint(gain, loss) }];
    });
    if (rows.length === 0) throw missing('no defended model has a change of the worst attack');
    const ranked = rows.sort(byWorth);
    const label = attackLabels(run.report.results)(worst);
    return {
      name: 'owner/defences',
      title: ownerDefences.title,
      finding: findingOf(ranked, label, said, isError),
      charts: [
        barChart(
          {
            id: 'change',
            title: `What changes of the ${said} of ${label}, and of the test accuracy`,
            description: ranked
              .map(({ defence, gain }) => `${defence}: ${signed((isError ? 1 : -1) * gain.value, 3)}`)
              .join('; '),
          },
          {
            y: { label: 'defended less undefended', as: 'number' },
            bars: ranked.flatMap(({ defence, gain, loss }) => [
              bar(defence, `${said} of the attack`, isError ? gain : negative(gain)),
              ...(loss ? [bar(defence, 'test accuracy', negative(loss))] : []),
            ]),
            reference: 0,
          },
        ),
      ],
      tables: [
        {
          id: 'defences',
          caption: `Defences of ${target}, the best first: how much ${isError ? 'comes to' : 'goes of'} the ${said} of ${label}, and what test accuracy goes with it`,
          columns: [
            { key: 'defence', label: 'Defence' },
            { key: 'gain', label: `${isError ? 'More' : 'Less'} ${said}` },
            { key: 'loss', label: 'Less test accuracy' },
            { key: 'worth', label: 'Per point of accuracy lost' },
          ],
          rows: ranked.map(({ defence, gain, loss, worth }) => ({ defence, gain, loss, worth })),
        },
      ],
      comparisons: [],
      notes: [
        'First come defences whose interval says that they protect, and of these first those that lose no accuracy; the others follow by how much of the attack goes for each percentage point of test accuracy.',
        'Limits of what goes per point come from the limits of both changes: they hold together for 90 % at least, and there is no upper one where no loss of accuracy is shown.',
        ...(undefended.runs.length > 1 ? ['Of several seeds the first is shown.'] : []),
        'One attack was chosen because it is the worst without a defence; the matrix of the study has them all.',
      ],
      holes: holes.map((what) => ({ what, ...about(`${label} has no change under ${what}`) })),
    };
  },
};

const bar = (category: string, group: string, { value, low, high }: Metric) => ({
  ...{ category, group, value },
  ...(low !== null && { low }),
  ...(high !== null && { high }),
});

/**
 * @throws {AuditError} MLD_EVIDENCE_MISSING unless the evidence is of one model; MLD_EVIDENCE_MIXED where its audits differ
 *   in seeds or versions
 */
export function oneModel({ targets }: Evidence): {
  readonly undefended: Target;
  readonly defended: readonly Target[];
  readonly target: string;
} {
  const names = [...new Set(targets.map(({ data, model }) => `${model.name} on ${data.name}`))];
  const undefended = targets.filter(({ defense }) => defense.name === 'none');
  const [first, second] = undefended;
  if (first === undefined || second !== undefined || names.length > 1)
    throw missing(
      `the evidence is of ${names.length} models (${names.slice(0, 3).join(', ')}), ${undefended.length} of them undefended`,
    );
  refuseMixed(targets);
  const defended = targets.filter((target) => target !== first);
  return { undefended: first, defended, target: names[0] as string };
}

const about = (message: string) =>
  ({
    code: 'MLD_EVIDENCE_MISSING',
    message,
    hint: 'Run ml-doctor study --preset owner AUDIT.yaml: it tries every defence on one model.',
  }) as const;

export const missing = (message: string): AuditError => {
  const { code, hint } = about(message);
  return new AuditError(code, message, hint);
};

export const negative = ({ value, low, high, method }: Metric): Metric => ({
  value: 0 - value,
  low: high === null ? null : 0 - high,
  high: low === null ? null : 0 - low,
  method,
});

/** What goes for a percentage point of accuracy; null where none is lost. */
export function perPoint(gain: Metric, loss: Metric): Metric | null {
  if (loss.value <= 0) return null;
  const points = (share: number) => 100 * share;
  const { low: least, high: most } = gain;
  const [lossLow, lossHigh] = [loss.low ?? 0, loss.high];
  const over = (limit: number | null, dear: number | null, cheap: number) =>
    limit === null
      ? null
      : limit >= 0
        ? dear === null
          ? 0
          : limit / points(dear)
        : cheap > 0
          ? limit / points(cheap)
          : null;
  return {
    value: gain.value / points(loss.value),
    low: over(least, lossHigh, lossLow),
    high:
      most === null
        ? null
        : most >= 0
          ? lossLow > 0
            ? most / points(lossLow)
            : null
          : lossHigh === null
            ? 0
            : most / points(lossHigh),
    method: 'limits of both changes, 90 % at least',
  };
}

const protects = ({ gain }: Row): boolean => (gain.low ?? -1) > 0;

function byWorth(a: Row, b: Row): number {
  const free = ({ loss }: Row) => loss !== null && loss.value <= 0;
  return (
    Number(protects(b)) - Number(protects(a)) ||
    Number(free(b)) - Number(free(a)) ||
    (free(a) ? b.gain.value - a.gain.value : (b.worth?.value ?? 0) - (a.worth?.value ?? 0))
  );
}

/** `balanced accuracy`, `judge accuracy`, `MSE to the class mean`: what a metric is called within a sentence. */
function wordsFor(figure: string): string {
  const [label = figure] = metricLabel(figure).split(/, | \(/);
  return /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}

function findingOf(rows: readonly Row[], attack: string, figure: string, isError: boolean): string {
  const protecting = rows.filter(protects);
  const [best] = protecting;
  const [does, to] = isError ? ['adds', 'to'] : ['takes', 'of'];
  if (best === undefined)
    return `${rows.length === 1 ? 'The one defence' : `None of ${rows.length} defences`} ${does} ${rows.length === 1 ? 'nothing' : 'anything'} ${to} the ${figure} of ${attack} that is beyond chance.`;
  const { loss } = best;
  const cost =
    loss === null
      ? ''
      : loss.value <= 0
        ? ' and loses no test accuracy'
        : ` and loses ${(100 * loss.value).toFixed(1)} points of test accuracy`;
  return `${best.defence} ${does} ${best.gain.value.toFixed(3)} ${to} the ${figure} of ${attack}${cost}; ${protecting.length} of ${rows.length} defences do something that is beyond chance.`;
}
