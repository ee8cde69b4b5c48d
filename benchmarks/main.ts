/** `npm run bench -- SUITE [options]`: measures, prints a table or JSON. */
import { parseArgs } from 'node:util';
import type { Measurement } from './engine/case.ts';
import { cases, runEngineSuite, type SuiteOptions } from './engine/suite.ts';
import { jsonLine, legend, markdown, table } from './report.ts';
import { UsageError } from './usage-error.ts';

/** A suite calls back for every measurement and returns what describes the machine. */
const suites: Readonly<Record<string, (options: SuiteOptions) => Promise<string[]>>> = {
  engine: runEngineSuite,
};

const help = `Usage: npm run bench -- engine [options]

Suites
  engine   training steps and their parts, against PyTorch on the same machine

Options
  --only NAME,...   these cases alone
  --rounds N        rounds in which the sides take turns (15)
  --quick           few short rounds: shows that it runs, its figures mean little
  --json            one JSON object a line on stdout:
                    {"name","threads","oursMs","torchMs","ratio","bar","ok"[,"ownRatio","ownBar"]}
  --markdown        the table as Markdown
  --help

Cases
${cases.map((one) => `  ${one.name.padEnd(18)}${one.about}`).join('\n')}

${legend.join('\n')}`;

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
  const suite = name === undefined ? undefined : suites[name];
  if (!suite || rest.length > 0)
    throw new UsageError(
      name === undefined ? 'which suite?' : `no suite is named '${positionals.join(' ')}'`,
    );
  const rounds = roundsFrom(values.rounds);
  const measurements: Measurement[] = [];
  const about = await suite({
    ...(values.only !== undefined && { only: values.only.split(',') }),
    ...(rounds !== undefined && { rounds }),
    quick: values.quick,
    note: (line) => console.error(line),
    onMeasured: (measurement) => {
      measurements.push(measurement);
      if (values.json) console.log(jsonLine(measurement));
    },
  });
  if (values.json) return;
  console.log(values.markdown ? markdown(about, measurements) : `\n${table(measurements)}`);
};

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${help}`);
  process.exitCode = 2;
}
