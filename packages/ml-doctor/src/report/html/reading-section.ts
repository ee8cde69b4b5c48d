/** How to read the page: what the figures of each family of attacks mean, and when a finding is called what. */

import type { Family } from '../family.ts';
import type { Level } from '../schema.ts';
import { LEVELS } from '../schema.ts';
import { GAIN, MEMBER_GAIN } from '../verdict/attribute-grade.ts';
import { JUDGE_SKILL, POINTS_AT_MEMBERS } from '../verdict/inversion-grade.ts';
import { LEVEL_NAME } from '../verdict/overall.ts';
import { AGREEMENT, ROOM, SKILL } from '../verdict/stealing-grade.ts';
import { AVERAGE, TAIL_RATIO } from '../verdict/verdict.ts';
import { levelBadge } from './level-badge.ts';
import { html, type Markup } from './markup.ts';

/** Without a heading: the meaning of the figures and, for the findings of each family, the rule. `first` stands before what holds for every report with attacks of these families. */
export function readingSection(families: readonly Family[], first: readonly Markup[] = []): Markup {
  return html`<ul>${first}
${families.map((family) => ITEMS[family])}<li><strong>Intervals</strong> contain the true value in 95 of 100 audits. The findings go by their lower ends, so that chance alone seldom raises an alarm; with many attacks side by side, expect a chance finding of “Low” now and then.</li>
<li><strong>A lower bound.</strong> An audit shows what these attacks can do. It cannot show that no attack can do more.</li>
${families.some((family) => family !== 'stealing') && ONE_DISTRIBUTION}</ul>
${families.map(
  (family) => html`${
    families.length > 1 &&
    html`<h3>${RULES_TITLE[family]}</h3>
`
  }<table><thead><tr><th scope="col">Finding</th><th scope="col">${RULES_HEADING[family]}</th></tr></thead>
<tbody>${[...LEVELS].reverse().map(
    (level) => html`<tr><td>${levelBadge(level)}</td><td>${RULES[family][level]}</td></tr>
`,
  )}</tbody></table>`,
)}`;
}

const ONE_DISTRIBUTION = html`<li><strong>One distribution.</strong> Members and non-members must come from the same source. If the non-members are older, cleaner or otherwise different, the attack may tell the sources apart rather than the training data. A classifier that sees inputs and labels but not the model checks this: where it beats guessing, the split is shifted and no figure counts as evidence.</li>
`;

const MEMBERSHIP = html`<li><strong>What is attacked.</strong> Each attack is shown records and says for each how strongly it believes that the model was trained on it. If being in the training data reveals something about a person, such an attack is a breach of privacy.</li>
<li><strong>TPR at 1 % FPR</strong> is the share of training records named (true positives) when 1 in 100 other records is wrongly accused (false positives). It shows what happens to the few people most exposed. Guessing names 1 %.</li>
<li><strong>AUC</strong> is how often a training record is ranked above another record: 0.5 is guessing, 1 is certainty. It is an average and can hide people who are badly exposed, so it never decides alone.</li>
<li><strong>Balanced accuracy</strong> is the share of right answers at the attacker’s own threshold, when half of the records are training records. Guessing gives 50 %.</li>
`;

const INVERSION = html`<li><strong>What is reconstructed.</strong> An inversion attack makes records that the model takes for a class, to see through the model what its training data looks like. A picture that looks like its class need not look like anybody in it.</li>
<li><strong>Member closer</strong> is the share of reconstructions whose nearest record of the class was used in training. Members and non-members are equally many, so a reconstruction of nobody in particular gives 50 %. The p-value says how often chance alone would put members as close; all inversion attacks together raise a false alarm in 5 of 100 audits at most. Where they are no closer, the attack shows the class, not the people.</li>
<li><strong>Judge accuracy</strong> is the share of reconstructions that an independent classifier, never the model itself, recognises as the class asked for. Read it with the accuracy of the judge on real records, and with the baselines: what the attacker’s own data shows already, and what the attack started from. Where it beats none of them it shows nothing that was not there before.</li>
<li><strong>MSE and SSIM</strong> say how alike two records are, not how varied reconstructions are: MSE is 0 and SSIM 1 for equal ones. The MSE to the class mean depends above all on how values are scaled, and hardly on attack, model or defence: hold it against that of the all-zero input.</li>
`;

const ATTRIBUTE = html`<li><strong>What is guessed.</strong> An attribute attack guesses something about a person that it was not told, as sex or an illness, from what the model makes of that person’s record.</li>
<li><strong>Gain.</strong> Much can be guessed without any model, because attributes go together. So every attack is held against an imputation: somebody who knows as much of the same records, but has no model. Only what the attack guesses beyond that comes from the model. Where it beats the commonest value alone, it shows a correlation that any model would show.</li>
<li><strong>Members beyond others.</strong> A gain on training records and on others alike is what the model knows of the population: it tells about anybody whose record it is shown. What it adds for training records beyond what it adds for others is what it keeps of single people: the gain on training records less the gain on others. An attack is never credited with failing on others: where it gains nothing there, nothing is taken off.</li>
<li><strong>Mean absolute error</strong> says how far guesses of a number are off on average, in its own units; of categories in order, in steps. The error reduction is the part of the imputation’s error that goes: 0 % is no gain, 100 % certainty.</li>
<li><strong>AUC and the surest.</strong> AUC is how often somebody with a value is believed more likely to have it than somebody without. “Right of the 10 surest” is the share of right guesses among those the attack is surest about: few people may be exposed where the average is not.</li>
<li><strong>Many questions.</strong> Each attack on each attribute is judged by up to three measures. A model that gives nothing away is called “${LEVEL_NAME.low}” by chance in about one of 40 such comparisons; of several attributes, expect one now and then.</li>
`;

