/** Values of options, checked while the command line is read. */

import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';

const MAX_WORKERS = 1024;

/** A whole number from 0, small enough for JSON to carry exactly. */
export function parseSeed(text: string): number {
  return wholeNumber(text, 0, Number.MAX_SAFE_INTEGER);
}

export function parseWorkers(text: string): number {
  return wholeNumber(text, 1, MAX_WORKERS);
}

/** Less than this, and onnxruntime does not even start. */
const LEAST_MEMORY_MIB = 256;

export function parseMemory(text: string): number {
  return wholeNumber(text, LEAST_MEMORY_MIB, Number.MAX_SAFE_INTEGER);
}

export function defaultWorkers(): number {
  return Math.min(MAX_WORKERS, availableParallelism());
}

/** A path; an empty one, as an unset shell variable gives, would mean the current folder. */
export function parseFolder(text: string): string {
  if (text === '') throw new InvalidArgumentError('It must name a folder.');
  return text;
}

/** A comma-separated choice, each at most once and in the order of `known`. */
export function parseChoices<const T extends string>(text: string, known: readonly T[]): T[] {
  const asked = text.split(',').map((part) => part.trim());
  const stranger = asked.find((part) => !known.some((choice) => choice === part));
  if (stranger !== undefined) {
    throw new InvalidArgumentError(`"${stranger}" is none of ${known.join(', ')}.`);
  }
  return known.filter((choice) => asked.includes(choice));
}

function wholeNumber(text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  }
  return value;
}
