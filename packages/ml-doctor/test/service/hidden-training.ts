/**
 * What a machine-learning service does behind its door: it chooses the architecture by what it is given, holds some of
 * the records back, stops when those get no better, and tells nobody.
 */
import {
  adam,
  type BatchSource,
  fit,
  float32,
  Graph,
  int64,
  losses,
  nn,
  ops,
  predict,
  stream,
} from 'onnx-grad';

export interface SentRecords {
  /** Each flattened. */
  readonly records: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly classes: number;
}

export interface HiddenModel {
  /** One row of posteriors per record. */
  answer(records: readonly (readonly number[])[]): Promise<number[][]>;
  /** What only the service knows. */
  readonly heldBack: readonly number[];
  readonly epochs: number;
}

const MOST_EPOCHS = 200;
const HELD_BACK = 0.2;

export const trainHidden = async (
  { records, labels, classes }: SentRecords,
  seed: number,
): Promise<HiddenModel> => {
  const width = records[0]?.length ?? 0;
  const order = stream(seed, 'held back').permutation(records.length);
  const cut = Math.floor(records.length * HELD_BACK);
  const [heldBack, used] = [order.slice(0, cut), order.slice(cut)];
  const source = (places: Uint32Array): BatchSource => ({
    size: places.length,
    batch: (indices) => {
      const chosen = [...indices].map((i) => places[i]!);
      return {
        inputs: {
          x: float32(
            [chosen.length, width],
            chosen.flatMap((i) => records[i]!),
          ),
        },
        target: int64(
          [chosen.length],
          chosen.map((i) => labels[i]!),
        ),
      };
    },
  });
  const { model, history } = await fit({
    model: architecture(width, classes, seed),
    loss: losses.crossEntropy(),
    optimizer: adam({ learningRate: 0.02 }),
    data: source(used),
    validation: source(heldBack),
    earlyStopping: { patience: 3 },
    epochs: MOST_EPOCHS,
    batchSize: 16,
    seed,
    session: { threads: 1 },
  });
  return {
    heldBack: [...heldBack],
    epochs: history.length,
    answer: async (asked) => {
      const values = float32([asked.length, width], asked.flat());
      const rows = await predict(
        model,
        {
          size: asked.length,
          batch: () => ({
            inputs: { x: values },
            target: int64(
              [asked.length],
              asked.map(() => 0),
            ),
          }),
        },
        { batchSize: asked.length, threads: 1 },
      );
      return asked.map((_, i) => softmax([...rows.data].slice(i * classes, (i + 1) * classes).map(Number)));
    },
  };
};

const architecture = (width: number, classes: number, seed: number): Graph => {
  const graph = new Graph('hidden');
  const x = graph.input('x', 'float32', ['N', width]);
  const inner = ops.Tanh(nn.dense(x, { name: 'inner', seed, units: 4 * width }));
  graph.output('logits', nn.dense(inner, { name: 'outer', seed, units: classes }));
  return graph;
};

const softmax = (row: readonly number[]): number[] => {
  const top = Math.max(...row);
  const weights = row.map((z) => Math.exp(z - top));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
};