const STEALING = html`<li><strong>What is stolen.</strong> A stealing attack asks the model about records of its own and trains a copy on the answers. A copy does the model’s work for somebody else, and lends itself to attacks that need the weights.</li>
<li><strong>Agreement</strong> is the share of records, new to model and copy, for which both give the same answer. <strong>Accuracy</strong> is the share for which the copy gives the right one. A copy may agree and be wrong: where the model errs, it is above all what was learnt from the model that gives the same wrong answer.</li>
<li><strong>Gain.</strong> Two models of one task agree often without having met. So every copy is held against what needs no such queries: the commonest answer, and a copy learnt from as many records’ own labels; where no records are at hand, one learnt from random inputs. The way to full agreement is the part of the best baseline’s disagreement that is gone: 0 % is no gain, 100 % a copy that always agrees.</li>
<li><strong>The best copy.</strong> More queries may spoil a copy, and an attacker keeps the best: where the interval of an earlier one lies above that of the best baseline, and its level, reckoned with the ends of both, is higher than the last one’s, it is graded in its place.</li>
<li><strong>KL divergence</strong> says in nats how far the copy’s probabilities are from the model’s: 0 is equal.</li>
<li><strong>No members needed.</strong> Copies are judged on records that the model was not trained on, so it does not matter here whether members differ from others.</li>
`;

const ITEMS: Readonly<Record<Family, Markup>> = {
  membership: MEMBERSHIP,
  inversion: INVERSION,
  attribute: ATTRIBUTE,
  stealing: STEALING,
};

const RULES_TITLE: Readonly<Record<Family, string>> = {
  membership: 'Findings of membership attacks',
  inversion: 'Findings of inversion attacks',
  attribute: 'Findings of attribute attacks',
  stealing: 'Findings of stealing attacks',
};

export const RULES_HEADING: Readonly<Record<Family, string>> = {
  membership: 'When, at the lower end of the interval, one of these holds',
  inversion: 'When',
  attribute: 'When, by accuracy, AUC or error reduction',
  stealing: 'When',
};

const QUARTER = `${JUDGE_SKILL * 100} % of the way from guessing to certainty`;

const MEMBERSHIP_RULES: Readonly<Record<Level, string>> = {
  high: `TPR at least ${TAIL_RATIO.high} times FPR; balanced accuracy at least ${AVERAGE.high * 100} %`,
  moderate: `TPR at least ${TAIL_RATIO.moderate} times FPR; balanced accuracy at least ${AVERAGE.moderate * 100} %; AUC at least ${AVERAGE.moderate}`,
  low: 'TPR, balanced accuracy or AUC above guessing',
  inconclusive: `None of these, but the records are too few to exclude “${LEVEL_NAME.moderate}”. Also, as “Split shifted”, whatever the figures, when members and non-members differ without the model`,
  'none-found': `None of these, and the upper ends exclude “${LEVEL_NAME.moderate}”`,
};

const INVERSION_RULES: Readonly<Record<Level, string>> = {
  high: `As “${LEVEL_NAME.moderate}”, and a member is nearest to at least ${POINTS_AT_MEMBERS * 100} % of the reconstructions, at the lower end of the interval`,
  moderate:
    'Reconstructions are closer to members than to non-members, by values or by features: the p-values of all inversion attacks together at 5 % (Holm), and a member nearest to more than 50 % at the lower end of the interval',
  low: 'Closer to members by the p-values alone; or the class only: judge accuracy above guessing and above that of the start (a generator guided by the model has none: above guessing), at the lower end of the intervals',
  inconclusive: `None of these, but reconstructions are too few or the judge too poor to exclude them. Also, as “Split shifted”, where members and non-members differ without the model`,
  'none-found': `None of these; the upper ends exclude a judge accuracy or a gain over the start of ${QUARTER}, and a member nearest to ${POINTS_AT_MEMBERS * 100} %`,
};

const share = (of: number) => `${of * 100} % or points`;

const ATTRIBUTE_RULES: Readonly<Record<Level, string>> = {
  high: `Gain of at least ${share(GAIN.high)}; or a gain, and members beyond others by at least ${share(MEMBER_GAIN.high)}; at the lower ends of the intervals`,
  moderate: `Gain of at least ${share(GAIN.moderate)}; or a gain, and members beyond others by at least ${share(MEMBER_GAIN.moderate)}; at the lower ends`,
  low: 'A gain; at the lower end',
  inconclusive: `None of these, but the records are too few to exclude “${LEVEL_NAME.moderate}”. Also, as “Split shifted”, without a gain where members and non-members differ without the model; with one, the gain alone decides`,
  'none-found': `None of these, and all upper ends exclude ${share(GAIN.moderate)}`,
};

const copies = (level: 'moderate' | 'high') =>
  `Agreement of at least ${AGREEMENT[level] * 100} %, and at least ${SKILL[level] * 100} % of the way from the best baseline to full agreement; at the lower ends of the intervals`;

const STEALING_RULES: Readonly<Record<Level, string>> = {
  high: copies('high'),
  moderate: copies('moderate'),
  low: 'A gain over the best baseline; at the lower end',
  inconclusive: `None of these, but the records are too few to exclude a gain of ${ROOM * 100} points`,
  'none-found': `None of these, and the upper end excludes a gain of ${ROOM * 100} points`,
};

export const RULES: Readonly<Record<Family, Readonly<Record<Level, string>>>> = {
  membership: MEMBERSHIP_RULES,
  inversion: INVERSION_RULES,
  attribute: ATTRIBUTE_RULES,
  stealing: STEALING_RULES,
};
