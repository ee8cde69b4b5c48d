/** The real program, with the tiny audit for its demo: real tasks, a real store, a real report, in seconds. */

import { runAudit } from '../../src/audit/run-audit.ts';
import { runProcess } from '../../src/cli/process.ts';
import { services } from '../../src/cli/services.ts';
import { toolVersion } from '../../src/cli/version.ts';
import { tinyAudit } from '../audit/tiny-audit.ts';

// Long enough that a signal sent after the first training finds it at work.
const attacks = [
  { name: 'membership/loss-threshold' },
  { name: 'membership/shadow-classifier', params: { epochs: 150 } },
];

process.exitCode = await runProcess({
  lists: services.lists,
  runDemo: ({ store, workers, seed }, onEvent, signal) =>
    runAudit({ ...tinyAudit, attacks, seed }, { store, workers, version: toolVersion(), onEvent, signal }),
});
