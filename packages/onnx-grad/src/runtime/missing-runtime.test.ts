/** What a user sees where onnxruntime or a device is missing: one clear error, and everything else still works. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { OnnxGradError } from '../errors.ts';
import { Graph } from '../graph/graph.ts';
import { Relu } from '../graph/ops/index.ts';
import { createSession } from './session.ts';

const small = (): Graph => {
  const graph = new Graph();
  graph.output('y', Relu(graph.input('x', 'float32', [1])));
  return graph;
};

/** In a process of its own whose module resolution treats onnxruntime-node as `hook` says. */
const inProcess = async (hook: string, program: string): Promise<Record<string, string>> => {
  const folder = mkdtempSync(join(tmpdir(), 'onnx-grad-'));
  try {
    const hooks = join(folder, 'hooks.mjs');
    writeFileSync(hooks, hook);
    const register = join(folder, 'register.mjs');
    writeFileSync(
      register,
      `import { register } from 'node:module'; register(${JSON.stringify(`file://${hooks}`)});`,
    );
    const main = join(folder, 'main.mjs');
    const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
    writeFileSync(
      main,
      `import { createSession } from ${url('./session.ts')};
       import { onnxruntimeVersion } from ${url('./onnxruntime.ts')};
       import { Graph } from ${url('../graph/graph.ts')};
       import { Relu } from ${url('../graph/ops/index.ts')};
       import { encodeModel } from ${url('../onnx/encode.ts')};
       const graph = new Graph();
       graph.output('y', Relu(graph.input('x', 'float32', [1])));
       ${program}`,
    );
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--import', register, main],
      {
        cwd: fileURLToPath(new URL('.', import.meta.url)),
      },
    );
    return JSON.parse(stdout) as Record<string, string>;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const report = `
  const { length } = encodeModel(graph);
  const failure = await createSession(graph).then(() => undefined, (error) => error);
  console.log(JSON.stringify({ length, name: failure?.name, code: failure?.code, message: failure?.message, hint: failure?.hint }));`;

describe('onnxruntime-node', () => {
  test('not installed', async () => {
    const hook = `
      export const resolve = (specifier, context, next) => {
        if (specifier.startsWith('onnxruntime-node')) {
          const error = new Error("Cannot find package 'onnxruntime-node'");
          error.code = 'ERR_MODULE_NOT_FOUND';
          throw error;
        }
        return next(specifier, context);
      };`;
    const found = await inProcess(hook, report);
    expect(found).toMatchObject({ name: 'OnnxGradError', code: 'OG_RUNTIME_MISSING' });
    expect(found['message']).toContain(`${process.platform} ${process.arch}`);
    expect(found['message']).toContain('Cannot find package');
    expect(found['hint']).toContain('npm install onnxruntime-node');
    // Graphs and files need no runtime.
    expect(Number(found['length'])).toBeGreaterThan(50);
  });

  test('installed, but without a binary for this machine', async () => {
    const hook = `
      export const resolve = (specifier, context, next) =>
        specifier === 'onnxruntime-node' ? { url: 'broken:runtime', shortCircuit: true } : next(specifier, context);
      export const load = (url, context, next) =>
        url === 'broken:runtime'
          ? { format: 'module', shortCircuit: true, source: "throw new Error('libonnxruntime.so.1: cannot open shared object file\\\\nmore lines')" }
          : next(url, context);`;
    const found = await inProcess(hook, report);
    expect(found).toMatchObject({ code: 'OG_RUNTIME_MISSING' });
    expect(found['message']).toContain('libonnxruntime.so.1');
    expect(found['message']).not.toContain('more lines');
  });

  test('present: the same program makes its session', async () => {
    const found = await inProcess('export {};', report);
    expect(found['code']).toBeUndefined();
    expect(Number(found['length'])).toBeGreaterThan(50);
  });
});

describe('devices', () => {
  test('cuda, which this installation lacks, is refused with its fix', async () => {
    const failure = await createSession(small(), { device: 'cuda' }).then(
      async (session) => {
        await session.dispose();
        return undefined;
      },
      (error: unknown) => error,
    );
    // On a machine with the CUDA libraries there is nothing to refuse.
    if (failure === undefined) return;
    expect(failure).toBeInstanceOf(OnnxGradError);
    const { code, message, hint } = failure as OnnxGradError;
    expect(code).toBe('OG_DEVICE_MISSING');
    expect(message).toContain("'cuda'");
    expect(hint).toContain('onnxruntime-node/script/install');
    expect(hint).toContain('device cpu');
  });

  test('cpu is the default, and always there', async () => {
    for (const options of [{}, { device: 'cpu' as const }])
      await (await createSession(small(), options)).dispose();
  });
});
