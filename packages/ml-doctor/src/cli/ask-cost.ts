/** Asks on a terminal whether an endpoint may be sent what an audit sends it. */

import { createInterface } from 'node:readline/promises';
import type { Cost } from '../audit/own/connect-remote.ts';
import { grouped, plural } from '../report/format.ts';
import { printable } from '../report/plain-text.ts';
import type { CommandContext } from './context.ts';

interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Nobody is asked where nobody sits: without a terminal the answer is no, and `--yes` says it beforehand. */
export const askCost =
  (
    { signal }: Pick<CommandContext, 'signal'>,
    terminal: Terminal = { input: process.stdin, output: process.stderr },
  ) =>
  async (cost: Cost): Promise<boolean> => {
    const { input, output } = terminal;
    if (!input.isTTY || !output.isTTY) return false;
    const line = createInterface({ input, output });
    try {
      const answer = await line.question(
        `${costText(cost)}\nAudit only what you are authorised to. Go on? [y/N] `,
        { signal },
      );
      return /^y(es)?$/i.test(answer.trim());
    } finally {
      line.close();
    }
  };

const costText = ({ name, records, open, left, trainings, atTrained }: Cost): string =>
  [
    `This audit sends about ${plural(records, 'record')} to ${printable(name)}${
      open.length > 0 ? `, and what ${open.map(printable).join(', ')} asks while it runs` : ''
    }; ${grouped(left)} at most.`,
    ...(trainings > 0
      ? [
          `It has the service train up to ${plural(trainings, 'model')}, and sends those ${plural(atTrained, 'record')}.`,
        ]
      : []),
  ].join('\n');
