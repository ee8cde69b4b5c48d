/** The `audit` command in this process, on files of a folder that is gone after the tests. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { runCommandLine } from '../../src/cli/run.ts';
import { services } from '../../src/cli/services.ts';
import type { Report } from '../../src/report/schema.ts';

export const MODELS: string = fileURLToPath(new URL('../golden/models/', import.meta.url));

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Nothing where none was written. */
  readonly report: Report;
  readonly out: string;
}

export interface Bench {
  readonly folder: string;
  /** Runs `ml-doctor` with these arguments; `--out` is added. */
  readonly run: (out: string, ...args: readonly string[]) => Promise<Ran>;
  readonly save: (name: string, content: string | Uint8Array) => string;
}

export const bench = (): Bench => {
  const folder = mkdtempSync(join(tmpdir(), 'ml-doctor-own-audits-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    save: (name, content) => {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    run: async (name, ...args) => {
      const out = join(folder, name);
      const written = { stdout: '', stderr: '' };
      const sink = (stream: keyof typeof written) => ({
        write: (text: string) => {
          written[stream] += text;
        },
      });
      const io = { stdout: sink('stdout'), stderr: sink('stderr'), env: {} };
      // In this process, and on one store: what tasks take is then measured once.
      const store = ['plan', 'audit'].includes(args[0] as string) ? ['--store', join(folder, 'store')] : [];
      const status = await runCommandLine(
        [...args, '--out', out, ...(args.includes('--store') ? [] : store)],
        io,
        {
          ...services,
          runAudit: (audit, settings, ...rest) =>
            services.runAudit(audit, { ...settings, workers: 0 }, ...rest),
        },
        new AbortController().signal,
      );
      const report = join(out, 'report.json');
      return {
        ...{ status, out, ...written },
        report: existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined,
      };
    },
  };
};

/** What says which records one of the models in `test/golden/models` was trained on, and how they are scaled. */
export const fixtureOptions = (name: string): readonly string[] => {
  const { data, scale, mean, std } = JSON.parse(readFileSync(join(MODELS, `${name}.json`), 'utf8'));
  const ending = data === 'digits' ? 'npz' : 'csv';
  return [
    ...['--model', join(MODELS, `${name}.onnx`)],
    ...['--members', join(MODELS, 'data', `${data}-members.${ending}`)],
    ...['--non-members', join(MODELS, 'data', `${data}-non-members.${ending}`)],
    ...(scale === 1 ? [] : ['--scale', `1/${1 / scale}`]),
    ...(mean === 0 ? [] : ['--mean', String(mean)]),
    ...(std === 1 ? [] : ['--std', String(std)]),
  ];
};

export const LOSS: readonly string[] = ['--attacks', 'membership/loss-threshold'];

export const aucOf = ({ report, stderr }: Ran, attack = 'membership/loss-threshold'): number => {
  const value = report?.results.find((result) => result.attack === attack)?.metrics['auc']?.value;
  if (value === undefined) throw new Error(`no AUC of ${attack}: ${stderr}`);
  return value;
};

/** Lines of a table without its head, by side, of a fixture's records. */
export const fixtureRows = (name: string): { readonly head: string; readonly rows: readonly string[] } => {
  const [head, ...rows] = readFileSync(join(MODELS, 'data', name), 'utf8')
    .trim()
    .split('\n');
  return { head: head as string, rows };
};
