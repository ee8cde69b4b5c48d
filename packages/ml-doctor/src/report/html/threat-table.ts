/** Threat models side by side: what each attacker may do, has and sees, and the one figure that its finding rests on. */

import { metricLabel } from '../format.ts';
import { attackItself, variantsFor } from '../labels.ts';
import type { Result, ThreatModel } from '../schema.ts';
import { type Carrier, carrierOf, countOf } from '../verdict/carrier.ts';
import { bracketed } from '../verdict/headlines.ts';
import { bySeverity } from '../verdict/overall.ts';
import { attackName } from './attack-name.ts';
import { term } from './glossary.ts';
import { findingBadge } from './level-badge.ts';
import { html, type Markup } from './markup.ts';

export function threatTable(results: readonly Result[]): Markup {
  const variantOf = variantsFor(results.map(attackItself));
  const inversions = countOf(results, 'inversion');
  return html`<p>Each attacker is told what it may do (access), what it has (auxiliary data) and what the model answers it (output). The same model may be safe from one and exposed to another.</p>
<table class="threats"><thead><tr><th scope="col">Attack</th><th scope="col">${term('access', 'Access')}</th><th scope="col">${term('auxiliary', 'Auxiliary data')}</th><th scope="col">${term('output', 'Output')}</th><th scope="col">Key figure, 95 % interval</th><th scope="col">Finding</th></tr></thead>
<tbody>${bySeverity(results).map((result) => {
    const { access, auxiliary, output } = result.threatModel;
    return html`<tr><th scope="row" class="name" data-label="Attack">${attackName(result, variantOf(attackItself(result)))}</th><td data-label="Access">${ACCESS[access]}</td><td data-label="Auxiliary data">${AUXILIARY[auxiliary]}</td><td data-label="Output">${OUTPUT[output]}</td><td data-label="Key figure">${keyFigure(carrierOf(result, inversions))}</td><td data-label="Finding">${findingBadge(result.verdict)}</td></tr>
`;
  })}</tbody></table>`;
}

function keyFigure(carrier: Carrier | undefined): Markup {
  if (carrier === undefined) return html`not measured`;
  const { name, metric } = carrier;
  const figure = name === 'auc' ? plainAuc(metric) : bracketed(name, metric);
  return html`${figure}<span class="interval">${metricLabel(name)}</span>`;
}

/** As a number, as tables have it; sentences have it as a share. */
function plainAuc({ value, low, high }: Carrier['metric']): string {
  const end = (limit: number | null) => (limit === null ? '–' : limit.toFixed(3));
  return `${value.toFixed(3)} [${end(low)}, ${end(high)}]`;
}

const ACCESS: Readonly<Record<ThreatModel['access'], string>> = {
  'black-box': 'asks the model',
  'white-box': 'has the model file',
};

const AUXILIARY: Readonly<Record<ThreatModel['auxiliary'], string>> = {
  none: 'none',
  shadow: 'other data of the same kind',
  partial: 'some of the training records',
  other: 'data of another kind',
};

const OUTPUT: Readonly<Record<ThreatModel['output'], string>> = {
  label: 'label',
  top1: 'top class, its probability',
  topK: 'top few classes, their probabilities',
  posteriors: 'all probabilities',
  loss: 'loss',
};
