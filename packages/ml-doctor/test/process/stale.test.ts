/** A stale result cannot be used again: in a copy of the sources, a rule is edited and then a report. */

import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../study/temporary-folder.ts';
import { runProgram } from './program.ts';
import { TINY_AUDIT, writeConfig } from './tiny-config.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const OURS = ['onnx-grad', 'ml-doctor'];

/** The sources again, in which our packages find each other and everything else is the original's. */
function copySources(): string {
  const copy = temporaryFolder();
  for (const name of OURS) {
    const from = join(ROOT, 'packages', name);
    for (const part of readdirSync(from).filter((entry) => !['dist', 'test', 'node_modules'].includes(entry)))
      cpSync(join(from, part), join(copy, 'packages', name, part), { recursive: true });
  }
  mkdirSync(join(copy, 'node_modules'));
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    const target = OURS.includes(name) ? join(copy, 'packages', name) : join(ROOT, 'node_modules', name);
    symlinkSync(target, join(copy, 'node_modules', name));
  }
  return copy;
}

describe('a store that was filled by other code', () => {
  it('is used where the code is the same, and not where it differs', async () => {
    const copy = copySources();
    const edit = (file: string) => appendFileSync(join(copy, 'packages', file), '\n// Edited.\n');
    const config = writeConfig(copy, TINY_AUDIT);
    const out = join(copy, 'out');
    const main = join(copy, 'packages/ml-doctor/src/cli/main.ts');
    /** Kinds of the tasks that ran, and the report. */
    const audit = async () => {
      const { status, events, stderr } = await runProgram(['audit', config, '--out', out, '--json'], {
        main,
        cwd: copy,
      });
      expect(status, stderr).toBe(0);
      const kinds = events
        .filter(({ type }) => type === 'finished')
        .map(({ task = '' }) => task.split(' ')[0]!);
      return { kinds: kinds.sort(), report: readFileSync(join(out, 'report.json'), 'utf8') };
    };
    const first = await audit();
    expect(first.kinds).toHaveLength(9);

    // Rendering: nothing that was computed depends on it.
    edit('ml-doctor/src/report/terminal.ts');
    expect((await audit()).kinds).toEqual([]);

    // Evaluation: the models and the attacks stay.
    edit('ml-doctor/src/evaluate/membership.ts');
    expect((await audit()).kinds).toEqual(['check', 'evaluate', 'evaluate']);

    // A rule of differentiation: every model is trained again, and all that comes of it.
    edit('onnx-grad/src/autodiff/rules/elementwise.ts');
    const last = await audit();
    expect([...last.kinds, 'check'].sort()).toEqual(first.kinds);
    expect(last.report).toBe(first.report);
  }, 180_000);
});
