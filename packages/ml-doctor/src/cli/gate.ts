/** `ml-doctor gate DIR --policy FILE`: holds a report against a policy; exit status 0 lets it pass, 1 says no. */

import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { toolVersion } from '../audit/tool-version.ts';
import { AuditError } from '../errors.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './errors.ts';
import { wantsColour } from './io.ts';
import { parseChoices, parseFolder } from './options.ts';

const FORMATS = ['txt', 'junit', 'sarif', 'json'] as const;
type Format = (typeof FORMATS)[number];

/** The gate's own exit status. */
const SAYS_NO = 1;

interface Flags {
  readonly policy: string;
  readonly baseline?: string;
  readonly format: readonly Format[];
  readonly out?: string;
}

/** @param now milliseconds since 1970 */
export function addGate(program: Command, context: CommandContext, now: () => number = Date.now): void {
  program
    .command('gate')
    .description('hold a report against a policy: exit status 0 lets it pass, 1 says no')
    .argument('<dir>', 'folder that an audit wrote', parseFolder)
    .requiredOption('--policy <file>', 'what the report must say (`ml-doctor init --policy`)', parseFile)
    .option('--baseline <dir>', 'folder of an earlier report, for a policy with a baseline', parseFolder)
    .option(
      '--format <list>',
      `files to write besides, comma-separated: ${FORMATS.join(', ')}`,
      (text: string) => parseChoices(text, FORMATS),
      [] satisfies Format[],
    )
    .option('--out <dir>', 'folder for these files (default: that of the report)', parseFolder)
    .addHelpText(
      'after',
      `
Every rule is told with what was found, what is wanted and its place in the policy.
Exit status: 0 every rule holds, 1 the gate says no, 2 the policy or a report is at fault.

Examples:
  ml-doctor gate ml-doctor-out --policy policy.yaml
  ml-doctor gate ml-doctor-out --policy policy.yaml --baseline released
  ml-doctor gate ml-doctor-out --policy policy.yaml --format junit,sarif --out ci`,
    )
    .action(async (path: string, flags: Flags) => {
      context.exitStatus = await gate(resolve(path), flags, context, now);
    });
}

async function gate(
  dir: string,
  flags: Flags,
  { io, signal }: CommandContext,
  now: () => number,
): Promise<number> {
  // Loaded late: no other command needs them.
  const { loadPolicy } = await import('../config/policy/load-policy.ts');
  const { evaluatePolicy } = await import('../report/gate/evaluate-policy.ts');
  const { placedOutcome } = await import('../report/gate/place.ts');
  const { readRun } = await import('../report/read.ts');
  const loaded = await loadPolicy(flags.policy);
  const { policy, file, place } = loaded;
  refuseLoneBaseline(policy.baseline !== undefined, flags, file);
  const report = await readAudit(dir);
  const baseline = flags.baseline === undefined ? undefined : await readAudit(resolve(flags.baseline));
  const run = await readRun(dir, 'audit');
  signal.throwIfAborted();
  const outcome = evaluatePolicy(policy, { report, run, baseline, now: now() });
  const placed = placedOutcome(outcome, { report, file, name: policy.name, version: toolVersion(), place });
  const { renderGate } = await import('../report/gate/gate-terminal.ts');
  if (flags.format.length > 0) await write(flags, dir, placed);
  io.stdout.write(renderGate(placed, { colour: wantsColour(io.stdout, io.env) }));
  return placed.passes ? EXIT.done : SAYS_NO;
}

/** Neither is to be read and ignored: a comparison that nobody made would look like one that found nothing. */
function refuseLoneBaseline(wanted: boolean, { baseline }: Flags, file: string): void {
  if (wanted === (baseline !== undefined)) return;
  throw wanted
    ? new AuditError(
        'MLD_USAGE',
        `${file} compares with a baseline, and none is given`,
        'Name the folder of an earlier report with --baseline DIR, or take baseline out of the policy.',
      )
    : new AuditError(
        'MLD_USAGE',
        `--baseline is given, and ${file} says nothing about a baseline`,
        'Add a line to the policy: baseline: { allowIncrease: 0, significant: true }',
      );
}

async function readAudit(dir: string) {
  const { kindIn, readReport } = await import('../report/read.ts');
  if ((await kindIn(dir)) === 'study')
    throw new AuditError(
      'MLD_USAGE',
      `${dir} holds a study, and the gate judges one audit`,
      `Name the folder of one of its audits, below ${join(dir, 'audits')}.`,
    );
  return readReport(dir);
}

async function write(
  { format, out }: Flags,
  dir: string,
  placed: import('../report/gate/place.ts').GateReport,
): Promise<void> {
  const { prepareOutput, writeFiles } = await import('../report/write.ts');
  const render: Readonly<Record<Format, () => Promise<readonly [name: string, content: string]>>> = {
    txt: async () => {
      const { renderGate } = await import('../report/gate/gate-terminal.ts');
      return ['gate.txt', renderGate(placed, { colour: false })];
    },
    junit: async () => {
      const { gateToJunit } = await import('../report/gate/gate-junit.ts');
      return ['gate.junit.xml', gateToJunit(placed)];
    },
    sarif: async () => {
      const { gateToSarif } = await import('../report/gate/gate-sarif.ts');
      return ['gate.sarif', gateToSarif(placed)];
    },
    json: async () => {
      const { gateToJson } = await import('../report/gate/gate-json.ts');
      return ['gate.json', gateToJson(placed)];
    },
  };
  const files = await Promise.all(format.map((one) => render[one]()));
  const { dir: folder } = await prepareOutput(out ?? dir);
  await writeFiles(folder, files);
}

function parseFile(text: string): string {
  if (text === '') throw new InvalidArgumentError('It must name a file.');
  return text;
}
