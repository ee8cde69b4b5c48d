/** A part of a response by the names it may have. */
import { answerFault } from '../faults.ts';
import type { Quote } from '../json-answer.ts';
import { describe } from '../response-path.ts';

/** @throws {AuditError} MLD_ENDPOINT_ANSWER where it has none of the names */
export const partOf = (response: unknown, names: readonly string[], quote: Quote): unknown => {
  if (typeof response === 'object' && response !== null)
    for (const name of names)
      if (Object.hasOwn(response, name)) return (response as Readonly<Record<string, unknown>>)[name];
  throw answerFault(
    `has no ${names.map((name) => `"${name}"`).join(' or ')} in its response; there is ${describe(response, quote)}`,
    'Say with `response` where the answers are, as `predictions[*].scores`.',
  );
};
