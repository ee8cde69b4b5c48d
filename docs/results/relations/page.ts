/** The page of relations over many models: runs the small presets, keeps what they wrote, and says how far it holds. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../packages/ml-doctor/dist/cli/main.js', import.meta.url));
const dataFolder =
  process.env['ML_DOCTOR_DATA'] ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));

const PRESETS = ['small', 'shokri-small', 'ml-leaks-small'] as const;
type Preset = (typeof PRESETS)[number];

interface Comparison {
  readonly what: string;
  readonly published: { readonly value: number; readonly where: string };
  readonly ours: { readonly value: number; readonly low: number | null; readonly high: number | null } | null;
  readonly agreement: string;
}

interface Figures {
  readonly figures: readonly {
    readonly name: string;
    readonly title: string;
    readonly finding: string;
    readonly comparisons: readonly Comparison[];
  }[];
  readonly refused: readonly { readonly what: string; readonly code: string; readonly message: string }[];
}

/**
 * Figures of studies that were run before are made from these, without running anything.
 * @param ran folder of a preset's output; run now when left out
 */
function figuresOf(preset: Preset, ran: string | undefined): string {
  const out = ran ?? join(tmpdir(), `ml-doctor-results-relations`, preset);
  const options = ['--preset', preset, '--out', out];
  const command =
    ran === undefined ? ['study', ...options, '--data-dir', dataFolder] : ['figures', ran, ...options];
  try {
    execFileSync(process.execPath, [main, ...command], { stdio: ['ignore', 'ignore', 'inherit'] });
  } catch (error) {
    // Holes are part of what was found.
    if ((error as { status?: number }).status !== 3) throw error;
  }
  return out;
}

/** What the page links to; drawings and the page with all numbers. */
function keep(preset: Preset, out: string): void {
  const folder = fileURLToPath(new URL(`${preset}/`, import.meta.url));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'figures'), { recursive: true });
  copyFileSync(join(out, 'figures.md'), join(folder, 'figures.md'));
  for (const name of readdirSync(join(out, 'figures')))
    if (/\.(svg|csv)$/.test(name)) copyFileSync(join(out, 'figures', name), join(folder, 'figures', name));
}

/** Seconds of all tasks and of the runs, as the studies' own records tell. */
function timeOf(out: string): { readonly hours: number; readonly audits: number } {
  let [seconds, audits] = [0, 0];
  for (const part of readdirSync(out)) {
    const run = join(out, part, 'run.json');
    if (!existsSync(run)) continue;
    seconds += (JSON.parse(readFileSync(run, 'utf8')) as { seconds: number }).seconds;
    audits += (JSON.parse(readFileSync(join(out, part, 'study.json'), 'utf8')) as { audits: unknown[] })
      .audits.length;
  }
  return { hours: seconds / 3600, audits };
}

const counted = (comparisons: readonly Comparison[]): string =>
  ['reproduced', 'differs', 'not comparable']
    .map((agreement) => `${comparisons.filter((one) => one.agreement === agreement).length} ${agreement}`)
    .join(', ');

function section(preset: Preset, out: string): string {
  const { figures, refused } = JSON.parse(readFileSync(join(out, 'figures.json'), 'utf8')) as Figures;
  const { hours, audits } = timeOf(out);
  return `## \`${preset}\`

\`ml-doctor study --preset ${preset}\`, seed 0 but where a study has more: ${audits} audits; the runs that ended the studies took ${hours.toFixed(1)} h
(results that an earlier, stopped run had left in the store not counted). All numbers: [figures.md](relations/${preset}/figures.md).

| figure | found | beside the paper |
| --- | --- | --- |
${figures.map(({ name, finding, comparisons }) => `| \`${name}\` | ${finding.replaceAll('|', '\\|')} | ${comparisons.length === 0 ? '–' : counted(comparisons)} |`).join('\n')}
${refused.map(({ what, code, message }) => `\n\`${what}\` could not be made: ${code}, ${message}.\n`).join('')}`;
}

/** @returns Markdown; what people wrote about the numbers is in `words.md`, beside this file */
export function relationsPage(): string {
  const sections = PRESETS.map((preset) => {
    const ran = process.env[`ML_DOCTOR_RAN_${preset.toUpperCase().replaceAll('-', '_')}`];
    const out = figuresOf(preset, ran);
    keep(preset, out);
    return section(preset, out);
  });
  const words = readFileSync(new URL('words.md', import.meta.url), 'utf8');
  return `# Relations over many models, on real data

Made by \`npm run results -- relations\` (${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, Node ${process.version}). How to read it:
[relations.md](../relations.md).

${words.trim()}

${sections.join('\n')}`;
}
