/** What a user sees where sharp is missing; that it decodes is tested with the formats that hold pictures. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** In a process of its own whose module resolution treats sharp as `hook` says. */
const inProcess = async (hook: string): Promise<Record<string, string>> => {
  const folder = mkdtempSync(join(tmpdir(), 'ml-doctor-jpeg-'));
  try {
    const hooks = join(folder, 'hooks.mjs');
    writeFileSync(hooks, hook);
    const main = join(folder, 'main.mjs');
    writeFileSync(
      main,
      `import { register } from 'node:module';
       register(${JSON.stringify(`file://${hooks}`)});
       const { jpegDecoder } = await import(${JSON.stringify(new URL('./jpeg.ts', import.meta.url).href)});
       const failure = await jpegDecoder().then(() => undefined, (error) => error);
       console.log(JSON.stringify({ name: failure?.name, code: failure?.code, message: failure?.message, hint: failure?.hint }));`,
    );
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', main], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
    });
    return JSON.parse(stdout) as Record<string, string>;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

describe('sharp', () => {
  it('not installed', async () => {
    const found = await inProcess(`
      export const resolve = (specifier, context, next) => {
        if (specifier === 'sharp') throw new Error("Cannot find package 'sharp'");
        return next(specifier, context);
      };`);
    expect(found).toMatchObject({ name: 'AuditError', code: 'MLD_IMAGES_MISSING' });
    expect(found['message']).toContain(`${process.platform} ${process.arch} (Cannot find package`);
    expect(found['hint']).toContain('npm install sharp@');
  });

  it('installed, but without a binary for this machine', async () => {
    const found = await inProcess(`
      export const resolve = (specifier, context, next) =>
        specifier === 'sharp' ? { url: 'broken:sharp', shortCircuit: true } : next(specifier, context);
      export const load = (url, context, next) =>
        url === 'broken:sharp'
          ? { format: 'module', shortCircuit: true, source: "throw new Error('Could not load the sharp module\\\\nPossible solutions:')" }
          : next(url, context);`);
    expect(found).toMatchObject({ code: 'MLD_IMAGES_MISSING' });
    expect(found['message']).toContain('Could not load the sharp module');
    expect(found['message']).not.toContain('Possible solutions');
  });
});
