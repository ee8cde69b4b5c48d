/** One audit, called from a program. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cost } from '../audit/own/connect-remote.ts';
import { AUDIT_COMMAND, runAudit } from '../audit/run-audit.ts';
import type { RunEvent } from '../audit/run-cells.ts';
import { toolVersion } from '../audit/tool-version.ts';
import { AuditError } from '../errors.ts';
import { renderHtml } from '../report/html/page.ts';
import type { Run } from '../report/run-record.ts';
import type { Report } from '../report/schema.ts';
import { renderTerminal } from '../report/terminal.ts';
import { prepareOutput, writeReport } from '../report/write.ts';
import { DECODED } from '../study/store/decoded.ts';
import { functionTarget } from '../targets/function-target.ts';
import type { MemoryRecords } from './arrays.ts';
import { configure } from './configure.ts';
import type { AuditTarget } from './target.ts';

/** Where the records are: paths as in a configuration (docs/data.md), or arrays. */
export interface AuditData {
  /** What the model was trained on; all targets but saved outputs need both sides. */
  readonly members?: string | MemoryRecords;
  /** Of the same kind, time and source, and never seen by the model. */
  readonly nonMembers?: string | MemoryRecords;
  /** The attacker's own: neither of both. */
  readonly auxiliary?: string | MemoryRecords;
  /** Of files: column or array of the labels. */
  readonly label?: string;
  readonly attributes?: readonly string[];
  readonly slices?: readonly string[];
  /** Class names in the order of the model's answers. */
  readonly classes?: readonly (string | number)[];
  readonly layout?: 'nchw' | 'nhwc';
  /** At most so many records of each side, drawn at random; 10,000 by default. */
  readonly sample?: number;
  readonly overlap?: 'refuse' | 'allow';
}

/** A name alone, or with its parameters: `{ 'membership/lira': { shadows: 16 } }`. */
export type Named = string | Readonly<Record<string, unknown>>;

export interface AuditOptions {
  readonly target: AuditTarget;
  readonly data?: AuditData;
  /** All that suit and take minutes where they are left out. */
  readonly attacks?: readonly Named[];
  /** Of the answers. */
  readonly defense?: Named;
  /** Title of the report. */
  readonly name?: string;
  readonly seed?: number;
  /** Looks into what the most exposed records have in common. */
  readonly explain?: boolean;
  /** Folder that keeps finished work; by default one of this run, which is deleted. */
  readonly store?: string;
  /** Processes that work at once; 0, the default, runs everything in this one. */
  readonly workers?: number;
  /** Folder of data sets that are not bundled. */
  readonly dataDir?: string;
  /** Shows the most exposed records themselves: the report then holds training data. */
  readonly showRecords?: boolean;
  readonly signal?: AbortSignal;
  /** What happens, as it happens: warnings, the first look at the accuracy, tasks that start and finish. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Asked once before an endpoint is. */
  readonly confirm?: (cost: Cost) => Promise<boolean>;
}

export interface AuditResult {
  /** What `report.json` holds; tasks that failed are its `holes`. */
  readonly report: Report;
  /** When, how long, where. */
  readonly run: Run;
  /** One file that works offline. */
  html(): Promise<string>;
  /** For a terminal of 80 columns. */
  text(): string;
  /**
   * Writes `report.html`, `report.json`, `run.json` and what belongs to them, readable by their owner only.
   * @throws {AuditError} MLD_OUTPUT_UNWRITABLE
   */
  write(folder: string): Promise<{ readonly html: string; readonly json: string; readonly run: string }>;
}

/**
 * Attacks one model in every way that suits.
 *
 * @throws {AuditError} MLD_CONFIG for options that make no sense, and the errors of reading model and records;
 *   MLD_ABORTED when stopped. An attack that fails is no error but a hole of the report
 */
export const audit = async (options: AuditOptions): Promise<AuditResult> => {
  const { target, store, workers = 0, dataDir, showRecords, signal, onEvent, confirm } = options;
  if (!Number.isInteger(workers) || workers < 0)
    throw new AuditError('MLD_USAGE', `workers is ${workers}`, 'Give a whole number from 0.');
  const running = signal ?? new AbortController().signal;
  if (running.aborted) throw new AuditError('MLD_ABORTED', 'stopped before it began', 'Nothing was started.');
  const folder = await mkdtemp(join(tmpdir(), 'ml-doctor-'));
  try {
    const { config, source, repeatable } = await configure(options, folder);
    const { report, run, files } = await runAudit(
      config,
      {
        ...{ store: store ?? join(folder, 'store'), workers, version: toolVersion(), signal: running },
        places: {
          ...(dataDir !== undefined && { dataDir }),
          dataCache: join(store ?? join(folder, 'store'), DECODED),
        },
        ...(showRecords && { showRecords }),
        onEvent: onEvent ?? (() => {}),
        remote: {
          ...(confirm && { confirm }),
          ...(target.kind === 'function' && {
            target: (records) => functionTarget(target.answer, { ...answering(target.settings), ...records }),
          }),
        },
      },
      { source, command: repeatable ? AUDIT_COMMAND : PROGRAM },
    );
    // The store may be gone when somebody writes the report.
    const kept = await Promise.all(
      files.map(async ({ path, read }) => {
        const bytes = await read();
        return { path, read: async () => bytes };
      }),
    );
    return {
      ...{ report, run },
      html: () => renderHtml(report, run),
      text: () => renderTerminal(report, { colour: false, run }),
      write: async (to) => writeReport((await prepareOutput(to)).dir, report, run, kept),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** What a report says of how it came about, where no file could say it. */
const PROGRAM =
  '# called from a program, which has the model or the records: audit({ … }) of the package ml-doctor';

const answering = ({
  answers,
  batch,
  concurrency,
}: Extract<AuditTarget, { readonly kind: 'function' }>['settings']) => ({
  ...(answers && { answers }),
  ...(batch !== undefined && { batch }),
  ...(concurrency !== undefined && { concurrency }),
});
