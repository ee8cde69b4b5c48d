/** The engine's cases, in order, on this machine. */
import { machine } from '../machine.ts';
import { chosenFrom, type MeasureOptions, type Suite, suiteOf } from '../suite.ts';
import type { EngineCase, Measurement } from './case.ts';
import { cnnStep } from './cnn-step.ts';
import { conv64, conv128, depthwise128 } from './convolutions.ts';
import { resnet18Step, vgg19Step } from './deep-steps.ts';
import { dpCnnStep, dpMlpStep } from './dp-steps.ts';
import type { Effort } from './measure.ts';
import { memory } from './memory-10k-steps.ts';
import { mlpStep } from './mlp-step.ts';
import { jsonKeys, jsonLine, legend, markdown, table } from './report.ts';
import { residualBlock } from './residual-block.ts';
import { describeTorch, torchAbout } from './torch-process.ts';
import { twoWorkers } from './two-workers.ts';

const cases: readonly EngineCase[] = [
  mlpStep,
  cnnStep,
  resnet18Step,
  vgg19Step,
  conv64,
  conv128,
  depthwise128,
  residualBlock,
  dpMlpStep,
  dpCnnStep,
  twoWorkers,
  memory,
];

const thorough: Effort = { rounds: 15, roundMs: 250 };
const quick: Effort = { rounds: 3, roundMs: 20 };

const measure = async (
  options: MeasureOptions,
  onMeasured: (measurement: Measurement) => void,
): Promise<readonly string[]> => {
  const chosen = chosenFrom(cases, options.only);
  const torch = await torchAbout();
  const about = [...machine(), ...describeTorch(torch)];
  for (const line of about) options.note(line);
  const effort = { ...(options.quick ? quick : thorough), ...(options.rounds && { rounds: options.rounds }) };
  for (const one of chosen) {
    options.note(`${one.name}: ${one.about}`);
    const bench = { effort, quick: options.quick, torch: torch !== undefined, note: options.note };
    for (const measurement of await one.run(bench))
      onMeasured(options.quick ? withoutBars(measurement) : measurement);
  }
  return about;
};

/** Too few rounds to judge by. */
const withoutBars = (m: Measurement): Measurement => ({
  ...m,
  bar: null,
  ...(m.ownRatio !== undefined && { ownBar: null }),
});

export const engineSuite: Suite = suiteOf({
  name: 'engine',
  about: 'training steps and their parts, against PyTorch on the same machine',
  ...{ cases, legend, jsonKeys, measure, jsonLine, table, markdown },
});
