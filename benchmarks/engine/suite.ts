/** The engine's cases, in order, on this machine. */
import { cpus, loadavg } from 'node:os';
import { onnxruntimeVersion } from 'onnx-grad';
import { UsageError } from '../usage-error.ts';
import type { EngineCase, Measurement } from './case.ts';
import { cnnStep } from './cnn-step.ts';
import { conv64, conv128 } from './convolutions.ts';
import { dpCnnStep, dpMlpStep } from './dp-steps.ts';
import type { Effort } from './measure.ts';
import { memory } from './memory-10k-steps.ts';
import { mlpStep } from './mlp-step.ts';
import { residualBlock } from './residual-block.ts';
import { blasIsTuned, torchAbout } from './torch-process.ts';
import { twoWorkers } from './two-workers.ts';

export const cases: readonly EngineCase[] = [
  mlpStep,
  cnnStep,
  conv64,
  conv128,
  residualBlock,
  dpMlpStep,
  dpCnnStep,
  twoWorkers,
  memory,
];

export interface SuiteOptions {
  /** Names of cases; all when left out. */
  readonly only?: readonly string[];
  readonly rounds?: number;
  readonly quick: boolean;
  readonly note: (line: string) => void;
  readonly onMeasured: (measurement: Measurement) => void;
}

const thorough: Effort = { rounds: 15, roundMs: 250 };
const quick: Effort = { rounds: 3, roundMs: 20 };

/** Lines that say on what the figures were measured. */
const machine = (): string =>
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.versions.node}, onnxruntime ${onnxruntimeVersion()}`;

/** @throws UsageError for a name that is no case */
export const runEngineSuite = async (options: SuiteOptions): Promise<string[]> => {
  const chosen = choose(options.only);
  const torch = await torchAbout();
  const about = [
    machine(),
    `load average at the start: ${loadavg()[0]?.toFixed(1)} (figures are for an otherwise idle machine when it is near 0)`,
    torch
      ? `PyTorch ${torch.version}; its 512x512x512 float32 product takes ${torch.matmulMs.toFixed(1)} ms on one thread`
      : 'PyTorch is not here (Debian: python3-torch for /usr/bin/python3): skipped, only our own times are given',
  ];
  if (torch && !blasIsTuned(torch))
    about.push(
      'WARNING: that is the speed of the reference BLAS; PyTorch is many times slower than it could be and the ratios flatter us. Install libopenblas0-pthread.',
    );
  for (const line of about) options.note(line);
  const effort = { ...(options.quick ? quick : thorough), ...(options.rounds && { rounds: options.rounds }) };
  for (const one of chosen) {
    options.note(`${one.name}: ${one.about}`);
    const bench = { effort, quick: options.quick, torch: torch !== undefined, note: options.note };
    for (const measurement of await one.run(bench))
      options.onMeasured(options.quick ? withoutBars(measurement) : measurement);
  }
  return about;
};

/** Too few rounds to judge by. */
const withoutBars = (m: Measurement): Measurement => ({
  ...m,
  bar: null,
  ...(m.ownRatio !== undefined && { ownBar: null }),
});

const choose = (only: readonly string[] | undefined): readonly EngineCase[] => {
  const unknown = only?.find((name) => !cases.some((one) => one.name === name));
  if (unknown !== undefined)
    throw new UsageError(`no case is named '${unknown}'; there are ${cases.map((c) => c.name).join(', ')}`);
  return only ? cases.filter((one) => only.includes(one.name)) : cases;
};
