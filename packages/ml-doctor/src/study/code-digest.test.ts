import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/study/temporary-folder.ts';
import { codeDigest, folderDigest } from './code-digest.ts';
import { assertPlannedEnvironment, onnxruntimeVersion, planEnvironment } from './environment.ts';
import { PlanBuilder } from './plan.ts';

describe('folderDigest', () => {
  test('changes with every source file and with nothing else', () => {
    const folder = join(temporaryFolder(), 'rules');
    mkdirSync(join(folder, 'deep'), { recursive: true });
    writeFileSync(join(folder, 'add.ts'), 'export const add = 1;');
    writeFileSync(join(folder, 'deep', 'mul.ts'), 'export const mul = 2;');
    const original = folderDigest(folder);

    writeFileSync(join(folder, 'add.test.ts'), 'a test');
    writeFileSync(join(folder, 'README.md'), 'words');
    expect(folderDigest(folder)).toBe(original);

    writeFileSync(join(folder, 'deep', 'mul.ts'), 'export const mul = 3;');
    const edited = folderDigest(folder);
    expect(edited).not.toBe(original);

    writeFileSync(join(folder, 'deep', 'mul.ts'), 'export const mul = 2;');
    expect(folderDigest(folder)).toBe(original);

    renameSync(join(folder, 'deep', 'mul.ts'), join(folder, 'mul.ts'));
    expect(folderDigest(folder)).not.toBe(original);

    rmSync(join(folder, 'mul.ts'));
    expect(folderDigest(folder)).not.toBe(original);
  });

  test('does not depend on where the folder is', () => {
    const digests = ['here', 'there'].map((name) => {
      const folder = join(temporaryFolder(), name);
      mkdirSync(folder);
      writeFileSync(join(folder, 'a.ts'), 'a');
      writeFileSync(join(folder, 'b.ts'), 'b');
      return folderDigest(folder);
    });
    expect(digests[0]).toBe(digests[1]);
  });
});

describe('codeDigest', () => {
  test('finds folders and files of both packages', () => {
    const entries = ['onnx-grad/errors', 'onnx-grad/proto', 'ml-doctor/errors', 'ml-doctor/study/store'];
    expect(new Set(entries.map((entry) => codeDigest([entry]))).size).toBe(entries.length);
  });

  test('order and repetition do not matter, membership does', () => {
    const both = codeDigest(['onnx-grad/errors', 'ml-doctor/errors']);
    expect(codeDigest(['ml-doctor/errors', 'onnx-grad/errors', 'ml-doctor/errors'])).toBe(both);
    expect(codeDigest(['ml-doctor/errors'])).not.toBe(both);
  });

  test('refuses what does not exist, as a misspelt name would let stale results pass', () => {
    expect(() => codeDigest(['onnx-grad/no-such-room'])).toThrow('internal: no source folder or file');
    expect(() => codeDigest(['no-such-package/train'])).toThrow(
      'internal: package "no-such-package" not found',
    );
  });
});

describe('environment', () => {
  const handlers = { nothing: { code: ['ml-doctor/errors'], run: async () => ({ result: null }) } };

  test('onnxruntime version comes from its manifest', () => {
    expect(onnxruntimeVersion()).toMatch(/^(\d+\.\d+\.\d+|absent)/);
  });

  test('a task planned with other code or another onnxruntime is refused', () => {
    const environment = planEnvironment(handlers);
    const planned = (changed: Partial<typeof environment>) => {
      const builder = new PlanBuilder({ ...environment, ...changed });
      builder.add({ kind: 'nothing', label: 'idle', params: null, seed: 0 });
      return builder.build().tasks[0]!;
    };
    assertPlannedEnvironment(planned({}), handlers);
    const edited = planned({ code: { nothing: '0'.repeat(64) } });
    expect(() => assertPlannedEnvironment(edited, handlers)).toThrow('its source code changed');
    const updated = planned({ runtime: { ...environment.runtime, onnxruntime: '0.0.1' } });
    expect(() => assertPlannedEnvironment(updated, handlers)).toThrow(/onnxruntime 0\.0\.1 became/);
  });
});
