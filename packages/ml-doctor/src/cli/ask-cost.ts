/** Asks on a terminal whether an endpoint may be sent what an audit sends it. */

import type { Cost } from '../audit/own/connect-remote.ts';
import { grouped, plural } from '../report/format.ts';
import { printable } from '../report/plain-text.ts';
import { askYes, type Terminal } from './ask-yes.ts';
import type { CommandContext } from './context.ts';

/** Without a terminal the answer is no, and `--yes` says it beforehand. */
export const askCost =
  (context: Pick<CommandContext, 'signal'>, terminal?: Terminal) =>
  (cost: Cost): Promise<boolean> =>
    askYes(`${costText(cost)}\nAudit only what you are authorised to. Go on?`, context, terminal);

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
