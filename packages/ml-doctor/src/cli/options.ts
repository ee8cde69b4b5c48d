/** Values of options, checked while the command line is read. */

import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { defaultWorkerMemoryMiB } from '../study/executors/memory.ts';

const MAX_WORKERS = 1024;

/** A whole number from 0, small enough for JSON to carry exactly. */
export function parseSeed(text: string): number {
  return wholeNumber(text, 0, Number.MAX_SAFE_INTEGER);
}

export function parseWorkers(text: string): number {
  return wholeNumber(text, 1, MAX_WORKERS);
}

/** With less than this a worker that trains a small network would be ended. */
export const LEAST_MEMORY_MIB = 256;
/** What a worker should have, where nothing is said. */
const FAIR_MEMORY_MIB = 512;

export function parseMemory(text: string): number {
  return wholeNumber(text, LEAST_MEMORY_MIB, Number.MAX_SAFE_INTEGER);
}

export function defaultWorkers(): number {
  // Many cores with little memory: fewer workers, each with enough of it.
  const fed = Math.floor(defaultWorkerMemoryMiB(1) / FAIR_MEMORY_MIB);
  return Math.max(1, Math.min(MAX_WORKERS, availableParallelism(), fed));
}

/** Up to an hour. */
export function parseSeconds(text: string): number {
  return wholeNumber(text, 1, 3600);
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
