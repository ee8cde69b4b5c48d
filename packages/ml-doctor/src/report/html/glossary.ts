/** The words that the page takes for granted, each explained once and linked from where it stands. */

import type { Family } from '../family.ts';
import { html, type Markup } from './markup.ts';

interface Entry {
  readonly term: string;
  readonly text: string;
  /** Families whose pages have the word; all of them where nothing is said. */
  readonly of?: readonly Family[];
}

const MEMBERSHIP: readonly Family[] = ['membership'];
const WITH_MEMBERS: readonly Family[] = ['membership', 'inversion', 'attribute'];

const ENTRIES = {
  access: {
    term: 'Access (black-box, white-box)',
    text: 'What the attacker may do: black-box, ask the model and read its answers; white-box, open the file of the model with its weights.',
  },
  accuracy: { term: 'Accuracy', text: 'The share of right answers.' },
  agreement: {
    term: 'Agreement',
    text: 'The share of new records for which a copy gives the model’s answer, right or wrong.',
    of: ['stealing'],
  },
  auc: {
    term: 'AUC',
    text: 'Area under the ROC curve: how often a training record is ranked above another record. 0.5 is guessing, 1 certainty. An average that may hide few people who are badly exposed.',
    of: ['membership', 'attribute'],
  },
  auxiliary: {
    term: 'Auxiliary data',
    text: 'Records that the attacker has beforehand: none, other data of the same kind (shadow), some of the training records (partial), or data of another kind.',
  },
  'balanced-accuracy': {
    term: 'Balanced accuracy',
    text: 'The share of right answers at the attacker’s own threshold where half of the records are training records. Guessing gives 50 %.',
    of: MEMBERSHIP,
  },
  baseline: {
    term: 'Baseline',
    text: 'What somebody reaches without the attack, or without the model. Only what goes beyond it comes from the attack.',
  },
  defence: {
    term: 'Defence',
    text: 'A change of the training or of the answers that is to give less away. Attackers know of it unless the report says otherwise.',
  },
  epsilon: {
    term: 'Epsilon, delta',
    text: 'Differential privacy: with probability 1 − delta, what is seen of the model is at most e to the epsilon times as likely with a record as without it. Smaller is more private.',
    of: MEMBERSHIP,
  },
  fpr: {
    term: 'False-positive rate (FPR)',
    text: 'The share of records that were not used in training and are wrongly accused of having been.',
    of: MEMBERSHIP,
  },
  inversion: {
    term: 'Inversion',
    text: 'Making records that the model takes for a class, to see what its training data looks like.',
    of: ['inversion'],
  },
  interval: {
    term: '95 % interval',
    text: 'Contains the true value in 95 of 100 audits. Findings go by its ends, never by the value alone.',
  },
  judge: {
    term: 'Judge',
    text: 'A classifier that never saw the model; it says whether a reconstruction is of the class asked for.',
    of: ['inversion'],
  },
  member: {
    term: 'Member, non-member',
    text: 'A record that the model was trained on; a record from the same source that it was not trained on.',
    of: WITH_MEMBERS,
  },
  output: {
    term: 'Output',
    text: 'What the model answers: a label, the probability of the top class or classes, of every class (posteriors), or a loss.',
  },
  roc: {
    term: 'ROC curve',
    text: 'For each share of false accusations the share of training records found. Drawn with both axes logarithmic, so that the few who are most exposed are seen.',
    of: MEMBERSHIP,
  },
  score: {
    term: 'Score',
    text: 'How strongly an attack believes that a record was trained on; only the order counts.',
    of: MEMBERSHIP,
  },
  shadow: {
    term: 'Shadow or reference model',
    text: 'A model that the attacker trains himself, to learn how models behave on records they know.',
  },
  shifted: {
    term: 'Shifted split',
    text: 'Members and non-members can be told apart without the model, so that an attack may tell the sources apart and not the training data.',
    of: WITH_MEMBERS,
  },
  tpr: {
    term: 'True-positive rate (TPR) at an FPR',
    text: 'The share of training records that are found while at most that share of others is wrongly accused. TPR equal to FPR is guessing.',
    of: MEMBERSHIP,
  },
} as const satisfies Readonly<Record<string, Entry>>;

export type Term = keyof typeof ENTRIES;

/** A word that leads to its explanation. */
export function term(name: Term, text: string): Markup {
  return html`<a class="term" href="#term-${name}">${text}</a>`;
}

/** The explanation of a metric, or its label where it has none. */
export function metricTerm(name: string, label: string): Markup {
  const found = TERM_OF.find(([pattern]) => pattern.test(name))?.[1];
  return found === undefined ? html`${label}` : term(found, label);
}

const TERM_OF: readonly (readonly [RegExp, Term])[] = [
  [/^tprAtFpr/, 'tpr'],
  [/^auc$/, 'auc'],
  [/^balancedAccuracy$/, 'balanced-accuracy'],
  [/^epsilon/, 'epsilon'],
];

/** The words of pages with attacks of these families. */
export function glossary(families: readonly Family[]): Markup {
  const entries = Object.entries(ENTRIES) as [Term, Entry][];
  const shown = entries.filter(
    ([, { of }]) => of === undefined || of.some((family) => families.includes(family)),
  );
  return html`<dl class="glossary">${shown.map(
    ([name, { term: title, text }]) => html`<dt id="term-${name}">${title}</dt><dd>${text}</dd>
`,
  )}</dl>`;
}
