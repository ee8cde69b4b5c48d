/** One case: both sides do the same step, then take turns, an epoch each. */
import type { Tensor } from 'onnx-grad';
import { expectSame, relativeDifference } from '../engine/case.ts';
import { TorchProcess } from '../engine/torch-process.ts';
import type { MeasureOptions } from '../suite.ts';
import { firstLatent, noise, oneStep, secondsOfEpoch, untrained } from './ours.ts';
import { recipeOf, type Size, stepsPerEpoch } from './size.ts';

/** Seconds of an epoch, one a round; none of PyTorch's where there is no PyTorch. */
export interface Epochs {
  readonly ours: readonly number[];
  readonly torch: readonly number[];
}

type Tensors = Readonly<Record<string, Tensor>>;

/** @throws Error when the two sides do not compute the same */
export const compare = async (
  size: Size,
  rounds: number,
  hasTorch: boolean,
  { quick, note }: Pick<MeasureOptions, 'quick' | 'note'>,
): Promise<Epochs> => {
  const data = noise(size.records);
  await using torch = hasTorch ? new TorchProcess(1) : undefined;
  if (torch) {
    const before = untrained(size, data);
    const { latent, width, batchSize, learningRate, beta1 } = recipeOf(size, 1);
    const records: Tensor = {
      ...{ dtype: 'float32', dims: [data.count, ...data.recordShape], data: data.values },
    };
    await torch.open({
      ...{ kind: 'dcgan', latent, width, batchSize, learningRate, beta1 },
      tensors: { ...before, records, z: firstLatent(size) },
    });
    expectSameStep(before, await oneStep(size, data), await torch.check(), (what, difference, most) =>
      expectSame({ note }, what, difference, most),
    );
  }
  const epochs: { ours: number[]; torch: number[] } = { ours: [], torch: [] };
  const steps = stepsPerEpoch(size);
  const turns = {
    ours: async () => epochs.ours.push(await secondsOfEpoch(size, data)),
    torch: async () => {
      if (!torch) return;
      // The first step finds caches that the other side has filled.
      await torch.round(1);
      epochs.torch.push((await torch.round(steps)) / 1000);
    },
  };
  for (let round = 0; round < rounds; round++) {
    for (const side of round % 2 === 0 ? (['ours', 'torch'] as const) : (['torch', 'ours'] as const))
      await turns[side]();
    const [own, theirs] = [epochs.ours.at(-1), epochs.torch.at(-1)];
    if (!quick)
      note(`  ours ${own?.toFixed(2)} s${theirs === undefined ? '' : `, PyTorch ${theirs.toFixed(2)} s`}`);
  }
  return epochs;
};

/** Sums over tens of thousands of positions, in another order. */
const VALUES = 1e-4;

/**
 * Adam's first step is its learning rate times the sign of the slope, nearly: where a slope is nothing but rounding the
 * two sides may go opposite ways. A tensor with a wrong slope differs by about 1.
 */
const MOVES = 0.2;

const expectSameStep = (
  before: Tensors,
  mine: Tensors,
  theirs: Tensors,
  expect: (what: string, difference: number, most: number) => void,
): void => {
  const isValue = (name: string) => /^loss\.|running/.test(name);
  const only = (tensors: Tensors, wanted: (name: string) => boolean): Tensors =>
    Object.fromEntries(Object.entries(tensors).filter(([name]) => wanted(name)));
  const moves = (after: Tensors): Tensors =>
    Object.fromEntries(
      Object.entries(only(after, (name) => !isValue(name))).map(([name, { dims, data }]) => {
        const from = before[name]?.data as Float32Array;
        const moved = Float32Array.from(data as Float32Array, (value, i) => value - (from[i] as number));
        return [name, { dtype: 'float32', dims, data: moved }];
      }),
    );
  expect('losses and statistics (relative)', relativeDifference(mine, only(theirs, isValue)), VALUES);
  expect("both networks' first moves (relative)", relativeDifference(moves(mine), moves(theirs)), MOVES);
};
