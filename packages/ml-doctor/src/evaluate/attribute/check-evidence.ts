/** Refuses guesses, truths and ids that no honest figure could come from. */
import type { Guesses } from '../../data/guesses.ts';
import { AuditError } from '../../errors.ts';
import type { AttributeEvidence, Guessed } from './evidence.ts';

/** How far the beliefs about a record may be from a sum of 1. */
const ROUNDING = 1e-6;

/**
 * @throws {AuditError} MLD_ARTIFACT naming the record when lengths differ, a group is empty, an id occurs twice, a truth
 * or a guess is no category (or no finite number), beliefs are negative or do not sum to 1, or only one group was
 * guessed from the record
 */
export function checkEvidence({ attribute, members, nonMembers }: AttributeEvidence): void {
  const categories = attribute.kind === 'continuous' ? undefined : attribute.categories?.length;
  if (attribute.kind !== 'continuous' && !(categories !== undefined && categories >= 2))
    throw invalid(
      `attribute '${attribute.name}' is ${attribute.kind} and has ${categories ?? 'no'} categories`,
    );
  if ((members.fromRecord === undefined) !== (nonMembers.fromRecord === undefined))
    throw invalid('guesses from the rest of the record are there for one group only');
  const groupOf = new Map<number, string>();
  for (const [group, guessed] of [
    ['members', members],
    ['non-members', nonMembers],
  ] as const) {
    const { ids, truth } = guessed;
    if (ids.length === 0) throw invalid(`there are no ${group}; an evaluation needs both groups`);
    if (truth.length !== ids.length)
      throw invalid(`${ids.length} ids and ${truth.length} truths of ${group}; they must be equally many`);
    ids.forEach((id, i) => {
      const before = groupOf.get(id);
      if (before !== undefined)
        throw invalid(
          before === group
            ? `record ${id} occurs twice among the ${group}`
            : `record ${id} is in both groups`,
        );
      groupOf.set(id, group);
      checkValue(truth[i]!, categories, () => `the truth of record ${id}`);
    });
    for (const [name, guesses] of guessesOf(guessed))
      checkGuesses(guesses, ids, categories, `${name} (${group})`);
  }
}

const guessesOf = ({ attack, imputation, fromRecord, majority }: Guessed): readonly [string, Guesses][] => [
  ['the attack', attack],
  ['the imputation', imputation],
  ['the majority', majority],
  ...(fromRecord ? ([['the imputation from the record', fromRecord]] as [string, Guesses][]) : []),
];

function checkGuesses(
  { predicted, beliefs }: Guesses,
  ids: Uint32Array,
  categories: number | undefined,
  whose: string,
): void {
  if (predicted.length !== ids.length)
    throw invalid(`${predicted.length} guesses of ${whose} for ${ids.length} records`);
  predicted.forEach((value, i) => {
    checkValue(value, categories, () => `the guess of ${whose} for record ${ids[i]}`);
  });
  if (categories === undefined) return;
  if (beliefs?.length !== ids.length * categories)
    throw invalid(
      `${beliefs?.length ?? 'no'} beliefs of ${whose} for ${ids.length} records of ${categories} categories`,
    );
  ids.forEach((id, i) => {
    let sum = 0;
    for (let c = 0; c < categories; c++) {
      const belief = beliefs[i * categories + c]!;
      if (!(Number.isFinite(belief) && belief >= 0))
        throw invalid(`a belief of ${whose} about record ${id} is ${belief}`);
      sum += belief;
    }
    if (Math.abs(sum - 1) > ROUNDING)
      throw invalid(`the beliefs of ${whose} about record ${id} sum to ${sum}, not to 1`);
  });
}

function checkValue(value: number, categories: number | undefined, what: () => string): void {
  if (categories === undefined) {
    if (!Number.isFinite(value)) throw invalid(`${what()} is ${value}, not a finite number`);
  } else if (!(Number.isInteger(value) && value >= 0 && value < categories))
    throw invalid(`${what()} is ${value}, none of ${categories} categories`);
}

function invalid(what: string): AuditError {
  return new AuditError(
    'MLD_ARTIFACT',
    `attribute guesses: ${what}`,
    'Give members and non-members, each record once, with its truth and one guess of everybody for it; beliefs are not negative and sum to 1.',
  );
}
