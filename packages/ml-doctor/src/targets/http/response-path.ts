/**
 * Where answers are in a response: `predictions[*].scores`, `outputs[0].data`, `outputs[name=probabilities].data`,
 * `result["per class"]`; empty, or `$`, for the whole.
 */
import { answerFault, choiceFault } from './faults.ts';
import type { Quote } from './json-answer.ts';

type Step =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'place'; readonly place: number }
  | { readonly kind: 'where'; readonly key: string; readonly value: string }
  | { readonly kind: 'each' };

export type ResponsePath = readonly Step[];

const STEP =
  /^(?:\.?(?<key>[^.[\]"]+)|\[(?<place>\d{1,9})\]|\[(?<each>\*)\]|\["(?<quoted>[^"]*)"\]|\[(?<name>[^=[\]"*]+)=(?<value>[^\]]*)\])/;

/** @throws {AuditError} MLD_CONFIG for what is no path */
export const parsePath = (text: string): ResponsePath => {
  const steps: Step[] = [];
  let rest = text.trim().replace(/^\$\.?/, '');
  while (rest !== '') {
    const found = STEP.exec(rest);
    if (!found)
      throw choiceFault(
        `the response path ${JSON.stringify(text)} cannot be read at ${JSON.stringify(rest)}`,
        'Write it like `predictions[*].scores`, `outputs[0].data` or `outputs[name=probabilities].data`.',
      );
    const { key, place, each, quoted, name, value } = found.groups ?? {};
    if (place !== undefined) steps.push({ kind: 'place', place: Number(place) });
    else if (each !== undefined) steps.push({ kind: 'each' });
    else if (name !== undefined) steps.push({ kind: 'where', key: name, value: value ?? '' });
    else steps.push({ kind: 'key', key: key ?? quoted ?? '' });
    rest = rest.slice(found[0].length);
  }
  return steps;
};

/** @throws {AuditError} MLD_ENDPOINT_ANSWER where the response has no such place, saying what it has there */
export const follow = (value: unknown, path: ResponsePath, quote: Quote, walked = ''): unknown => {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const next = walked + shown(step);
  if (step.kind === 'each') {
    if (!Array.isArray(value)) throw missing(next, value, quote);
    return value.map((part, i) => follow(part, rest, quote, `${walked}[${i}]`));
  }
  const found = take(value, step);
  if (found === undefined) throw missing(next, value, quote);
  return follow(found, rest, quote, next);
};

const take = (value: unknown, step: Exclude<Step, { kind: 'each' }>): unknown => {
  if (typeof value !== 'object' || value === null) return undefined;
  if (step.kind === 'key') return Object.hasOwn(value, step.key) ? (value as never)[step.key] : undefined;
  if (!Array.isArray(value)) return undefined;
  if (step.kind === 'place') return value[step.place];
  return value.find(
    (part) =>
      typeof part === 'object' &&
      part !== null &&
      Object.hasOwn(part, step.key) &&
      String(part[step.key]) === step.value,
  );
};

const shown = (step: Step): string => {
  if (step.kind === 'key') return `.${step.key}`;
  if (step.kind === 'place') return `[${step.place}]`;
  return step.kind === 'each' ? '[*]' : `[${step.key}=${step.value}]`;
};

const missing = (where: string, value: unknown, quote: Quote) =>
  answerFault(
    `has nothing at ${where.replace(/^\./, '')} of its response; there is ${describe(value, quote)}`,
  );

/** What stands somewhere in a response, in a few words. */
export const describe = (value: unknown, quote: Quote): string => {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value !== 'object' || value === null) return quote(JSON.stringify(value) ?? 'nothing');
  return `an object with ${quote(Object.keys(value).slice(0, 12).join(', ')) || 'nothing in it'}`;
};
