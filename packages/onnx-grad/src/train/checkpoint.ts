/** The state of a training run as bytes: an ONNX file of tensors without nodes, progress in its metadata. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { OnnxGradError } from '../errors.ts';
import type { Tensor } from '../graph/tensor.ts';
import { decodeTensor, encodeTensor } from '../onnx/tensor-proto.ts';
import { ModelProtoSchema } from '../proto/onnx_pb.ts';

export interface Progress {
  /** All that the run was to do, as the rates of some schedules depend on it; left out by files from before. */
  readonly epochs?: number;
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

export interface Checkpoint<P = Progress> {
  /** JSON; numbers that are not finite are kept. */
  readonly progress: P;
  readonly state: ReadonlyMap<string, Tensor>;
  /** What must be equal for a resumed run to be the same run. */
  readonly fingerprint: string;
}

const key = 'onnx-grad.checkpoint';
const version = 1;

/** JSON has no numbers that are not finite; a validation loss may be one. */
const keepNumbers = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? { notFinite: String(value) } : value;
const restoreNumbers = (_: string, value: unknown): unknown => {
  const text = (value as { notFinite?: string } | null)?.notFinite;
  return text === undefined ? value : Number(text);
};

export const encodeCheckpoint = <P = Progress>({ progress, state, fingerprint }: Checkpoint<P>): Uint8Array =>
  toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 10n,
      producerName: 'onnx-grad',
      metadataProps: [{ key, value: JSON.stringify({ version, fingerprint, progress }, keepNumbers) }],
      graph: {
        name: 'checkpoint',
        initializer: [...state].map(([name, tensor]) => encodeTensor(tensor, name)),
      },
    }),
  );

/** @throws OG_CHECKPOINT when the bytes are no complete checkpoint, or one of another version */
export const decodeCheckpoint = <P = Progress>(bytes: Uint8Array): Checkpoint<P> => {
  try {
    const model = fromBinary(ModelProtoSchema, bytes);
    const stored = model.metadataProps.find((entry) => entry.key === key);
    if (!stored || !model.graph) throw new Error('it has no training progress in it');
    const { fingerprint, progress, ...rest } = JSON.parse(stored.value, restoreNumbers) as {
      version: number;
      fingerprint: string;
      progress: P;
    };
    if (rest.version !== version) throw new Error(`it is of version ${rest.version}, not ${version}`);
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
