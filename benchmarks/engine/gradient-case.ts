/** Forward and backward of a part of a network, without an optimiser, against PyTorch's. */
import { createSession, type Feeds, type Graph, type Tensor } from 'onnx-grad';
import { type Bench, type EngineCase, expectSame, type Measurement, relativeDifference } from './case.ts';
import { alternate, ratioQuartiles, type Side, side, type Timing } from './measure.ts';
import { type TorchCase, TorchProcess } from './torch-process.ts';

export interface GradientWork {
  readonly graph: Graph;
  readonly feeds: Feeds;
  readonly torch: TorchCase;
  /** From the names PyTorch's side gives its results to our outputs. */
  readonly compared: ReadonlyMap<string, string>;
}

interface GradientCaseOptions {
  readonly name: string;
  readonly about: string;
  readonly bar: number | null;
  /** How far a result may be from PyTorch's, relative to its norm. */
  readonly tolerance: number;
  readonly work: () => GradientWork;
}

export const gradientCase = (options: GradientCaseOptions): EngineCase => ({
  name: options.name,
  about: options.about,
  run: async (bench) => [await measure(bench, options, 1), await measure(bench, options, 2)],
});

const measure = async (bench: Bench, options: GradientCaseOptions, threads: number): Promise<Measurement> => {
  const work = options.work();
  await using session = await createSession(work.graph, { threads });
  await using torch = bench.torch ? new TorchProcess(threads) : undefined;
  const results = await session.run(work.feeds);
  if (torch) {
    await torch.open(work.torch);
    const theirs = await torch.check();
    const mine = Object.fromEntries(
      [...work.compared].map(([name, output]) => [name, results[output] as Tensor]),
    );
    expectSame(
      bench,
      `${options.name}, results (relative)`,
      relativeDifference(mine, theirs),
      options.tolerance,
    );
  }
  const ours: Side = side(async () => {
    await session.run(work.feeds);
  });
  const [mine, theirs] = await alternate(torch ? [ours, torch] : [ours], bench.effort);
  const { median, fastest } = mine as Timing;
  return {
    name: options.name,
    threads,
    oursMs: median,
    oursFastestMs: fastest,
    torchMs: theirs?.median ?? null,
    torchFastestMs: theirs?.fastest ?? null,
    ratio: theirs ? median / theirs.median : null,
    ...(theirs && { ratioQuartiles: ratioQuartiles(mine as Timing, theirs) }),
    bar: threads === 1 ? options.bar : null,
  };
};
