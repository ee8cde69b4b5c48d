import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/study/temporary-folder.ts';

const sources = fileURLToPath(new URL('../../', import.meta.url));
const nodeModules = fileURLToPath(new URL('../../../../../node_modules', import.meta.url));

/** The built package as an installation has it, without a TypeScript loader anywhere. */
function build(): string {
  const root = temporaryFolder();
  const inRoom = (room: string) =>
    readdirSync(join(sources, room), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('kinds'))
      .map((file) => join(room, file));
  for (const file of ['errors.ts', ...inRoom('files'), ...inRoom('study'), ...inRoom('data')]) {
    const { outputText } = ts.transpileModule(readFileSync(join(sources, file), 'utf8'), {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2023,
        rewriteRelativeImportExtensions: true,
        verbatimModuleSyntax: true,
      },
    });
    const built = join(root, 'dist', file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(built), { recursive: true });
    writeFileSync(built, outputText);
  }
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  symlinkSync(nodeModules, join(root, 'node_modules'));
  return root;
}

test('built, plain Node runs a plan in worker processes, and finds it cached the second time', () => {
  const root = build();
  writeFileSync(
    join(root, 'handlers.js'),
    `export const handlers = { double: { code: ['ml-doctor/study'], run: async ({ value }) => ({ result: 2 * value }) } };`,
  );
  writeFileSync(
    join(root, 'main.js'),
    `import { planEnvironment } from './dist/study/environment.js';
     import { localExecutor } from './dist/study/executors/local.js';
     import { PlanBuilder } from './dist/study/plan.js';
     import { runStudy } from './dist/study/scheduler.js';
     import { openStore } from './dist/study/store/folder-store.js';
     import { handlers } from './handlers.js';
     const store = await openStore('store');
     const builder = new PlanBuilder(planEnvironment(handlers));
     const { key } = builder.add({ kind: 'double', label: 'double', params: { value: 21 }, seed: 0 });
     const executor = localExecutor({ store, handlers: new URL('./handlers.js', import.meta.url), workers: 1 });
     const { ran, cached, holes } = await runStudy({ plan: builder.build(), store, executor });
     await executor.close();
     console.log(JSON.stringify({ ran, cached, holes, result: (await store.finished(key)).result }));`,
  );
  const run = () => JSON.parse(execFileSync(process.execPath, ['main.js'], { cwd: root, encoding: 'utf8' }));
  expect(run()).toEqual({ ran: 1, cached: 0, holes: [], result: 42 });
  expect(run()).toEqual({ ran: 0, cached: 1, holes: [], result: 42 });
});

test('built, plain Node decodes pictures in threads', () => {
  const root = build();
  writeFileSync(
    join(root, 'main.js'),
    `import { writeFileSync } from 'node:fs';
     import sharp from 'sharp';
     import { decodePictures } from './dist/data/pictures/decode-pictures.js';
     const made = sharp({ create: { width: 4, height: 3, channels: 3, background: '#0a141e' } });
     writeFileSync('one.png', await made.png().toBuffer());
     const pictures = [0, 1].map((i) => ({ name: String(i), archive: 'one.png', start: 0 }));
     const set = { name: 'made', pictures, shape: [3, 3, 4], digest: 'd' };
     const { values } = await decodePictures(set, { workers: 2, cache: 'cache' });
     console.log(JSON.stringify([...values.subarray(0, values.length)]));`,
  );
  const printed = execFileSync(process.execPath, ['main.js'], { cwd: root, encoding: 'utf8' });
  const one = [10, 20, 30].flatMap((value) => new Array(12).fill(value));
  expect(JSON.parse(printed)).toEqual([...one, ...one]);
});
