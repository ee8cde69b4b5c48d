/** Differential privacy on the page: what accountants bound from above, and what audits show from below. */
import { grouped, percent } from '../format.ts';
import { attackLabels } from '../labels.ts';
import { atLeast, atMost, claimOf, claimsText, digitsApart, measurements, privacyAlarm } from '../privacy.ts';
import type { Privacy, Report, Result } from '../schema.ts';
import { EPSILON } from '../verdict/one-run.ts';
import { LEVEL_NAME } from '../verdict/overall.ts';
import { html, type Markup } from './markup.ts';

const ACCOUNTANT: Readonly<Record<Privacy['accountant'], string>> = {
  pld: 'privacy-loss distribution (tight)',
  rdp: 'Rényi, improved conversion',
  'rdp-classic': 'Rényi, classic conversion',
};

/** Empty where nothing is claimed and nothing measured. */
export function privacySection(report: Report): Markup {
  const { privacy } = report.target;
  const measured = measurements(report);
  if (privacy === undefined && measured.length === 0) return html``;
  const alarm = privacyAlarm(report);
  const labelOf = attackLabels(report.results);
  const digits = alarm && digitsApart(alarm.measured.epsilon, alarm.claim.epsilon);
  return html`${
    alarm !== undefined &&
    html`<section class="warning"><p><strong>The training is not as private as claimed.</strong> Claimed: epsilon at most ${claimsText(alarm.claims, digits)}. Measured: at least ${atLeast(alarm.measured.epsilon, digits)} at delta ${alarm.measured.delta}. At 95 % confidence both cannot be true.</p></section>
`
  }<table><thead><tr><th scope="col">Epsilon</th><th scope="col">Bound</th><th scope="col">At delta</th><th scope="col">By</th></tr></thead>
<tbody>${privacy !== undefined && claimedRows(privacy, digits)}${measured.map(
    ({ result, measured: { epsilon, delta, reach } }) =>
      html`${ownClaim(result, digits)}<tr><th scope="row" class="name" data-label="Epsilon">measured</th><td data-label="Bound">at least ${atLeast(epsilon, digits)}<span class="interval">could show ${atLeast(reach)}</span></td><td data-label="At delta">${delta}</td><td data-label="By"><code>${labelOf(result)}</code></td></tr>
`,
  )}</tbody></table>
${privacy !== undefined && settingsOf(privacy)}<p><small>Claimed: no record of the training data can show more than this, by proof, if noise, clipping and sampling are what the accountant was told. Measured: with 95 % confidence the training gives away no less than this about records made to stand out. ${
    privacy === undefined
      ? 'Nothing is claimed of this training.'
      : 'A measurement below the claim does not prove it; one above it contradicts it, and errs in one of 20 audits at most. What is audited is a model of its own, with such records among others, so a measurement is held against the claim of that model, by the same accountant.'
  }${measured.length > 0 && html` Findings of audits go by the bound: “${LEVEL_NAME.high}” only where it contradicts the claim, “${LEVEL_NAME.moderate}” from an epsilon of ${EPSILON.moderate}, “${LEVEL_NAME.low}” above 0, “${LEVEL_NAME['none-found']}” where it is 0 and could have contradicted the claim.`}</small></p>`;
}

/** The bound of the model that was audited. */
function ownClaim({ privacy }: Result, digits: number | undefined): Markup {
  const claim = claimOf(privacy);
  if (privacy === undefined) return html``;
  return html`<tr><th scope="row" class="name" data-label="Epsilon">of the audited model</th><td data-label="Bound">${claim === undefined ? 'none found' : `at most ${atMost(claim.epsilon, digits)}`}</td><td data-label="At delta">${privacy.delta}</td><td data-label="By">${ACCOUNTANT[privacy.accountant]}, ${grouped(privacy.records)} records, ${grouped(privacy.steps)} steps</td></tr>
`;
}

function claimedRows({ accountant, epsilons, delta }: Privacy, digits: number | undefined): Markup {
  return html`${(Object.keys(ACCOUNTANT) as Privacy['accountant'][]).map((name) => {
    const bound = epsilons[name];
    return html`<tr><th scope="row" class="name" data-label="Epsilon">${name === accountant ? html`<strong>claimed</strong>` : 'computed'}</th><td data-label="Bound">${bound === null ? 'none found' : `at most ${atMost(bound, digits)}`}</td><td data-label="At delta">${delta}</td><td data-label="By">${ACCOUNTANT[name]}</td></tr>
`;
  })}`;
}

function settingsOf({ noiseMultiplier, clipNorm, sampleRate, steps, records, neighbours }: Privacy): Markup {
  return html`<p>DP-SGD on ${grouped(records)} records: ${grouped(steps)} steps, each of which takes a record with probability ${percent(sampleRate)}, clips its gradient to norm ${clipNorm} and adds noise of ${Number(noiseMultiplier.toPrecision(4))} clip norms to the sum. Neighbouring data sets: ${neighbours}.</p>
`;
}
