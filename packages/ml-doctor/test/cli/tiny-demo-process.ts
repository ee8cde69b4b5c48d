/** The real program, with the tiny audit for its demo: real tasks, a real store, a real report, in seconds. */

import { demoCommand } from '../../src/audit/demo-config.ts';
import { runAudit } from '../../src/audit/run-audit.ts';
import { toolVersion } from '../../src/audit/tool-version.ts';
import { runProcess } from '../../src/cli/process.ts';
import { services } from '../../src/cli/services.ts';
import { attackChoice, tinyWith } from '../audit/tiny-audit.ts';

// Long enough that a signal sent after the first training finds it at work.
const attacks = [
  attackChoice('membership/loss-threshold'),
  attackChoice('membership/shadow-classifier', { epochs: 150 }),
];

process.exitCode = await runProcess({
  ...services,
  runDemo: (demo, { store, workers }, onEvent, signal) =>
    runAudit(
      tinyWith({ attacks, seed: demo.seed }),
      { store, workers, version: toolVersion(), onEvent, signal },
      { command: demoCommand(demo) },
    ),
});
