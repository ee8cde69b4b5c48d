/** The state of a training run as bytes: an ONNX file of tensors without nodes, progress in its metadata. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { OnnxGradError } from '../errors.ts';
import type { Tensor } from '../graph/tensor.ts';
import { decodeTensor, encodeTensor } from '../onnx/tensor-proto.ts';
import { ModelProtoSchema } from '../proto/onnx_pb.ts';

export interface Progress {
  /** Whole epochs done. */
  readonly epoch: number;
  /** Steps done in all. */
  readonly step: number;
  /** Steps done in the current epoch, and the sum of their losses weighted by records. */
  readonly stepInEpoch: number;
  readonly lossSum: number;
  readonly recordsSeen: number;
  readonly history: readonly EpochRecord[];
  readonly best: { readonly loss: number; readonly epoch: number } | null;
}

export interface EpochRecord {
  readonly epoch: number;
  /** Mean training loss over the epoch, as the records were met. */
  readonly loss: number;
  readonly learningRate: number;
  readonly validationLoss?: number;
}

export interface Checkpoint {
  readonly progress: Progress;
  readonly state: ReadonlyMap<string, Tensor>;
  /** What must be equal for a resumed run to be the same run. */
  readonly fingerprint: string;
}

const key = 'onnx-grad.checkpoint';

export const encodeCheckpoint = ({ progress, state, fingerprint }: Checkpoint): Uint8Array =>
  toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 10n,
      producerName: 'onnx-grad',
      metadataProps: [{ key, value: JSON.stringify({ version: 1, fingerprint, progress }) }],
      graph: {
        name: 'checkpoint',
        initializer: [...state].map(([name, tensor]) => encodeTensor(tensor, name)),
      },
    }),
  );

/** @throws OG_CHECKPOINT when the bytes are no complete checkpoint */
export const decodeCheckpoint = (bytes: Uint8Array): Checkpoint => {
  try {
    const model = fromBinary(ModelProtoSchema, bytes);
    const stored = model.metadataProps.find((entry) => entry.key === key);
    if (!stored || !model.graph) throw new Error('it has no training progress in it');
    const { fingerprint, progress } = JSON.parse(stored.value) as { fingerprint: string; progress: Progress };
    const state = new Map(
      model.graph.initializer.map((t) => [t.name, decodeTensor(t, `tensor '${t.name}'`)]),
    );
    return { progress, state, fingerprint };
  } catch (cause) {
    throw new OnnxGradError(
      'OG_CHECKPOINT',
      `this is no complete checkpoint (${bytes.length} bytes: ${(cause as Error).message})`,
      'Start the training again without it.',
      { cause },
    );
  }
};
