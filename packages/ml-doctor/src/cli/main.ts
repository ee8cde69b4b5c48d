#!/usr/bin/env node
/** The `ml-doctor` program: wires the process to the command line. */

import { runProcess } from './process.ts';
import { services } from './services.ts';

process.exitCode = await runProcess(services);
