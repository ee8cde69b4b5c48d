/** Runs command lines one after the other in one process, each in a folder of its own, and answers how they ended. */

import { loadOnnxruntime } from 'onnx-grad';
import { runCommandLine } from '../../src/cli/run.ts';
import { services } from '../../src/cli/services.ts';

interface Order {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Ended {
  readonly status: number;
  readonly stderr: string;
  /** Of all cores. */
  readonly cpuSeconds: number;
}

const sink = (parts: string[]) => ({ write: (text: string) => parts.push(text), columns: 80 });

const run = async ({ cwd, args, env }: Order): Promise<Ended> => {
  const before = Object.keys(process.env);
  process.chdir(cwd);
  Object.assign(process.env, env);
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const began = process.cpuUsage();
  const io = { stdout: sink(stdout), stderr: sink(stderr), env: process.env };
  const status = await runCommandLine(args, io, services, new AbortController().signal);
  const { user, system } = process.cpuUsage(began);
  for (const name of Object.keys(process.env)) if (!before.includes(name)) delete process.env[name];
  return { status, stderr: stderr.join(''), cpuSeconds: (user + system) / 1e6 };
};

process.on('message', async (order: Order) => {
  // What an earlier case left is not to count as this one's.
  (globalThis as { gc?: () => void }).gc?.();
  process.send?.({ ready: true });
  process.send?.(await run(order));
});
// Once a process, and no part of any case.
await loadOnnxruntime();
process.send?.({ up: true });
