/** Asks on a terminal whether an endpoint may be sent what an audit sends it. */

import { createInterface } from 'node:readline/promises';
import type { Cost } from '../audit/own/connect-remote.ts';
import { grouped } from '../report/format.ts';
import { printable } from '../report/terminal.ts';
import type { CommandContext } from './context.ts';

/** Nobody is asked where nobody sits: without a terminal the answer is no, and `--yes` says it beforehand. */
export const askCost =
  ({ signal }: CommandContext) =>
  async ({ name, records, budget }: Cost): Promise<boolean> => {
    if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
    const line = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const answer = await line.question(
        `This audit sends about ${grouped(records)} records to ${printable(name)}, ${grouped(budget)} at most.\nAudit only what you are authorised to. Go on? [y/N] `,
        { signal },
      );
      return /^y(es)?$/i.test(answer.trim());
    } finally {
      line.close();
    }
  };
