/** A question on a terminal to which only a plain yes is a yes. */

import { createInterface } from 'node:readline/promises';
import type { CommandContext } from './context.ts';

export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Nobody is asked where nobody sits: without a terminal the answer is no. */
export async function askYes(
  question: string,
  { signal }: Pick<CommandContext, 'signal'>,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<boolean> {
  if (!input.isTTY || !output.isTTY) return false;
  const line = createInterface({ input, output });
  try {
    const answer = await line.question(`${question} [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    line.close();
  }
}
