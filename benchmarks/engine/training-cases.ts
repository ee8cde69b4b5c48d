/** Training steps, plain and private, of the MLP and the CNN against PyTorch's. */

import type { Tensor } from 'onnx-grad';
import {
  type Bench,
  type EngineCase,
  expectSame,
  largestDifference,
  type Measurement,
  relativeDifference,
} from './case.ts';
import { alternate, ratioQuartiles, type Side, side, type Timing } from './measure.ts';
import { type NetworkKind, records } from './models.ts';
import { TorchProcess } from './torch-process.ts';
import { privacy, sgdOptions, Trainer } from './trainer.ts';

interface TrainingCaseOptions {
  readonly name: string;
  readonly about: string;
  readonly kind: NetworkKind;
  readonly private: boolean;
  /** With one thread. */
  readonly bar: number | null;
  /** With two threads; none when it is left out. */
  readonly twoThreadsBar?: number;
  /** For a private step, the bar of its ratio to our plain one. */
  readonly ownBar?: number;
}

/** How far the two may be apart. In deep networks rounding decides signs at ReLUs, and on few positions they weigh. */
const tolerances: Record<NetworkKind, { readonly weights: number; readonly momenta: number }> = {
  mlp: { weights: 1e-5, momenta: 1e-4 },
  cnn: { weights: 1e-5, momenta: 1e-4 },
  resnet18: { weights: 1e-5, momenta: 1e-3 },
  vgg19: { weights: 1e-3, momenta: 5e-2 },
};

/** One step from the same weights. Weights hardly move in it; momenta are the gradients themselves. */
const expectSameStep = (
  bench: Bench,
  { name, kind }: TrainingCaseOptions,
  mine: Readonly<Record<string, Tensor>>,
  theirs: Readonly<Record<string, Tensor>>,
): void => {
  const momenta = (tensors: typeof theirs, wanted: boolean) =>
    Object.fromEntries(Object.entries(tensors).filter(([key]) => key.startsWith('momentum.') === wanted));
  const most = tolerances[kind];
  const weights = largestDifference(mine, momenta(theirs, false));
  expectSame(bench, `${name}, weights after one step,`, weights, most.weights);
  const gradients = relativeDifference(mine, momenta(theirs, true));
  expectSame(bench, `${name}, momenta after one step (relative)`, gradients, most.momenta);
};

export const trainingCase = (options: TrainingCaseOptions): EngineCase => ({
  name: options.name,
  about: options.about,
  run: async (bench) => [await measure(bench, options, 1), await measure(bench, options, 2)],
});

const measure = async (bench: Bench, options: TrainingCaseOptions, threads: number): Promise<Measurement> => {
  await using ours = await Trainer.open(options.kind, { threads, private: options.private });
  await using plain = options.private ? await Trainer.open(options.kind, { threads }) : undefined;
  await using torch = bench.torch ? await openTorch(options, threads, ours) : undefined;
  await ours.step(false);
  if (torch) expectSameStep(bench, options, ours.state(), await torch.check());
  const sides: Side[] = [side(() => ours.step())];
  if (plain) {
    sides.push(side(() => plain.step()));
    sides.push(side(() => ours.step(false)));
  }
  if (torch) sides.push(torch);
  const timings = await alternate(sides, bench.effort);
  const mine = timings[0] as Timing;
  const theirs = torch ? (timings.at(-1) as Timing) : undefined;
  const barred = threads === 1;
  return {
    name: options.name,
    threads,
    oursMs: mine.median,
    oursFastestMs: mine.fastest,
    torchMs: theirs?.median ?? null,
    torchFastestMs: theirs?.fastest ?? null,
    ratio: theirs ? mine.median / theirs.median : null,
    ...(theirs && { ratioQuartiles: ratioQuartiles(mine, theirs) }),
    bar: (barred ? options.bar : options.twoThreadsBar) ?? null,
    ...(plain && {
      ownRatio: mine.median / (timings[1] as Timing).median,
      ownBar: barred ? (options.ownBar ?? null) : null,
      ownRatioNoiseGiven: (timings[2] as Timing).median / (timings[1] as Timing).median,
    }),
  };
};

const openTorch = async (
  options: TrainingCaseOptions,
  threads: number,
  ours: Trainer,
): Promise<TorchProcess> => {
  const torch = new TorchProcess(threads);
  await torch.open({
    kind: options.kind,
    tensors: { ...records(options.kind), ...ours.state('weights') },
    sgd: sgdOptions,
    ...(options.private && { privacy }),
  });
  return torch;
};
