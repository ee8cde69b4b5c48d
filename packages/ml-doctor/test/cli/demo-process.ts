/** The real program around a demo whose audit is the sample report: for tests of what a process does. */

import { runProcess } from '../../src/cli/process.ts';
import { services } from '../../src/cli/services.ts';
import { AuditError } from '../../src/errors.ts';
import { sampleReport, sampleRun } from '../report/sample-report.ts';

/** MODE: `done`, `wait` (until told to stop). */
process.exitCode = await runProcess({
  ...services,
  runDemo: async (_demo, _settings, onEvent, signal) => {
    onEvent({ type: 'planned', total: 2, cached: 2, unneeded: 0, toRun: 0 });
    if (process.env.MODE === 'wait') {
      process.stderr.write('waiting\n');
      const alive = setInterval(() => {}, 1000);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      clearInterval(alive);
      throw new AuditError('MLD_ABORTED', 'told to stop', 'Run again.');
    }
    return { report: sampleReport(), files: [], run: sampleRun() };
  },
});
