/** `npm run bench -- SUITE [options]`: measures, prints a table or JSON. */
import { parseArgs } from 'node:util';
import { dcganSuite } from './dcgan/suite.ts';
import { embeddingsSuite } from './embeddings/suite.ts';
import { engineSuite } from './engine/suite.ts';
import { liraSuite } from './lira/suite.ts';
import { picturesSuite } from './pictures/suite.ts';
import { privateSuite } from './private/suite.ts';
import { reportSuite } from './report/suite.ts';
import { statsSuite } from './stats/suite.ts';
import { stealingSuite } from './stealing/suite.ts';
import { studySuite } from './study/suite.ts';
import type { Format, Suite } from './suite.ts';
import { UsageError } from './usage-error.ts';

const suites: readonly Suite[] = [
  engineSuite,
  studySuite,
  liraSuite,
  statsSuite,
  dcganSuite,
  embeddingsSuite,
  stealingSuite,
  privateSuite,
  reportSuite,
  picturesSuite,
];

const suiteHelp = ({ name, about, cases, legend, jsonKeys }: Suite): string =>
  `${name}: ${about}
${cases.map((one) => `  ${one.name.padEnd(18)}${one.about}`).join('\n')}
  with --json: ${jsonKeys}
${legend.map((line) => `  ${line}`).join('\n')}`;

const help = `Usage: npm run bench -- ${suites.map(({ name }) => name).join('|')} [options]

Options
  --only NAME,...   these cases alone
  --rounds N        rounds of measuring; each suite, or case, has its own number
  --quick           few short rounds: shows that it runs, its figures mean little
  --json            one JSON object a line on stdout
  --markdown        the table as Markdown
  --help

${suites.map(suiteHelp).join('\n\n')}`;

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        only: { type: 'string' },
        rounds: { type: 'string' },
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        markdown: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
};

const roundsFrom = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1) return rounds;
  throw new UsageError(`--rounds takes a whole number from 1, found '${text}'`);
};

const main = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parse(args);
  if (values.help) return console.log(help);
  const [name, ...rest] = positionals;
  const suite = suites.find((one) => one.name === name);
  if (!suite || rest.length > 0)
    throw new UsageError(
      name === undefined ? 'which suite?' : `no suite is named '${positionals.join(' ')}'`,
    );
  const rounds = roundsFrom(values.rounds);
  const format: Format = values.json ? 'json' : values.markdown ? 'markdown' : 'table';
  const options = {
    ...(values.only !== undefined && { only: values.only.split(',') }),
    ...(rounds !== undefined && { rounds }),
    quick: values.quick,
    note: (line: string) => console.error(line),
  };
  await suite.run(options, format, (text) => console.log(text));
};

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${help}`);
  process.exitCode = 2;
}
